from odoo import api, fields, models


class RetailReservationRequest(models.Model):
    """A stock move that an import confirmed and whose stock the warehouse's lane reserves.

    Rows are deleted when that is done: the table holds what is owed, not a history.
    """

    _name = "retail.reservation.request"
    _description = "Retail Reservation Request"
    _order = "id"
    _rec_name = "move_id"

    move_id = fields.Many2one("stock.move", required=True, ondelete="cascade", readonly=True)
    warehouse_id = fields.Many2one(
        "stock.warehouse", required=True, ondelete="cascade", readonly=True, index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    backend_id = fields.Many2one("retail.backend", readonly=True, ondelete="cascade")
    attempts = fields.Integer(readonly=True)
    next_attempt_at = fields.Datetime(readonly=True)
    error = fields.Char(readonly=True, help="Why reserving failed the last time.")

    _move_unique = models.UniqueIndex("(move_id)", "A move is reserved once at a time.")

    @api.model
    def _request(self, moves):
        """Ask for the reservation of moves, in their order, and wake the lanes after the commit."""
        known = self.search([("move_id", "in", moves.ids)]).move_id
        backend_id = self.env.context.get("retail_backend_id")
        self.create(
            [
                {
                    "move_id": move.id,
                    "warehouse_id": move.picking_type_id.warehouse_id.id or move.warehouse_id.id,
                    "company_id": move.company_id.id,
                    "backend_id": backend_id,
                }
                for move in moves - known
            ]
        )
        for warehouse in moves.picking_type_id.warehouse_id | moves.warehouse_id:
            self.env["retail.reservation"]._wake_after_commit(warehouse.id)

    def _fulfil(self):
        """Forget requests whose moves were reserved. Plain SQL: unlink would log every id."""
        self.env.cr.execute("DELETE FROM retail_reservation_request WHERE id = ANY(%s)", [self.ids])
        self.invalidate_recordset()
