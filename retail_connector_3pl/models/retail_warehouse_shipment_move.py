from decimal import Decimal

from odoo import fields, models

from odoo.addons.retail_connector_base.decisions.problem import ImportProblem

from ..decisions.shipment_change import Goods, change
from ..decisions.shipment_date import moved_at
from ..decisions.shipment_plan import Demand, Left, Meets, plan
from .retail_warehouse_shipment_wait import UNANSWERED


class RetailWarehouseShipment(models.Model):
    """Moves what a shipment tells of and what has not moved yet."""

    _inherit = "retail.warehouse.shipment"

    def _move_goods(self):
        """Move what left with this shipment, note its parcels, and move its release on.

        Called in the lane of its warehouse. What moved because of an earlier version, or was moved
        by hand, does not move again. Raises ``ImportProblem`` before anything has changed.
        """
        self.ensure_one()
        told, release = self._told(), self.release_id
        # What leaves here is no change that the warehouse must be asked for.
        changed, cancelled = release.changed, release._came_to_nothing()
        is_shipped = self.state == "shipped"
        drafts = self._read_goods(told) if is_shipped else []
        if is_shipped and not drafts and not told.final:
            raise ImportProblem(self._empty_problem())
        found, is_news = self._change(drafts), bool(self.move_binding_ids)
        if is_shipped:
            state = release.state
            if state in (*UNANSWERED, "on_hold"):
                release._take_state("accepted")
            leavings = self._leave(told, drafts, found.new, cancelled)
            self._note_parcels(told)
            self._tell_differences(leavings, state, cancelled)
            release._after_shipment(told.final)
            self._tell_short(told, cancelled)
            release.changed = changed
        if found.taken_back:
            self._tell_taken_back(found.taken_back)
        elif is_news:
            taken_back = f"shipment_taken_back|{self.external_id}"
            self.env["retail.exception"]._solved(self.backend_id, [taken_back])

    def _change(self, drafts):
        """Return what is to move still, and what moved and is not told any more."""
        told = [Goods(draft.key, draft.product.id, draft.quantity) for draft in drafts]
        moved = [
            Goods(binding.line_key, binding.product_id.id, Decimal(str(binding.quantity)))
            for binding in self.move_binding_ids.sorted("id")
        ]
        return change(told, moved)

    def _leave(self, told, drafts, new, cancelled):
        """Move new goods; return how they meet the release's demands."""
        by_key = {draft.key: draft for draft in drafts}
        self._use_up(by_key)
        new = [rest for goods in new if (rest := self._adopt(by_key[goods.key], goods)).quantity]
        leavings = self._plan(by_key, new, cancelled)
        if leavings:
            at = moved_at(self._shipped_at(told), fields.Datetime.now())
            self._pick(leavings, by_key, told, at)
        return leavings

    def _shipped_at(self, told):
        return told.shipped_at and self.shipped_at

    def _plan(self, by_key, new, cancelled):
        """Allot goods to what is still to be sent of the release."""
        lines = self.release_id.line_ids
        self.release_id._take_rest_back()
        demands = [
            Demand(line.id, line.product_id.id, self._exact(line._open_move().product_qty))
            for line in lines
        ]
        left = [
            Left(goods.key, goods.what, goods.quantity, by_key[goods.key].line.id or None)
            for goods in new
        ]
        if cancelled:
            left = [Left(goods.key, goods.what, goods.quantity) for goods in new]
        return plan(left, [] if cancelled else demands)

    def _exact(self, quantity):
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return Decimal(str(round(quantity or 0.0, digits)))

    # What somebody moved by hand

    def _adopt(self, draft, goods):
        """Bind goods to what somebody validated by hand; return what is left of them."""
        need = goods.quantity
        for move in self._moved_by_hand(draft):
            free = self._exact(self._unbound(move))
            taken = min(need, free)
            if taken > 0:
                line = (
                    draft.line
                    or self.release_id.line_ids.filtered(
                        lambda line, move=move: line.product_id == move.product_id
                    )[:1]
                )
                self._bind(draft.key, move, taken, line, Meets.ASKED)
                need -= taken
        return Goods(goods.key, goods.what, need)

    def _moved_by_hand(self, draft):
        """Return done moves of the release's deliveries that no shipment told of."""
        release = self.release_id
        pickings = release._deliveries()
        sale_lines = draft.line.move_id.sale_line_id
        return pickings.move_ids.filtered(
            lambda move: (
                move.state == "done"
                and move.product_id == draft.product
                and (not sale_lines or move.sale_line_id in sale_lines)
                and move.picking_id.date_done >= release.create_date.replace(microsecond=0)
            )
        )

    def _unbound(self, move):
        """Return the units of a done move that no shipment told of."""
        done = move.product_uom._compute_quantity(move.quantity, move.product_id.uom_id)
        return done - sum(move.retail_move_binding_ids.mapped("quantity"))

    # Binding

    def _bind(self, key, move, quantity, line, meets):
        """Tie a line of the shipment to the move that it became."""
        return self.env["retail.move.binding"].create(
            {
                "backend_id": self.backend_id.id,
                "external_id": self._free_id(key),
                "odoo_id": move.id,
                "shipment_id": self.id,
                "release_line_id": line.id if line else False,
                "line_key": key,
                "meets": meets.value,
                "quantity": float(quantity),
                "last_seen_at": self.last_seen_at,
                "correlation_id": self.correlation_id,
            }
        )

    def _free_id(self, key):
        """Return the binding's id of a line; of a further part of it, with a number."""
        base = f"{self.external_id}:{key}"
        used = set(self.move_binding_ids.mapped("external_id"))
        found, number = base, 1
        while found in used:
            number += 1
            found = f"{base}#{number}"
        return found
