from odoo import api, models


class RetailException(models.Model):
    """Exceptions of business days: an accountant signs the difference, or tries to post again."""

    _inherit = "retail.exception"

    @api.model
    def _fix_labels(self):
        """Override: add what helps a day."""
        return {
            **super()._fix_labels(),
            "sign_day": self.env._("Sign the Difference"),
            "retry_day": self.env._("Post Again"),
        }

    def _day(self):
        return self.env["retail.pos.day"].browse(self.res_id).exists()

    def _fix_sign_day(self):
        return self._day().action_sign()

    def _fix_retry_day(self):
        return self._day().action_close_again()
