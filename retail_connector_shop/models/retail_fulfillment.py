from odoo import api, models

from odoo.addons.retail_connector_base.canonical import (
    Fulfill,
    FulfillmentState,
    ShipmentLine,
)
from odoo.addons.retail_connector_base.decisions.fulfillment import (
    Delivered,
    left_to_tell,
)


class RetailFulfillment(models.AbstractModel):
    """Tells channels of deliveries, with the delivery that causes it."""

    _name = "retail.fulfillment"
    _description = "Retail Connector: fulfilments"

    # Deliveries

    @api.model
    def _tell(self, pickings):
        """Owe every channel what left with these deliveries; move its orders on."""
        leaving = pickings.filtered(self._leaves).sorted("id")
        for binding in self._orders(leaving).retail_binding_ids:
            own = leaving.filtered(lambda p, b=binding: b.odoo_id in self._orders(p))
            for position, picking in enumerate(own, 1):
                self._put(binding, picking, is_last=position == len(own))
            binding._note_deliveries()

    def _leaves(self, picking):
        """Tell whether goods went to a customer: neither picking them nor their return does."""
        moves = picking.move_ids.filtered("sale_line_id")
        return picking.state == "done" and any(
            move.state == "done" and move.location_dest_id._is_outgoing() for move in moves
        )

    def _orders(self, pickings):
        return pickings.move_ids.sale_line_id.order_id

    def _put(self, binding, picking, is_last):
        """Owe a channel one delivery of an order. What was missed before goes with the last."""
        backend = binding.backend_id
        exporter = self.env["retail.exporter.fulfill"]
        if not exporter._is_offered(backend) or self._left_before(binding):
            return
        lines = {
            line.external_id: self._delivered(line.odoo_id, line, None if is_last else picking)
            for line in self._goods(binding)
        }
        quantities = left_to_tell(lines, binding._told_quantities())
        if quantities:
            commands = self.env["retail.outbox.command"]
            key = self._free_key(backend, f"fulfill:{picking.id}:{binding.id}")
            commands._put(backend, self._fulfill(binding, picking, quantities), key, picking)

    def _goods(self, binding):
        return binding.line_ids.filtered(lambda line: line.part == "line" and line.odoo_id.move_ids)

    def _left_before(self, binding):
        """Tell whether the channel knew before us that all has left: it needs no telling."""
        if binding.fulfillment_state != FulfillmentState.FULFILLED.value:
            return False
        told = [("entity_key", "=", f"order:{binding.external_id}"), ("kind", "=", "fulfill")]
        told += [("backend_id", "=", binding.backend_id.id), ("state", "!=", "cancelled")]
        return not self.env["retail.outbox.command"].search_count(told, limit=1)

    def _delivered(self, line, bound, picking):
        at_most = None if picking is None else self._moved(line, picking)
        return Delivered(line.qty_delivered, bound.imported_quantity, at_most)

    def _moved(self, line, picking):
        """Return what a delivery holds of a line; a kit counts with its last component."""
        moves = picking.move_ids.filtered(
            lambda move: (
                move.state == "done"
                and move.sale_line_id == line
                and move.product_id == line.product_id
            )
        )
        unit = line.product_uom_id
        return sum(
            move.product_uom._compute_quantity(move.quantity, unit, rounding_method="HALF-UP")
            for move in moves
        )

    def _fulfill(self, binding, picking, quantities):
        lines = tuple(
            ShipmentLine(
                order_line_external_id=line.external_id,
                sku=line.odoo_id.product_id.default_code or None,
                quantity=quantities[line.external_id],
            )
            for line in self._goods(binding)
            if line.external_id in quantities
        )
        return Fulfill(
            order_external_id=binding.external_id,
            reference=picking.name,
            lines=lines,
            location_external_id=self._location(binding.backend_id, picking),
            carrier=self._carrier(binding.backend_id, picking),
            trackings=self._trackings(picking),
        )

    def _free_key(self, backend, base, given_up=False):
        """Return a key that no command has; with ``given_up``, that none has which may be sent."""
        used = self.env["retail.outbox.command"].search(
            [("backend_id", "=", backend.id), ("idempotency_key", "=like", f"{base}%")]
        )
        taken = used.filtered(
            lambda command: (
                (command.idempotency_key == base or command.idempotency_key[len(base)] == ":")
                and (not given_up or command.state == "cancelled")
            )
        )
        return f"{base}:{len(taken)}" if taken else base
