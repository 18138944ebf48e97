from odoo import models

from ..canonical.event import RefundIssued


class AccountMove(models.Model):
    """Credit notes that subscribers hear of."""

    _inherit = "account.move"

    def _post(self, soft=True):
        """Override: tell subscribers of money that is given back."""
        posted = super()._post(soft)
        refunds = posted.filtered(lambda move: move.move_type == "out_refund")
        self.env["retail.event"]._note(RefundIssued.type, refunds)
        return posted
