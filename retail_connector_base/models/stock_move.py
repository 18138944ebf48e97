from odoo import models

from .reservation_batch import BATCH

DEFER = "retail_defer_reservation"
# Context key: what is confirmed now is not to be reserved before somebody lets it go.
UNRESERVED = "retail_unreserved"
FIRST_CONFIRMATION = "retail_first_confirmation"

# What of a move decides about availability: reserving moves units from one count to another.
AVAILABILITY = frozenset(("state", "product_uom_qty", "location_id", "location_dest_id"))


class StockMove(models.Model):
    """Moves that an import confirms are reserved by their warehouse's lane, not by the import."""

    _inherit = "stock.move"

    def write(self, vals):
        """Override: what is confirmed, done or cancelled changes what channels may sell."""
        result = super().write(vals)
        if not AVAILABILITY.isdisjoint(vals):
            self.env["retail.change"]._note_stock(self._products_of_channels())
            self.env["retail.event.change"]._note_moves(self)
        return result

    def _products_of_channels(self):
        """Return the products whose availability may differ, at no cost where nobody wants it."""
        changes = self.env["retail.change"]
        if not changes._any_wants(changes._stock_kinds()):
            return ()
        return self.product_id.ids

    def _should_assign_at_confirm(self):
        """Override: leave reserving to the lane. What needs no reservation goes on as ever."""
        if self.env.context.get(DEFER) and not self._should_bypass_reservation():
            return False
        return super()._should_assign_at_confirm()

    def _update_reserved_quantity(self, need, location_id, *args, **kwargs):
        """Override: within a batch of the lane, only note what is taken."""
        batch = self.env.context.get(BATCH)
        if batch is not None and batch.covers(self) and not any((*args, *kwargs.values())):
            return batch.take(self, need, location_id)
        return super()._update_reserved_quantity(need, location_id, *args, **kwargs)

    def _action_confirm(self, merge=True, merge_into=False, create_proc=True):
        """Override: ask the lane for what was not reserved."""
        moves = super()._action_confirm(merge, merge_into, create_proc)
        if self.env.context.get(DEFER) and not self.env.context.get(UNRESERVED):
            moves._request_reservation()
        return moves

    def _request_reservation(self):
        undeferred = self.with_context(**{DEFER: False})
        wanted = undeferred.filtered(
            lambda move: (
                move.state in ("confirmed", "partially_available")
                and not move._should_bypass_reservation()
                and move._should_assign_at_confirm()
            )
        )
        if wanted:
            self.env["retail.reservation.request"]._request(wanted)

    def _search_picking_for_assignation(self):
        """Override: an order that is just being confirmed has no delivery yet: do not look for one.

        Looking costs as much as creating: it makes Odoo write and compute all deliveries so far.
        """
        if not self.env.context.get(FIRST_CONFIRMATION) or not self.reference_ids:
            return super()._search_picking_for_assignation()
        made = self.env.cr.cache.setdefault(FIRST_CONFIRMATION, set())
        key = tuple(tuple(part.ids) for part in self._key_assign_picking())
        if key in made:
            return super()._search_picking_for_assignation()
        made.add(key)
        return self.env["stock.picking"]

    def _trigger_scheduler(self):
        """Override: the lane lets reordering rules see the demand of imports."""
        if self.env.context.get(DEFER):
            return None
        return super()._trigger_scheduler()

    def _with_reordering_rule(self):
        """Return the moves whose product has an automatic reordering rule, in one query."""
        rules = self.env["stock.warehouse.orderpoint"].search(
            [("product_id", "in", self.product_id.ids), ("trigger", "=", "auto")]
        )
        return self.filtered(lambda move: move.product_id in rules.product_id)
