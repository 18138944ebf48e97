from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class RetailLedgerCorrection(models.TransientModel):
    """An accountant says that a payment belongs to another order than it was tied to."""

    _name = "retail.ledger.correction"
    _description = "Correct the Order of a Payment"

    entry_id = fields.Many2one("retail.ledger.entry", required=True, readonly=True)
    company_id = fields.Many2one(related="entry_id.company_id")
    order_binding_id = fields.Many2one(
        "retail.order.binding",
        string="Order",
        domain="[('company_id', '=', company_id)]",
        help="None: the payment is put back to the unmatched ones.",
    )
    reason = fields.Char(required=True)

    def action_correct(self):
        """Let the payment, and what was booked of it, belong to the order."""
        self.ensure_one()
        accountant = self.env.user.has_group("retail_connector_base.group_accountant")
        if not (self.env.su or accountant):
            raise AccessError(self.env._("An accountant decides to whom money belongs."))
        self.entry_id.check_access("read")
        self.order_binding_id.check_access("read")
        entry = self.entry_id.sudo()
        company = self.order_binding_id.sudo().company_id
        if company and company != entry.company_id:
            raise UserError(self.env._("The order belongs to another company."))
        payment = entry.payment_id
        entries = payment.ledger_entry_ids or entry
        entries._correct_order(self.order_binding_id.sudo(), self.reason)
        if payment:
            payment.write({"order_binding_id": self.order_binding_id.id, "matched_by": "person"})
        return True
