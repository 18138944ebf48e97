from decimal import Decimal

from odoo import models

from ..decisions.invoicing import still_to_invoice


class SaleOrderLine(models.Model):
    """How much of a line the lane of invoices takes."""

    _inherit = "sale.order.line"

    def _prepare_invoice_line(self, **optional_values):
        """Override: what was credited is not invoiced again by the lane."""
        values = super()._prepare_invoice_line(**optional_values)
        ours = self.env.context.get("retail_invoicing") and not self.is_downpayment
        if ours and values.get("display_type") == "product":
            values["quantity"] = self._retail_to_invoice()
        return values

    def _retail_to_invoice(self):
        """Return what is to be invoiced, without what was invoiced and credited before.

        Odoo subtracts credit notes from what was invoiced, and would invoice it anew.
        """
        self.ensure_one()
        if not self._retail_alive("out_refund"):
            return self.qty_to_invoice
        found = (self.qty_to_invoice, self._retail_due(), self._retail_ever_invoiced())
        return float(still_to_invoice(*map(_exact, found)))

    def _retail_is_invoiced(self):
        """Tell whether all that was ordered was invoiced once."""
        self.ensure_one()
        return _exact(self._retail_ever_invoiced()) >= _exact(self.product_uom_qty)

    def _retail_ever_invoiced(self):
        """Return what was invoiced, whatever was credited of it, in the line's unit."""
        return sum(map(self._retail_in_our_unit, self._retail_alive("out_invoice")))

    def _retail_alive(self, move_type):
        return self.invoice_lines.filtered(
            lambda line: line.parent_state != "cancel" and line.move_id.move_type == move_type
        )

    def _retail_due(self):
        """Return what was ordered or delivered, returns not counted."""
        if self.product_id.invoice_policy == "order":
            return self.product_uom_qty
        if self.qty_delivered_method != "stock_move":
            return self.qty_delivered
        _outgoing, incoming = self._get_outgoing_incoming_moves()
        returned = incoming.filtered(lambda move: move.state == "done")
        return self.qty_delivered + sum(
            move.product_uom._compute_quantity(move.quantity, self.product_uom_id)
            for move in returned
        )

    def _retail_in_our_unit(self, line):
        return line.product_uom_id._compute_quantity(line.quantity, self.product_uom_id)


def _exact(quantity):
    return Decimal(str(round(quantity, 6)))
