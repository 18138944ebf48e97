from odoo import api, models


class SaleOrderLine(models.Model):
    """What a channel's refund credited is not sold again.

    Odoo takes the units of a credit note off what is invoiced, so that an order whose goods the
    customer keeps, or has not sent back yet, would be invoiced once more.
    """

    _inherit = "sale.order.line"

    @api.depends("invoice_lines.move_id.retail_refund_binding_ids")
    def _compute_qty_to_invoice(self):
        """Override: without the units that were credited and did not come back."""
        result = super()._compute_qty_to_invoice()
        for line in self:
            if line.qty_to_invoice > 0 and (kept := line._credited_and_kept()):
                line.qty_to_invoice = max(line.qty_to_invoice - kept, 0.0)
        return result

    def _compute_invoice_status(self):
        """Override: what was invoiced stays invoiced where the channel had it credited."""
        result = super()._compute_invoice_status()
        for line in self.filtered(lambda one: one.invoice_status == "no"):
            kept = line._credited_and_kept()
            if kept and line.qty_invoiced + kept >= line.product_uom_qty:
                line.invoice_status = "invoiced"
        return result

    def _credited_and_kept(self):
        """Return the units that channels' refunds credited, less those that came back."""
        notes = self.invoice_lines.filtered(
            lambda line: (
                line.move_type == "out_refund"
                and line.parent_state != "cancel"
                and line.move_id.sudo().retail_refund_binding_ids
            )
        )
        credited = sum(notes.mapped("quantity"))
        if not credited or self.product_id.invoice_policy == "order":
            return credited
        _out, back = self._get_outgoing_incoming_moves()
        done = back.filtered(lambda move: move.state == "done")
        return max(credited - sum(done.mapped("quantity")), 0.0)
