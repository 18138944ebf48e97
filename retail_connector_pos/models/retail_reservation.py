from odoo import api, models

# What whoever holds the lane has not taken yet.
MORE_WAITS = """
    SELECT FROM retail_pos_stock_request
     WHERE warehouse_id = %s AND next_attempt_at IS NULL LIMIT 1 FOR KEY SHARE SKIP LOCKED
"""
OWED = """
    SELECT DISTINCT warehouse_id FROM retail_pos_stock_request
     WHERE next_attempt_at IS NULL OR next_attempt_at <= now() AT TIME ZONE 'UTC'
"""


class RetailReservation(models.AbstractModel):
    """A warehouse's lane moves the goods of tickets, too, and before it reserves anything: they
    have left, whoever wants them."""

    _inherit = "retail.reservation"

    def _try_chunk(self, warehouse_id):
        """Override: goods that left come first, in order of arrival."""
        return self.env["retail.pos.stock"]._move_some(warehouse_id) or super()._try_chunk(
            warehouse_id
        )

    def _more_waits(self, cr, warehouse_id):
        """Override."""
        cr.execute(MORE_WAITS, [warehouse_id])
        return bool(cr.rowcount) or super()._more_waits(cr, warehouse_id)

    @api.model
    def _sweep(self):
        """Override: also wake the lanes that owe goods of tickets."""
        self.env.cr.execute(OWED)
        for (warehouse_id,) in self.env.cr.fetchall():
            self._wake_after_commit(warehouse_id)
        return super()._sweep()
