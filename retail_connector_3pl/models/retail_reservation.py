from odoo import api, models

# What whoever holds the lane has not taken yet.
MORE_WAITS = """
    SELECT FROM retail_goods_task
     WHERE warehouse_id = %s AND state = 'waiting' AND next_attempt_at IS NULL
     LIMIT 1 FOR KEY SHARE SKIP LOCKED
"""
OWED = """
    SELECT DISTINCT warehouse_id FROM retail_goods_task
     WHERE state = 'waiting'
       AND (next_attempt_at IS NULL OR next_attempt_at <= now() AT TIME ZONE 'UTC')
"""
# A document that came before what waits to be reserved.
CAME_FIRST = """
    SELECT FROM retail_goods_task task
     WHERE task.warehouse_id = %(warehouse)s AND task.state = 'waiting'
       AND (task.next_attempt_at IS NULL OR task.next_attempt_at <= now() AT TIME ZONE 'UTC')
       AND NOT EXISTS (
           SELECT FROM retail_reservation_request request
            WHERE request.warehouse_id = %(warehouse)s
              AND request.create_date <= task.create_date
              AND (request.next_attempt_at IS NULL
                   OR request.next_attempt_at <= now() AT TIME ZONE 'UTC'))
     LIMIT 1
"""


class RetailReservation(models.AbstractModel):
    """A warehouse's lane also moves the goods that a third party told of, in order of arrival.

    What was to be reserved before these goods were told of is reserved first. Other addons extend
    the lane in the same way: each takes its own work, or hands on.
    """

    _inherit = "retail.reservation"

    def _try_chunk(self, warehouse_id):
        """Override: also carry goods tasks out."""
        tasks = self.env["retail.goods.task"]
        if self._goods_came_first(warehouse_id):
            return tasks._run_some(warehouse_id)
        return super()._try_chunk(warehouse_id) or tasks._run_some(warehouse_id)

    def _goods_came_first(self, warehouse_id):
        self.env.flush_all()
        self.env.cr.execute(CAME_FIRST, {"warehouse": warehouse_id})
        return bool(self.env.cr.rowcount)

    def _more_waits(self, cr, warehouse_id):
        """Override."""
        cr.execute(MORE_WAITS, [warehouse_id])
        return bool(cr.rowcount) or super()._more_waits(cr, warehouse_id)

    @api.model
    def _sweep(self):
        """Override: also wake the lanes that owe goods."""
        self.env.cr.execute(OWED)
        for (warehouse_id,) in self.env.cr.fetchall():
            self._wake_after_commit(warehouse_id)
        return super()._sweep()
