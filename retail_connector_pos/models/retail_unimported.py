from odoo import api, models

from odoo.addons.retail_connector_base.canonical import LineKind
from odoo.addons.retail_connector_base.decisions.unimported import newest
from odoo.addons.retail_connector_base.models.retail_unimported import (
    DEAD,
    MOVING,
    QUEUED,
    READ_AT_MOST,
)

from ..decisions.stock_batch import gone

KIND = "pos_ticket"
# Asked first, so that it costs nothing where nothing waits. Each part has an index of its own.
WAITS = """
    SELECT backend.id FROM retail_backend backend
     WHERE EXISTS (SELECT FROM retail_pos_store store WHERE store.backend_id = backend.id)
       AND (EXISTS (
           SELECT FROM retail_inbox_message message
            WHERE message.backend_id = backend.id AND message.kind = %(kind)s
              AND message.state = ANY(%(queued)s))
        OR EXISTS (
           SELECT FROM retail_inbox_message message
            WHERE message.backend_id = backend.id AND message.kind = %(kind)s
              AND message.state = ANY(%(dead)s)))
"""
FLOOD = """
    SELECT FROM retail_inbox_message message
      JOIN retail_backend backend ON backend.id = message.backend_id
     WHERE backend.id = ANY(%s) AND backend.company_id = %s AND message.kind = %s
       AND message.state = ANY(%s)
     LIMIT %s
"""


class RetailUnimported(models.AbstractModel):
    """What stores sold and Odoo has not imported: it has left the store's stock, nobody else's."""

    _inherit = "retail.unimported"

    @api.model
    def _is_drained(self, backend):
        """Override: while more tickets are on their way than are read, nothing may rise."""
        return super()._is_drained(backend) and not self._is_flooded(backend.company_id)

    def _is_flooded(self, company):
        waiting = self._backends_with_tickets()
        if not waiting:
            return False
        self.env.cr.execute(FLOOD, [waiting.ids, company.id, KIND, list(MOVING), READ_AT_MOST + 1])
        return self.env.cr.rowcount > READ_AT_MOST

    @api.model
    def _gone_from_stores(self):
        """Return (location id, product id, units) of what tickets in the inbox sold.

        Of stores without a warehouse it is not known from where it left: those tickets are shown
        as exceptions, as what nobody can read is.
        """
        waiting = self._backends_with_tickets()
        if not waiting:
            return []
        messages = self._readable(waiting, KIND)
        return [
            row
            for backend, found in messages.grouped("backend_id").items()
            for row in self._gone_of_backend(backend, found)
        ]

    def _backends_with_tickets(self):
        """Return the backends of stores with tickets that are not at rest."""
        self.env["retail.inbox.message"].flush_model(["backend_id", "kind", "state"])
        self.env.cr.execute(WAITS, {"kind": KIND, "queued": list(QUEUED), "dead": list(DEAD)})
        backends = self.env["retail.backend"].sudo()
        return backends.browse(row[0] for row in self.env.cr.fetchall())

    def _gone_of_backend(self, backend, messages):
        tickets = newest(self._orders(backend, messages.sudo()))
        known = self.env["retail.pos.ticket"].sudo()._by_external_id(backend, tickets)
        new = [one for key, one in tickets.items() if key not in known and not one.voided]
        places = self._places_of(backend, new)
        sold = {id(one): self._sold(one) for one in new if places.get(id(one))}
        find = self._finder(backend, [line for lines in sold.values() for line in lines])
        rows = []
        for one in new:
            lines = [(find(line).id, float(line.quantity)) for line in sold.get(id(one), ())]
            units = gone([pair for pair in lines if pair[0]], self._parts(lines))
            rows += [(places[id(one)], product_id, each) for product_id, each in units.items()]
        return rows

    def _sold(self, ticket):
        return [
            line for line in ticket.lines if line.kind is LineKind.PRODUCT and line.quantity > 0
        ]

    def _finder(self, backend, lines):
        resolver = self.env["retail.product.resolver"].sudo()
        return resolver._finder(backend, lines, lambda line: line.variant_external_id)

    def _parts(self, lines):
        requests = self.env["retail.pos.stock.request"]
        return requests._parts({product_id for product_id, _quantity in lines if product_id})

    def _places_of(self, backend, tickets):
        """Return by ticket (its id in memory) the location that its goods left."""
        stores = self._bound("retail.pos.store", backend, [t.store_external_id for t in tickets])
        key = self.env["retail.pos.register"]._key
        keys = {id(t): key(t.store_external_id, t.register_external_id) for t in tickets}
        registers = self._bound("retail.pos.register", backend, keys.values())
        places = {}
        for ticket in tickets:
            register = registers.get(keys[id(ticket)])
            store = stores.get(ticket.store_external_id)
            config = register.odoo_id if register else self.env["pos.config"]
            warehouse = store.odoo_id if store else self.env["stock.warehouse"]
            place = config.picking_type_id.default_location_src_id or warehouse.lot_stock_id
            if place:
                places[id(ticket)] = place.id
        return places

    def _bound(self, model, backend, external_ids):
        found = self.env[model].sudo().with_context(active_test=False)
        return found._by_external_id(backend, list(external_ids))

    # Telling

    @api.model
    def _note_gone(self, messages):
        """Tell channels of what tickets sold that nobody will import by himself."""
        for backend, found in messages.grouped("backend_id").items():
            rows = self._gone_of_backend(backend, found)
            product_ids = sorted({product_id for _place, product_id, _units in rows})
            self.env["retail.change"]._note("stock_level", product_ids)
            self.env["retail.event.change"]._note(product_ids)
