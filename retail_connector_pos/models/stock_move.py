from odoo import models

from odoo.addons.retail_connector_base.models.reservation_batch import BATCH, ReservationBatch

from .stock_swallowed import LATER, MOVING


class StockMove(models.Model):
    """Moves of a micro-batch reserve in one go what they then take."""

    _inherit = "stock.move"

    def _should_assign_at_confirm(self):
        """Override: not while a micro-batch is confirmed; it reserves in one go just after."""
        if self.env.context.get(LATER) and not self._should_bypass_reservation():
            return False
        return super()._should_assign_at_confirm()

    def _add_mls_related_to_order(self, related_order_lines, are_qties_done=True):
        """Override: reserve what the confirmation left; the decisions stay Odoo's own."""
        if self.env.context.get(MOVING) is not None and are_qties_done:
            self._reserve_together()
        return super()._add_mls_related_to_order(related_order_lines, are_qties_done)

    def _reserve_together(self):
        moves = self.with_context(**{LATER: False}).filtered(
            lambda move: (
                move.state in ("confirmed", "partially_available")
                and not move._should_bypass_reservation()
                and move._should_assign_at_confirm()
            )
        )
        if not moves:
            return
        batch = ReservationBatch(moves)
        moves.with_context(**{BATCH: batch})._action_assign()
        batch.apply()
