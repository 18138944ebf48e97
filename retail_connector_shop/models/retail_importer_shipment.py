from odoo import api, models

from odoo.addons.retail_connector_base.canonical import ShipmentState
from odoo.addons.retail_connector_base.decisions.outcome import ImportResult, Outcome
from odoo.addons.retail_connector_base.decisions.problem import ItemFailures, Problem
from odoo.addons.retail_connector_base.providers import Capability
from odoo.addons.retail_connector_base.providers.errors import ErrorClass, TransientError

TAKEN_BACK = (ShipmentState.CANCELLED, ShipmentState.FAILED)
# Commands that the channel surely has not seen.
UNSENT = ("pending", "retry", "blocked")


class RetailImporterShipment(models.AbstractModel):
    """Fulfilments as the channel knows them: mostly the echo of what it was told.

    Nothing moves in Odoo. What the shop did by itself is shown to a person, unless Odoo has
    delivered the same goods already.
    """

    _name = "retail.importer.shipment"
    _description = "Retail Importer: shipments"
    _inherit = ["retail.importer"]

    _binding_model = "retail.shipment.binding"

    @api.model
    def _apply(self, backend, pairs):
        """Override: bind shipments and show what was not expected."""
        wanted = [item.canonical.order_external_id for item, _shipment in pairs]
        orders = self.env["retail.order.binding"]._by_external_id(backend, wanted)
        self._wait_for_our_own(orders, pairs)
        return {
            item.message_id: self._apply_one(
                backend, item, shipment, orders.get(item.canonical.order_external_id)
            )
            for item, shipment in pairs
        }

    def _wait_for_our_own(self, orders, pairs):
        """Put shipments off that may be what a command made whose result we do not know yet."""
        failures = {}
        for item, shipment in pairs:
            order = orders.get(item.canonical.order_external_id)
            if order and not shipment and self._is_one_on_its_way(order):
                failures[item.message_id] = TransientError(
                    self.env._("A fulfilment of ours is just being sent."), retry_after=2
                )
        if failures:
            raise ItemFailures(failures)

    def _is_one_on_its_way(self, order):
        commands = self._fulfilments(order)
        return any(
            command.state == "leased" or (command.in_doubt and command.state != "done")
            for command in commands
        )

    def _fulfilments(self, order):
        return self.env["retail.outbox.command"].search(
            [
                ("backend_id", "=", order.backend_id.id),
                ("entity_key", "=", f"order:{order.external_id}"),
                ("kind", "=", "fulfill"),
                ("state", "not in", ("done", "cancelled")),
            ]
        )

    def _apply_one(self, backend, item, shipment, order):
        if not order:
            return self._without_order(backend, item)
        told, was_shipped = order._told_quantities(self._unsent(order)), shipment.state == "shipped"
        if shipment:
            shipment.write(self._values(item))
        else:
            shipment = shipment.create(self._new_values(backend, item, order))
            if shipment.state == "shipped" and not self._has_left(order, item, told):
                self._report(backend, self._foreign(order, item), order)
        if was_shipped and shipment.state == "cancelled":
            self._on_taken_back(backend, shipment)
        note = "" if shipment.command_id else self.env._("The shop made it by itself.")
        return ImportResult(Outcome.DONE, note, ("sale.order", order.odoo_id.id))

    def _without_order(self, backend, item):
        """Leave out the shipment of an unknown order: the order will say itself what has left."""
        order_id, provider = item.canonical.order_external_id, backend._provider_class()
        if provider and Capability.ORDER_FETCH in provider.capabilities:
            self.env["retail.poll"]._refetch_after_commit(backend, "order", order_id)
        note = self.env._("Its order is not known; it will say itself what has left.")
        return ImportResult(Outcome.IGNORED, note)

    # Values

    def _values(self, item):
        told = item.canonical
        return {
            **self.env[self._binding_model]._state_values(item),
            "state": "cancelled" if told.state in TAKEN_BACK else "shipped",
            "carrier": told.carrier,
            "tracking": ", ".join(parcel.number for parcel in told.trackings),
        }

    def _new_values(self, backend, item, order):
        return {
            **self._values(item),
            "backend_id": backend.id,
            "external_id": item.canonical.external_id,
            "order_binding_id": order.id,
            "name": item.canonical.name,
            "lines": [line.model_dump(mode="json") for line in item.canonical.lines],
        }

    # What was not expected

    def _unsent(self, order):
        return self._fulfilments(order).filtered(lambda command: command.state in UNSENT)

    def _delivered(self, order):
        return {line.external_id: line.odoo_id.qty_delivered for line in order.line_ids}

    def _has_left(self, order, item, told):
        """Tell whether Odoo delivered these goods as well, beyond what the channel knew."""
        delivered = self._delivered(order)
        return all(
            delivered.get(line.order_line_external_id, 0.0)
            - told.get(line.order_line_external_id, 0.0)
            >= line.quantity
            for line in item.canonical.lines
        )

    def _on_taken_back(self, backend, shipment):
        foreign = [f"foreign_fulfillment|{shipment.external_id}"]
        if not shipment.command_id:
            self.env["retail.exception"]._solved(backend, foreign)
        elif not self._asked_to_take_back(shipment):
            self._report(backend, self._taken_back(shipment), shipment.order_binding_id)

    def _asked_to_take_back(self, shipment):
        commands = self.env["retail.outbox.command"].search(
            [
                ("backend_id", "=", shipment.backend_id.id),
                ("entity_key", "=", f"order:{shipment.order_binding_id.external_id}"),
                ("kind", "=", "cancel_fulfillment"),
                ("state", "!=", "cancelled"),
            ]
        )
        return any(
            command.payload["fulfillment_external_id"] == shipment.external_id
            for command in commands
        )

    def _report(self, backend, problem, order):
        self.env["retail.exception"]._report(backend, problem, record=order.odoo_id)

    def _foreign(self, order, item):
        delivered = self._delivered(order)
        names = {line.external_id: line.odoo_id.display_name for line in order.line_ids}
        rows = [
            (
                names.get(line.order_line_external_id) or line.order_line_external_id,
                self.env._("fulfilled: %(quantity)g", quantity=line.quantity),
                self.env._(
                    "delivered: %(quantity)g",
                    quantity=delivered.get(line.order_line_external_id, 0.0),
                ),
            )
            for line in item.canonical.lines
        ]
        return Problem(
            error_class=ErrorClass.CONFLICT,
            code="foreign_fulfillment",
            subject=item.canonical.external_id,
            title=self.env._("The shop fulfilled order %(name)s itself", name=order.name),
            cause=self.env._(
                "Somebody fulfilled it in the shop, and Odoo has not delivered these goods. If "
                "they have left, validate the delivery: the shop is not told again. If not, "
                "cancel the fulfilment in the shop."
            ),
            fix="open_record",
            fix_values={"res_model": "sale.order", "res_id": order.odoo_id.id},
            comparison=tuple(rows),
        )

    def _taken_back(self, shipment):
        order = shipment.order_binding_id
        return Problem(
            error_class=ErrorClass.CONFLICT,
            code="fulfillment_taken_back",
            subject=shipment.external_id,
            title=self.env._("The shop cancelled a fulfilment of order %(name)s", name=order.name),
            cause=self.env._(
                "Odoo has delivered it as %(delivery)s. Find out where the goods are: if they came "
                "back, enter a return.",
                delivery=shipment.name or "–",
            ),
            fix="open_record",
            fix_values={"res_model": "sale.order", "res_id": order.odoo_id.id},
        )
