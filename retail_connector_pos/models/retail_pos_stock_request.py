from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models

from ..decisions.stock_batch import gone

# Orders that were not asked for before, with where their goods leave from: Odoo's own rule.
REQUEST = """
    WITH asked AS (
        SELECT ticket.id AS ticket_id, ticket.backend_id, store.odoo_id AS store_warehouse_id,
               coalesce(ticket.reversal_id, ticket.odoo_id) AS order_id
          FROM retail_pos_ticket ticket
          JOIN retail_pos_store store ON store.id = ticket.store_id
         WHERE ticket.id = ANY(%(tickets)s)),
    fresh AS (
        UPDATE pos_order SET retail_stock_apart = true
          FROM asked
         WHERE pos_order.id = asked.order_id AND pos_order.retail_stock_apart IS NOT TRUE
           AND EXISTS (
               SELECT FROM pos_order_line line
                 JOIN product_product product ON product.id = line.product_id
                 JOIN product_template template ON template.id = product.product_tmpl_id
                WHERE line.order_id = pos_order.id AND template.type = 'consu' AND line.qty <> 0)
     RETURNING pos_order.id, pos_order.session_id, asked.*)
    INSERT INTO retail_pos_stock_request
           (order_id, ticket_id, backend_id, company_id, warehouse_id, location_id, attempts,
            create_uid, write_uid, create_date, write_date)
    SELECT fresh.order_id, fresh.ticket_id, fresh.backend_id, config.company_id,
           coalesce(type.warehouse_id, fresh.store_warehouse_id), type.default_location_src_id, 0,
           %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
      FROM fresh
      JOIN pos_session session ON session.id = fresh.session_id
      JOIN pos_config config ON config.id = session.config_id
      JOIN stock_picking_type type ON type.id = config.picking_type_id
     ORDER BY fresh.ticket_id
 RETURNING id
"""
SOLD = """
    SELECT request.id, line.product_id, line.qty
      FROM retail_pos_stock_request request
      JOIN pos_order_line line ON line.order_id = request.order_id
      JOIN product_product product ON product.id = line.product_id
      JOIN product_template template ON template.id = product.product_tmpl_id
       AND template.type = 'consu'
     WHERE request.id = ANY(%s) ORDER BY line.id
"""


class RetailPosStockRequest(models.Model):
    """An order of a ticket whose goods Odoo's stock still has, and that its warehouse's lane moves.

    Rows are deleted when that is done: the table holds what is owed, not a history. What has
    failed is tried again later, and shown to a person.
    """

    _name = "retail.pos.stock.request"
    _description = "Retail Connector: goods of tickets that have not moved"
    _order = "id"
    _rec_name = "order_id"

    order_id = fields.Many2one("pos.order", required=True, readonly=True, ondelete="cascade")
    ticket_id = fields.Many2one(
        "retail.pos.ticket", required=True, readonly=True, ondelete="cascade", index=True
    )
    backend_id = fields.Many2one(
        "retail.backend", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    warehouse_id = fields.Many2one(
        "stock.warehouse", required=True, readonly=True, ondelete="cascade"
    )
    location_id = fields.Many2one("stock.location", readonly=True, ondelete="cascade")
    goods_ids = fields.One2many("retail.pos.stock.goods", "request_id", readonly=True)
    attempts = fields.Integer(readonly=True)
    next_attempt_at = fields.Datetime(readonly=True, help="Empty: now.")
    error = fields.Char(readonly=True, help="Why its goods did not move the last time.")

    _order_unique = models.UniqueIndex("(order_id)", "The goods of an order move once.")
    _claim_index = models.Index("(warehouse_id, id)")

    @api.model
    def _request(self, tickets):
        """Ask for the goods of tickets that were not asked for before; return the requests.

        Of a ticket that was taken back, it is the order that takes it back.
        """
        self.env.flush_all()
        self.env.cr.execute(REQUEST, {"tickets": tickets.ids, "uid": self.env.uid})
        requests = self.browse(sorted(row[0] for row in self.env.cr.fetchall()))
        requests.order_id.invalidate_recordset(["retail_stock_apart"])
        self.env["retail.pos.stock.goods"]._write_gone(requests._gone())
        return requests

    def _gone(self):
        """Return (request id, location id, product id, units) of what left with these tickets."""
        self.env.cr.execute(SOLD, [self.ids])
        sold = defaultdict(list)
        for request_id, product_id, quantity in self.env.cr.fetchall():
            sold[request_id].append((product_id, float(quantity)))
        parts = self._parts({product_id for lines in sold.values() for product_id, _qty in lines})
        return [
            (request.id, request.location_id.id, product_id, units)
            for request in self
            if request.location_id
            for product_id, units in gone(sold[request.id], parts).items()
        ]

    def _parts(self, product_ids):
        """Return by kit the units of each part; kits exist where manufacturing is installed."""
        products = self.env["product.product"].browse(product_ids)
        kits = self.env["retail.availability"]._kits(products)
        return {
            kit.id: {part.id: units for part, units in needs.items()} for kit, needs in kits.items()
        }

    def _note_level(self):
        """Tell channels and subscribers that there is less of these goods."""
        product_ids = self.goods_ids.product_id.ids
        self.env["retail.change"]._note("stock_level", product_ids)
        self.env["retail.event.change"]._note(product_ids)

    def _fulfil(self):
        """Forget requests whose goods have moved. Plain SQL: unlink would log every id."""
        if not self:
            return
        tickets = self.ticket_id
        self.env["retail.pos.stock"]._solved(self.filtered("attempts"))
        self._forget()
        # What takes a ticket back may wait beside what the ticket itself sold.
        still = self.search([("ticket_id", "in", tickets.ids)]).ticket_id
        (tickets - still).write({"stock_state": "done"})

    def _give_up(self):
        """Leave these goods where they are: somebody decided that, and has put the stock right."""
        tickets = self.ticket_id
        self._note_level()
        self._forget()
        tickets.write({"stock_state": "none"})

    def _forget(self):
        self.flush_recordset()
        self.env.cr.execute("DELETE FROM retail_pos_stock_request WHERE id = ANY(%s)", [self.ids])
        self.env["retail.pos.stock.goods"].invalidate_model()
        self.invalidate_recordset()

    def _put_off(self, error):
        """Note why these goods did not move; try them again later, seldomer each time."""
        for request in self:
            attempts = request.attempts + 1
            request.write(
                {
                    "attempts": attempts,
                    "next_attempt_at": fields.Datetime.now()
                    + timedelta(minutes=min(60, 2**attempts)),
                    "error": error[:200],
                }
            )
        self.ticket_id.write({"stock_state": "failed"})

    def _try_now(self):
        """Try these again as soon as their lanes come to it."""
        self.write({"next_attempt_at": False})
        for warehouse in self.warehouse_id:
            self.env["retail.reservation"]._wake_after_commit(warehouse.id)
