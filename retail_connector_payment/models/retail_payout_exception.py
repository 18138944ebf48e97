from odoo import models

from .retail_payout_park import PARKED, STOPPED


class RetailException(models.Model):
    """Exceptions about payouts: they close by themselves once the payout is settled."""

    _inherit = "retail.exception"

    def _fix_labels(self):
        """Override: add the fixes of payouts."""
        return {
            **super()._fix_labels(),
            "map_balance_type": self.env._("Map the Type"),
            "open_gateway": self.env._("Open the Gateway"),
        }

    def _fix_map_balance_type(self):
        mapping = self.env["retail.mapping"].sudo()
        found = mapping._note_unmapped(self.backend_id, [self.fix_values])[0]
        return self.env["retail.mapping.wizard"]._open(found.sudo(False))

    def _fix_open_gateway(self):
        payout = self.env["retail.payout"].browse(self.res_id).exists()
        return self._open_form(payout.gateway_id or self.backend_id)

    def _retry(self, user):
        """Override: what a payout waits for is looked at again."""
        ours = self.filtered(lambda exception: exception.code in (PARKED, STOPPED))
        payouts = self.env["retail.payout"].browse(ours.mapped("res_id")).exists()
        payouts.sudo()._settle_again()
        return super(RetailException, self - ours)._retry(user)
