from dataclasses import replace
from datetime import timedelta
from math import floor

from odoo import fields, models
from odoo.tools import SQL

from ..decisions.publication import decide_publication
from ..providers import StockChange, StockKey

# How long an increase waits before it is looked at again while the inbox is not drained.
HOLD_SECONDS = 3
# After this time without news, units in flight were a change by hand: Odoo's word counts again.
FLIGHT_MINUTES = 20

# The state rows that differ from what Odoo could sell. Rows without an acknowledged quantity, with
# sales in flight or imported since always get a closer look. Each table is read once, and products
# only of what differs: a large catalogue costs little more than its quants.
COMPARE = """
    WITH free AS MATERIALIZED (%(free)s),
    wanted AS MATERIALIZED (
        SELECT bound.id AS binding_id, bound.odoo_id AS product_id, place.id AS place_id,
               greatest(0, floor(coalesce(free.free, 0)
                   - CASE WHEN bound.has_stock_buffer THEN bound.stock_buffer
                          ELSE backend.stock_buffer END + 1e-6))::int AS quantity
          FROM retail_product_binding bound
          JOIN retail_backend backend ON backend.id = bound.backend_id
          JOIN retail_location_binding place ON place.backend_id = bound.backend_id
           AND place.odoo_id IS NOT NULL
          LEFT JOIN free ON free.product_id = bound.odoo_id AND free.group_id = place.id
         WHERE bound.backend_id = %(backend_id)s
           AND bound.inventory_item_external_id IS NOT NULL %(only)s),
    differing AS MATERIALIZED (
        SELECT wanted.*, state.id AS state_id
          FROM wanted
          LEFT JOIN retail_stock_state state ON state.binding_id = wanted.binding_id
           AND state.location_binding_id = wanted.place_id
         WHERE state.id IS NULL
            OR (state.desired IS DISTINCT FROM wanted.quantity OR NOT state.is_known
                OR state.acknowledged <> wanted.quantity
                OR state.owed <> 0 OR state.imported <> 0)
           AND NOT (state.verdict IN ('refused', 'missing') AND state.desired = wanted.quantity)),
    marked AS MATERIALIZED (
        SELECT * FROM differing
         WHERE (SELECT template.is_storable FROM product_product product
                  JOIN product_template template ON template.id = product.product_tmpl_id
                 WHERE product.id = differing.product_id)),
    known AS (
        UPDATE retail_stock_state state
           SET desired = marked.quantity, checked_at = %(now)s, pending = true,
               held_until = NULL, verdict = 'pending'
          FROM marked
         WHERE state.id = marked.state_id)
    INSERT INTO retail_stock_state
           (backend_id, company_id, binding_id, location_binding_id, desired, pending, verdict,
            acknowledged, is_known, owed, imported, attempts, checked_at,
            create_uid, write_uid, create_date, write_date)
    SELECT %(backend_id)s, %(company_id)s, marked.binding_id, marked.place_id, marked.quantity,
           true, 'pending', 0, false, 0, 0, 0, %(now)s, %(uid)s, %(uid)s, %(now)s, %(now)s
      FROM marked
     WHERE marked.state_id IS NULL
"""
# What may fall. Kits are among it: their own desired quantity is none before they are decided.
FALLING = """
    SELECT id FROM retail_stock_state
     WHERE backend_id = %s AND pending AND (held_until IS NULL OR held_until <= %s)
       AND is_known AND desired < acknowledged
     ORDER BY id LIMIT %s
"""


