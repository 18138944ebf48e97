from collections import Counter
from decimal import Decimal

from odoo import api, models

from odoo.addons.retail_connector_base.decisions.outcome import ImportResult, Outcome
from odoo.addons.retail_connector_base.decisions.problem import (
    ImportProblem,
    ItemFailures,
    Problem,
)
from odoo.addons.retail_connector_base.decisions.receipt import printable
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from ..decisions.invoice_check import Work
from ..decisions.invoice_tie import tie
from .retail_warehouse_invoice import UNDECIDED


class RetailImporterWarehouseInvoice(models.AbstractModel):
    """What warehouses charge: kept line by line, and compared with what they did.

    A corrected invoice replaces one that nobody has approved; of an approved one it is shown that
    it changed, and nothing else happens.
    """

    _name = "retail.importer.warehouse_invoice"
    _description = "Retail Importer: invoices of warehouses"
    _inherit = ["retail.importer"]

    _binding_model = "retail.warehouse.invoice"

    @api.model
    def _apply(self, backend, pairs):
        """Override: keep each invoice and check it."""
        currencies = self._currencies(pairs)
        failures = {
            item.message_id: ImportProblem(self._currency_problem(item.canonical))
            for item, _invoice in pairs
            if item.canonical.total.currency not in currencies
        }
        if failures:
            raise ItemFailures(failures)
        return {
            item.message_id: self._record(backend, item, invoice, currencies)
            for item, invoice in pairs
        }

    def _currencies(self, pairs):
        names = {item.canonical.total.currency for item, _invoice in pairs}
        found = self.env["res.currency"].with_context(active_test=False)
        return {one.name: one for one in found.search([("name", "in", list(names))])}

    def _record(self, backend, item, invoice, currencies):
        told = item.canonical
        if invoice and invoice.state not in UNDECIDED:
            invoice._report_changed(told)
            return ImportResult(
                Outcome.SUPERSEDED,
                self.env._("It was decided before; the difference is shown to a person."),
                (invoice._name, invoice.id),
            )
        values = self._values(backend, item, currencies[told.total.currency])
        if invoice:
            invoice.line_ids.unlink()
            invoice.write({**values, "state": "checked", "dispute": False})
        else:
            identity = {"backend_id": backend.id, "external_id": told.external_id}
            invoice = self.env["retail.warehouse.invoice"].create({**values, **identity})
        self.env["retail.warehouse.invoice.line"].create(list(self._lines(invoice, told)))
        invoice._check()
        return ImportResult(Outcome.DONE, "", (invoice._name, invoice.id))

    def _values(self, backend, item, currency):
        told, sums = item.canonical, tie(item.canonical)
        return {
            **self.env["retail.warehouse.invoice"]._state_values(item),
            "number": printable(told.number),
            "warehouse_id": self._warehouse(backend, told).id,
            "issued_on": told.issued_on,
            "period_start": told.period_start,
            "period_end": told.period_end,
            "currency_id": currency.id,
            "amount_total": float(told.total.amount),
            "amount_tax": float(told.total_tax.amount) if told.total_tax else 0.0,
            "amount_lines": float(sums.lines),
            "ties": sums.ties,
            "tie_note": self._tie_note(sums),
        }

    def _warehouse(self, backend, told):
        """Return the warehouse that is charged for; an account's only one where none is named."""
        houses = backend.sudo().warehouse_ids
        if told.location_external_id is None:
            return houses if len(houses) == 1 else houses.browse()
        return self.env["retail.warehouse"]._known_in(backend, told.location_external_id)

    def _tie_note(self, sums):
        if sums.ties:
            return False
        others = sums.currencies - {sums.currency}
        if others:
            return self.env._("It mixes currencies: %(names)s.", names=", ".join(sorted(others)))
        if not sums.payable:
            return self.env._("Its total is no payable amount of %(name)s.", name=sums.currency)
        return self.env._(
            "Its lines are %(lines)s, its total without tax is %(untaxed)s.",
            lines=sums.lines,
            untaxed=sums.untaxed,
        )

    def _lines(self, invoice, told):
        seen = Counter()
        for line in told.lines:
            seen[line.external_id] += 1
            again = f"~{seen[line.external_id]}" if seen[line.external_id] > 1 else ""
            price = line.unit_price.amount if line.unit_price else None
            yield {
                "invoice_id": invoice.id,
                "external_id": printable(line.external_id) + again,
                "service": line.service.value,
                "description": line.description and printable(line.description),
                "quantity": float(line.quantity),
                "unit_price": float(price or 0),
                "amount": float(line.amount.amount),
                "exact": {
                    "quantity": str(line.quantity),
                    "price": None if price is None else str(price),
                    "amount": str(line.amount.amount),
                },
                "order_reference": _clean(line.order_external_id),
                "shipment_reference": _clean(line.shipment_external_id),
                "tracking_number": _clean(line.tracking_number),
                "receipt_reference": _clean(line.receipt_external_id),
                "sku": _clean(line.sku),
                "charged_on": line.charged_on,
                "fingerprint": _clean(self._work(told, line, price).fingerprint()),
            }

    def _work(self, told, line, price):
        if price is None and line.quantity:
            price = (line.amount.amount / line.quantity).quantize(Decimal("0.000001"))
        return Work(
            service=line.service,
            price=price,
            order=line.order_external_id,
            shipment=line.shipment_external_id,
            tracking=line.tracking_number,
            receipt=line.receipt_external_id,
            sku=line.sku,
            day=line.charged_on,
            period=(told.period_start, told.period_end),
        )

    def _currency_problem(self, told):
        return Problem(
            error_class=ErrorClass.FINANCE,
            code="warehouse_invoice_currency",
            subject=told.total.currency,
            title=self.env._("Odoo has no currency %(name)s", name=told.total.currency),
            cause=self.env._("Create the currency, then retry."),
            fix="retry",
            amount=abs(told.total.amount),
            currency=told.total.currency,
        )


def _clean(text):
    return printable(text) if text else False
