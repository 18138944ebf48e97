from odoo import models
from odoo.tools import float_compare


class StockMove(models.Model):
    """Moves that make a delivery ready, or change one that is released."""

    _inherit = "stock.move"

    def write(self, vals):
        """Override: wake the release of what is ready; compare what changed after its release."""
        result = super().write(vals)
        if not {"state", "product_uom_qty", "picking_id"}.isdisjoint(vals):
            self._note_for_release()
        return result

    def _note_for_release(self):
        warehouses = self.env["retail.warehouse"]
        run = warehouses._stock_ids()
        moves = run and self.sudo().filtered(
            lambda move: (
                move.picking_id.picking_type_id.code == "outgoing"
                and move.picking_id.picking_type_id.warehouse_id.id in run
            )
        )
        if not moves:
            return
        self.env["retail.release"].sudo()._mark_changed(moves.picking_id)
        ready = moves.filtered(lambda move: move.state in ("assigned", "partially_available"))
        for warehouse in warehouses._of_stock(ready.picking_id.picking_type_id.warehouse_id):
            self.env["retail.releaser"]._wake_after_commit(warehouse.id)

    def _split_off_unreserved(self):
        """Return what of a move is not reserved: the move itself, or a new one."""
        self.ensure_one()
        unit = self.product_id.uom_id
        there = self.product_uom._compute_quantity(self.quantity, unit, rounding_method="HALF-UP")
        missing = self.product_qty - there
        if float_compare(missing, 0, precision_rounding=unit.rounding or 0.01) <= 0:
            return self.browse()
        if not there:
            return self
        made = self.create(self._split(missing))
        made._action_confirm(merge=False)
        return made
