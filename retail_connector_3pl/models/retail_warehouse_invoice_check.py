from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.retail_connector_base.canonical import Service

from ..decisions.invoice_check import Charge, State, check
from .retail_warehouse_invoice import UNDECIDED
from .retail_warehouse_invoice_line import REFERENCES

OPERATOR = "retail_connector_base.group_operator"


class RetailWarehouseInvoice(models.Model):
    """Comparing what is charged with the tariff and with what was done."""

    _inherit = "retail.warehouse.invoice"

    def action_check(self):
        """Compare again: with the tariff as it is now, and with what came to be known since."""
        self.check_access("read")
        if not self.env.user.has_group(OPERATOR):
            raise AccessError(self.env._("Only an operator checks invoices."))
        if self.filtered(lambda invoice: invoice.state not in UNDECIDED):
            raise UserError(self.env._("It was decided already."))
        self.sudo()._check()
        return True

    def _check(self):
        """Compare each charge, and show to a person what differs."""
        for invoice in self:
            invoice = invoice.with_company(invoice.company_id)
            invoice._check_lines()
            invoice.checked_at = fields.Datetime.now()
            invoice._report_check()

    def _check_lines(self):
        facts_of, rates = self._facts_finder(), self._rates()
        repeated = self._repeated()
        for line in self.line_ids.sorted("id"):
            facts, links = facts_of(line)
            found = check(line._charge(), rates, facts, line in repeated)
            line.write(
                {
                    "state": found.state.value,
                    "expected_quantity": float(found.expected_quantity or 0),
                    "expected_price": float(found.expected_price or 0),
                    "expected_amount": float(found.expected_amount),
                    "release_id": links.get("release_id"),
                    "receipt_id": links.get("receipt_id"),
                }
            )

    def _rates(self):
        houses = self.warehouse_id or self.backend_id.sudo().warehouse_ids
        return houses.tariff_ids._rates(self.currency_id)

    def _repeated(self):
        """Return the lines whose work was charged before: in this invoice or an earlier one."""
        lines = self.line_ids.sorted("id")
        prints = set(lines.mapped("fingerprint")) - {False}
        earlier = lines.search(
            [
                ("backend_id", "=", self.backend_id.id),
                ("fingerprint", "in", list(prints)),
                ("invoice_id", "<", self.id),
                ("invoice_id.state", "!=", "rejected"),
                ("state", "!=", State.TWICE.value),
            ]
        )
        seen, found = set(earlier.mapped("fingerprint")), lines.browse()
        for line in lines.filtered("fingerprint"):
            if line.fingerprint in seen:
                found |= line
            seen.add(line.fingerprint)
        return found


class RetailWarehouseInvoiceLine(models.Model):
    """A charge as the check reads it."""

    _inherit = "retail.warehouse.invoice.line"

    def _charge(self):
        exact, invoice = self.exact, self.invoice_id
        return Charge(
            service=Service(self.service),
            quantity=Decimal(exact["quantity"]),
            amount=Decimal(exact["amount"]),
            currency=self.currency_id.name,
            unit_price=Decimal(exact["price"]) if exact["price"] else None,
            day=self.charged_on or invoice.period_end or invoice.issued_on or None,
            names_something=any(self[name] for name in REFERENCES),
        )

    def _reference(self):
        """Return what the charge is for, in words."""
        names = [self[name] for name in (*REFERENCES, "sku") if self[name]]
        return " ".join(names) or self.description or self.external_id