class RetailProjectionStock(models.AbstractModel):
    """Publishes availability by location.

    What the channel sold itself never looks like a difference: see ``decisions/publication.py``.
    """

    _name = "retail.projection.stock"
    _description = "Retail Connector: publishing stock"
    _inherit = ["retail.projection"]

    _flow_kind = "stock_level"
    _state_model = "retail.stock.state"

    def _batch_of(self, provider_class):
        return provider_class.stock_batch

    def _call(self, provider, changes, key):
        return provider.change_stock(changes, key)

    def _changes(self, rows):
        """Override: what was attempted, from the rows alone: the same each time it is sent."""
        return [
            StockChange(
                self._key_of(row),
                row.attempted,
                None if row.attempt_reads else row.attempt_expected,
            )
            for row in rows
        ]

    def _key_of(self, row):
        return StockKey(
            row.binding_id.inventory_item_external_id, row.location_binding_id.external_id
        )

    # Comparing

    def _compare(self, backend, product_ids):
        """Override: one statement for all products, whatever their number."""
        if product_ids is not None:
            product_ids = self._with_kits(product_ids)
        self._consume_sales(backend, product_ids)
        only = SQL("")
        if product_ids is not None:
            only = SQL("AND bound.odoo_id = ANY(%s)", product_ids)
        places = self._places(backend)
        if not places:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                COMPARE,
                free=self.env["retail.availability"]._free_sql(places.ids, product_ids),
                only=only,
                backend_id=backend.id,
                company_id=backend.company_id.id,
                uid=self.env.uid,
                now=fields.Datetime.now(),
            )
        )
        self.env[self._state_model].invalidate_model()
        self._look_at_kits(backend, product_ids)

    def _places(self, backend):
        places = self.env["retail.location.binding"]
        return places.search([("backend_id", "=", backend.id), ("odoo_id", "!=", False)])

    def _with_kits(self, product_ids):
        """Add the kits whose components changed."""
        if "mrp.bom" not in self.env:
            return product_ids
        lines = self.env["mrp.bom.line"].sudo().search([("product_id", "in", product_ids)])
        boms = lines.bom_id.filtered(lambda bom: bom.type == "phantom")
        kits = (
            boms.product_id
            | boms.filtered(lambda bom: not bom.product_id).product_tmpl_id.product_variant_ids
        )
        more = set(kits.ids) - set(product_ids)
        return self._with_kits(sorted({*product_ids, *more})) if more else sorted(product_ids)

    def _look_at_kits(self, backend, product_ids):
        """Kits have no stock of their own: they are decided with the others, from components."""
        if "mrp.bom" not in self.env:
            return
        domain = [("backend_id", "=", backend.id), ("location_binding_id.odoo_id", "!=", False)]
        if product_ids is not None:
            domain.append(("binding_id.odoo_id", "in", product_ids))
        boms = self.env["mrp.bom"].sudo().search([("type", "=", "phantom")])
        templates = boms.product_tmpl_id.ids
        domain.append(("binding_id.odoo_id.product_tmpl_id", "in", templates))
        self.env[self._state_model].search(domain).write({"pending": True, "held_until": False})

    def _consume_sales(self, backend, product_ids):
        """Count imported sales in the snapshot that availability is computed in."""
        taken = self.env["retail.channel.sale"]._take(backend.id, product_ids)
        if not taken:
            return
        states = self.env[self._state_model].search(
            [
                ("backend_id", "=", backend.id),
                ("is_known", "=", True),
                ("binding_id.odoo_id", "in", [row[0] for row in taken]),
            ]
        )
        by_product = states.grouped(lambda state: state.binding_id.odoo_id.id)
        for product_id, warehouse_id, quantity in taken:
            found = by_product.get(product_id, states.browse())
            there = found.filtered(
                lambda state, wanted=warehouse_id: (
                    state.location_binding_id.odoo_id.warehouse_id.id == wanted
                )
            )
            for state in there or found:
                state.imported += round(quantity)

    # Deciding

    def _attempt(self, backend, rows):
        """Override: decide rows with what is known at this moment; hold back unsafe increases."""
        now = fields.Datetime.now()
        product_ids = rows.binding_id.odoo_id.ids
        self._consume_sales(backend, self._with_kits(product_ids))
        available = self._available(backend, rows)
        own, others = self.env["retail.unimported"]._of(backend, product_ids)
        drained = self.env["retail.unimported"]._is_drained(backend)
        wanted, held = rows.browse(), rows.browse()
        for row in rows:
            product_id = row.binding_id.odoo_id.id
            row.desired = available[row]
            self._give_up_flight(row, now, drained)
            sellable = max(0, available[row] - others.get(product_id, 0))
            count = replace(row._count_of(), available=sellable, unimported=own.get(product_id, 0))
            publication = decide_publication(count)
            if row.is_known and not publication.is_needed:
                row._settle(publication.quantity, publication.owed, now)
            elif publication.is_increase and not drained:
                held |= row
            else:
                row.write(
                    {
                        "attempted": publication.quantity,
                        "attempt_expected": publication.held or 0,
                        "attempt_reads": publication.held is None,
                        "attempt_owed": publication.owed,
                        "verdict": "pending",
                    }
                )
                wanted |= row
        held.held_until = now + timedelta(seconds=HOLD_SECONDS)
        return wanted

    def _due(self, backend, limit):
        """Override: while orders are on their way, only what may fall is looked at.

        A flood of orders must not make every pass look at a whole catalogue of increases.
        """
        if self.env["retail.unimported"]._is_drained(backend):
            return super()._due(backend, limit)
        states = self.env[self._state_model]
        states.flush_model()
        self.env.cr.execute(FALLING, [backend.id, fields.Datetime.now(), limit])
        found = states.browse(row[0] for row in self.env.cr.fetchall())
        if not found and states.search_count(
            [("backend_id", "=", backend.id), ("pending", "=", True)], limit=1
        ):
            soon = fields.Datetime.now() + timedelta(seconds=HOLD_SECONDS)
            self.env["retail.inbox.sweeper"]._sweep_at(soon)
        return found

    def _give_up_flight(self, row, now, drained):
        """Units in flight that never arrive were a change by hand: Odoo's word counts again."""
        limit = now - timedelta(minutes=FLIGHT_MINUTES)
        if row.owed and drained and row.owed_since and row.owed_since < limit:
            row.write({"owed": 0, "owed_since": False, "imported": 0})

    def _owing(self, flows, now):
        """Override: what has been in flight for too long is looked at again."""
        limit = now - timedelta(minutes=FLIGHT_MINUTES)
        late = [("backend_id", "in", flows.backend_id.ids), ("owed_since", "<", limit)]
        self.env[self._state_model].search([*late, ("pending", "=", False)]).pending = True
        return super()._owing(flows, now)

    def _available(self, backend, rows):
        """Return by row the whole units that Odoo could sell, less the buffer."""
        products = rows.binding_id.odoo_id
        kits = self.env["retail.availability"]._kits(products)
        needed = set(products.ids).union(*({c.id for c in needs} for needs in kits.values()))
        self.env.flush_all()
        self.env.cr.execute(
            self.env["retail.availability"]._free_sql(rows.location_binding_id.ids, list(needed))
        )
        free = {(place, product): float(units) for place, product, units in self.env.cr.fetchall()}
        return {row: self._units(row, free, kits.get(row.binding_id.odoo_id)) for row in rows}

    def _units(self, row, free, needs):
        place, product = row.location_binding_id.id, row.binding_id.odoo_id.id
        if needs:
            units = min(free.get((place, part.id), 0) / each for part, each in needs.items())
        else:
            units = free.get((place, product), 0)
        return max(0, floor(units - row.binding_id._buffer() + 1e-6))

    # Answers

    def _acknowledge(self, row, answer):
        """Override: the channel holds what we said; what was in flight then is remembered."""
        row._settle(row.attempted, row.attempt_owed, fields.Datetime.now(), told=True)

    def _stale(self, row, answer):
        """Override: the channel sold, or was changed by hand: decide again with what it holds."""
        if answer.actual is None:
            row.is_known = False
            row.pending = True
            return
        repeats = row.backend_id._provider_class().repeats_stock_answers
        if row.attempts > 1 and answer.actual == row.attempted and not repeats:
            # The attempt before had its effect, and its answer was lost.
            row._settle(row.attempted, row.attempt_owed, fields.Datetime.now(), told=True)
            return
        owed = row._count_of().in_flight(answer.actual) if row.is_known else 0
        row._settle(answer.actual, owed, fields.Datetime.now())
        row.write({"pending": True, "verdict": "pending"})
