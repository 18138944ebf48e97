from odoo import models


class RetailException(models.Model):
    """Exceptions of subscribers that do not answer."""

    _inherit = "retail.exception"

    def _fix_labels(self):
        """Override: a subscription that gave up is resumed."""
        return {**super()._fix_labels(), "resume_subscription": self.env._("Resume")}

    def _fix_resume_subscription(self):
        subscription = self.env["retail.subscription"].browse(self.res_id).exists()
        return subscription.action_resume()
