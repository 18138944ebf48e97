from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..decisions.invoice_tie import spread


class RetailWarehouseInvoice(models.Model):
    """The bill that an approved invoice becomes: one line a service, on its account."""

    _inherit = "retail.warehouse.invoice"

    def _make_bill(self):
        """Return the draft of a bill whose total is the invoice's. Raises ``UserError`` else."""
        partner = self._biller()
        amounts, accounts = self._amounts(), self._accounts()
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": partner.id,
                "company_id": self.company_id.id,
                "currency_id": self.currency_id.id,
                "ref": self.number,
                "invoice_date": self.issued_on,
                "invoice_origin": self.external_id,
                "invoice_line_ids": [
                    Command.create(self._bill_line(service, amounts[service], accounts[service]))
                    for service in sorted(amounts)
                ],
            }
        )
        self._check_bill(bill)
        return bill

    def _biller(self):
        houses = self.warehouse_id or self.backend_id.sudo().warehouse_ids
        partner = houses.biller_id
        if len(partner) != 1:
            raise UserError(
                self.env._("Choose who charges on the warehouse, on its page “Charges”.")
            )
        return partner

    def _amounts(self):
        """Return the amount of each service; they add up to the untaxed total, to the cent."""
        sums = {}
        for line in self.line_ids:
            amount = Decimal(line.exact["amount"])
            sums[line.service] = sums.get(line.service, Decimal()) + amount
        total = Decimal(str(round(self.amount_lines, self.currency_id.decimal_places)))
        return spread(sums, total, self.currency_id.name)

    def _accounts(self):
        services = set(self.line_ids.mapped("service"))
        found = self.env["retail.mapping"]._resolve(self.backend_id, "warehouse_service", services)
        missing = sorted(service for service in services if not found.get(service))
        if missing:
            raise UserError(
                self.env._(
                    "Choose the accounts of these services first, under Mappings: %(names)s.",
                    names=", ".join(missing),
                )
            )
        return found

    def _bill_line(self, service, amount, account):
        labels = dict(self.line_ids._fields["service"]._description_selection(self.env))
        count = len(self.line_ids.filtered(lambda line: line.service == service))
        values = {
            "name": self.env._(
                "%(service)s, %(count)s charges", service=labels[service], count=count
            ),
            "account_id": account.id,
            "quantity": 1.0,
            "price_unit": float(amount),
        }
        taxes = self.warehouse_id.bill_tax_ids
        if not self.amount_tax:
            values["tax_ids"] = [Command.clear()]
        elif taxes:
            values["tax_ids"] = [Command.set(taxes.ids)]
        return values

    def _check_bill(self, bill):
        """Refuse taxes that are not the invoice's. A cent a line that rounding makes is said."""
        difference = bill.amount_total - self.amount_total
        if self.currency_id.is_zero(difference):
            return
        rounding = self.currency_id.rounding * len(bill.invoice_line_ids)
        if self.amount_tax and abs(difference) <= rounding * 1.0001:
            bill.message_post(
                body=self.env._(
                    "The invoice says %(total)s: correct the tax before you post this.",
                    total=self.currency_id.format(self.amount_total),
                )
            )
            return
        raise UserError(
            self.env._(
                "The bill would be %(bill)s, the invoice is %(invoice)s (tax %(tax)s). Choose the "
                "taxes of its bills on the warehouse, then approve again.",
                bill=self.currency_id.format(bill.amount_total),
                invoice=self.currency_id.format(self.amount_total),
                tax=self.currency_id.format(self.amount_tax),
            )
        )
