from odoo import fields, models


class AccountMove(models.Model):
    """Credit notes of returns, and the invoices whose goods came back already."""

    _inherit = "account.move"

    retail_return_id = fields.Many2one(
        "retail.return", string="Return", readonly=True, index="btree_not_null",
        ondelete="set null", copy=False,
    )  # fmt: skip

    def _post(self, soft=True):
        """Override: a return goes on once its credit note is posted."""
        posted = super()._post(soft)
        returns = posted.filtered(lambda move: move.move_type == "out_refund").retail_return_id
        if returns:
            returns.sudo()._settle()
        return posted

    def button_cancel(self):
        """Override: what is not credited is due again, for a person."""
        result = super().button_cancel()
        self.sudo().retail_return_id._settle()
        return result
