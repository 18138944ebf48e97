from odoo import models
from odoo.exceptions import AccessError, UserError

from .retail_warehouse_invoice import UNDECIDED

ACCOUNTANT = "retail_connector_base.group_accountant"


class RetailWarehouseInvoice(models.Model):
    """What an accountant decides about an invoice: to pay it, to dispute it, to refuse it."""

    _inherit = "retail.warehouse.invoice"

    def action_approve(self):
        """Make the bill, a draft; return the action that opens it."""
        self.ensure_one()
        self._check_may_decide()
        if not self.ties:
            raise UserError(self.env._("It does not add up: %(note)s", note=self.tie_note or ""))
        invoice = self.sudo().with_company(self.company_id)
        invoice.move_id = invoice._make_bill()
        invoice.write({"state": "approved", "decided_by_id": self.env.uid})
        invoice._solve_all()
        self.env["retail.audit"]._log(
            "warehouse_invoice.approved",
            self,
            detail={"too much": self.amount_difference, "differ": self.different_count},
        )
        return self.action_open_bill()

    def action_dispute(self):
        """Write down what to tell the warehouse about the charges that differ."""
        self.ensure_one()
        self._check_may_decide()
        lines = self.line_ids.filtered(lambda line: line.state != "match")
        if not lines and self.ties:
            raise UserError(self.env._("Nothing differs: there is nothing to dispute."))
        text = self._dispute_text(lines)
        self.sudo().write({"state": "disputed", "dispute": text, "decided_by_id": self.env.uid})
        self.env["retail.audit"]._log("warehouse_invoice.disputed", self)
        return True

    def action_reject(self):
        """Refuse the invoice as a whole: it will not be paid, and its work may be charged anew."""
        self.ensure_one()
        self._check_may_decide()
        self.sudo().write({"state": "rejected", "decided_by_id": self.env.uid})
        self.sudo()._solve_all()
        self.env["retail.audit"]._log("warehouse_invoice.rejected", self)
        return True

    def _check_may_decide(self):
        self.check_access("read")
        if not self.env.user.has_group(ACCOUNTANT):
            raise AccessError(self.env._("Only an accountant decides about invoices."))
        if self.state not in UNDECIDED:
            raise UserError(self.env._("It was decided already."))

    def _dispute_text(self, lines):
        states = dict(lines._fields["state"]._description_selection(self.env))
        head = [
            self.env._("We dispute invoice %(number)s.", number=self.number),
            *([self.tie_note] if self.tie_note else []),
        ]
        rows = [
            self.env._(
                "%(line)s, %(reference)s: %(state)s. Charged %(charged)s, we expect %(expected)s.",
                line=line.external_id,
                reference=line._reference(),
                state=states[line.state],
                charged=self.currency_id.format(line.amount),
                expected=self.currency_id.format(line.expected_amount),
            )
            for line in lines
        ]
        foot = self.env._(
            "In all: %(amount)s too much. Please send a corrected invoice.",
            amount=self.currency_id.format(self.amount_difference),
        )
        return "\n".join([*head, *rows, foot])
