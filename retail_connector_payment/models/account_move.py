from odoo import fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """Journal entries of gateways, and invoices that are tied to what was paid."""

    _inherit = "account.move"

    retail_ledger_entry_id = fields.Many2one(
        "retail.ledger.entry",
        string="Gateway's Entry",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="What happened at the gateway: the entry itself, or a transfer of it.",
    )

    def _post(self, soft=True):
        """Override: an order's invoice is reconciled with what the customer paid at the gateway.

        One query for all invoices; none for other entries.
        """
        posted = super()._post(soft)
        invoices = posted.filtered(lambda move: move.move_type in ("out_invoice", "out_refund"))
        if invoices:
            self.env["retail.invoicing"]._tie_invoices(invoices)
        return posted

    def button_draft(self):
        """Override: what a gateway's ledger names is not edited, it is corrected by reversal."""
        if self.filtered("retail_ledger_entry_id"):
            raise UserError(
                self.env._(
                    "This entry shows what happened at a gateway: correct the order of the "
                    "gateway's entry, or write an entry of your own beside it."
                )
            )
        return super().button_draft()

    def action_open_retail_ledger_entry(self):
        """Open what happened at the gateway."""
        return self._open_retail("retail_ledger_entry_id")

    def action_open_retail_payout(self):
        """Open the payout that this entry settles."""
        return self._open_retail("retail_payout_id")

    def _open_retail(self, field_name):
        self.ensure_one()
        self.env[self._fields[field_name].comodel_name].check_access("read")
        record = self[field_name]
        record.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
        }
