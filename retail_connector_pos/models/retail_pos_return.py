from odoo import api, models

from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass


class RetailPosReturn(models.AbstractModel):
    """Shows returns whose price or taxes are not those of the sale. They have happened: the ticket
    is imported as it is, and an accountant looks at it."""

    _name = "retail.pos.return"
    _description = "Retail Connector: returns that differ"

    @api.model
    def _tell_differences(self, backend, order):
        """Report the lines of an order that give back more money, or other taxes, than was sold."""
        lines = order.lines.filtered("refunded_orderline_id")
        differing = [(line, self._excess(line)) for line in lines if self._differs(line)]
        if differing:
            problem = self._problem(order, differing)
            self.env["retail.exception"]._report(backend, problem, record=order)

    def _differs(self, line):
        sold = line.refunded_orderline_id
        return self._excess(line) > 0 or line.tax_ids != sold.tax_ids

    def _excess(self, line):
        """Return how much more is given back than was paid for these units."""
        sold, currency = line.refunded_orderline_id, line.order_id.currency_id
        paid = abs(sold.price_subtotal_incl) * abs(line.qty / sold.qty) if sold.qty else 0.0
        excess = currency.round(abs(line.price_subtotal_incl) - paid)
        # A unit of several that were sold together may have cost a minor unit more.
        return excess if excess > currency.rounding else 0.0

    def _problem(self, order, differing):
        return Problem(
            error_class=ErrorClass.FINANCE,
            code="return_differs",
            subject=order.uuid,
            title=self.env._(
                "%(order)s gives back otherwise than was sold", order=order.display_name
            ),
            cause=self.env._(
                "More money or other taxes went back than the original has. The ticket is "
                "imported as the register told it; compare both, and correct the books if needed."
            ),
            fix="open_record",
            amount=self._total(differing),
            currency=order.currency_id.name,
            comparison=tuple(
                (line.full_product_name or line.product_id.display_name,
                 self._words(line), self._words(line.refunded_orderline_id))
                for line, _excess in differing
            ),
        )  # fmt: skip

    def _total(self, differing):
        return sum(excess for _line, excess in differing)

    def _words(self, line):
        taxes = ", ".join(line.tax_ids.mapped("name")) or "–"
        each = line.order_id.currency_id.format(abs(line.price_subtotal_incl / line.qty))
        return f"{abs(line.qty):g} × {each} · {taxes}"
