from datetime import timedelta
from decimal import Decimal

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.retail_connector_base.canonical import ShipmentLine, ShipmentState
from odoo.addons.retail_connector_base.tests.access import create_user

from .common import WarehouseCase
from .messages import at, left, shipment

TASKS = "odoo.addons.retail_connector_3pl.models.retail_goods_task"


def line(sku, quantity, reference=None, **values):
    """Return a line of a shipment."""
    return ShipmentLine(
        sku=sku, quantity=Decimal(quantity), order_line_external_id=reference, **values
    )


class ShipmentCase(WarehouseCase):
    """Releases whose goods leave."""

    def shipment_of(self, release):
        return release.shipment_ids

    def bound(self, release):
        """Return (binding's id, units, meaning) of what left for a release."""
        bindings = release.shipment_ids.move_binding_ids.sorted("external_id")
        return [(one.external_id, one.quantity, one.meets) for one in bindings]

    def delivered(self, order):
        return {
            one.product_id.default_code: one.qty_delivered
            for one in order.order_line
            if one.qty_delivered
        }


@tagged("post_install", "-at_install")
class TestShipmentGoods(ShipmentCase):
    """What left with a shipment is validated; the rest is still to come."""

    def test_a_whole_shipment_is_a_validated_delivery(self):
        order = self.sell(A=3, B=2)
        release = self.accepted(order)
        [message] = self.happen(left(release, "S1", tracking="T1", A=3, B=2))
        picking = order.picking_ids
        self.assertEqual(message.state, "done")
        self.assertEqual((picking.state, picking.carrier_tracking_ref), ("done", "T1"))
        self.assertEqual(picking.date_done, at(2).replace(tzinfo=None))
        self.assertEqual(set(picking.move_ids.mapped("date")), {at(2).replace(tzinfo=None)})
        self.assertEqual((self.on_hand("A"), self.on_hand("B")), (97, 98))
        self.assertEqual(self.delivered(order), {"A": 3, "B": 2})
        self.assertEqual(release.state, "shipped")
        self.assertEqual(self.bound(release), [("S1:L1", 3, "asked"), ("S1:L2", 2, "asked")])
        self.assertEqual(release.line_ids.mapped("shipped_quantity"), [3, 2])
        self.assertEqual(release.shipment_ids.odoo_id, picking)
        self.assertEqual(self.problems(), [])

    def test_a_part_leaves_a_backorder_that_the_release_follows(self):
        order = self.sell(A=5, B=2)
        release = self.accepted(order)
        self.env["retail.releaser"]._compare(self.warehouse)
        self.assertFalse(release.changed)
        self.happen(left(release, "S1", A=2))
        first = release.shipment_ids.odoo_id
        rest = order.picking_ids - first
        self.assertEqual((first.state, rest.backorder_id), ("done", first))
        self.assertEqual((release.state, release.picking_id), ("partly_shipped", rest))
        self.assertEqual(release.line_ids.move_id, rest.move_ids)
        self.assertEqual(sorted(rest.move_ids.mapped("product_uom_qty")), [2, 3])
        self.assertFalse(release.changed, "what left is no change to ask the warehouse for")
        self.assertEqual(self.env["retail.releaser"]._ready(self.warehouse), rest.browse())
        self.happen(left(release, "S2", minutes=9, A=3, B=2))
        self.assertEqual((rest.state, release.state), ("done", "shipped"))
        self.assertEqual(self.delivered(order), {"A": 5, "B": 2})
        self.assertEqual((self.on_hand("A"), self.on_hand("B")), (95, 98))

    def test_items_without_a_line_find_it(self):
        order = self.sell(A=5)
        release = self.accepted(order)
        told = (line("A", 2, external_id="1"), line("A", 3, external_id="2"))
        self.happen(shipment(release, "S1", lines=told))
        self.assertEqual(self.bound(release), [("S1:1", 2, "asked"), ("S1:2", 3, "asked")])
        moves = release.shipment_ids.move_binding_ids.odoo_id
        self.assertEqual((len(moves), set(moves.mapped("state"))), (2, {"done"}))
        self.assertEqual((self.delivered(order), self.on_hand("A")), ({"A": 5}, 95))
        self.assertEqual(release.state, "shipped")

    def test_the_same_again_moves_nothing(self):
        order = self.sell(A=5)
        release = self.accepted(order)
        told = left(release, "S1", A=5)
        self.happen(told)
        self.happen(told, left(release, "S1", minutes=9, A=5))
        self.assertEqual((self.on_hand("A"), len(order.picking_ids)), (95, 1))
        self.assertEqual(len(self.bound(release)), 1)

    def test_a_later_version_moves_the_difference(self):
        order = self.sell(A=5, B=2)
        release = self.accepted(order)
        self.happen(left(release, "S1", A=2))
        self.happen(left(release, "S1", minutes=9, tracking="T9", B=1, A=4))
        self.assertEqual((self.on_hand("A"), self.on_hand("B")), (96, 99))
        self.assertEqual(self.delivered(order), {"A": 4, "B": 1})
        self.assertEqual(release.state, "partly_shipped")
        names = {name for name, _units, _meets in self.bound(release)}
        self.assertEqual(names, {"S1:L1", "S1:L1#2", "S1:L2"})
        done = order.picking_ids.filtered(lambda one: one.state == "done")
        self.assertEqual(set(done.mapped("carrier_tracking_ref")), {"T9"})

    def test_an_older_version_changes_nothing(self):
        release = self.accepted(self.sell(A=5))
        self.happen(left(release, "S1", minutes=9, A=4))
        [message] = self.happen(left(release, "S1", minutes=5, A=5))
        self.assertEqual((message.state, self.on_hand("A")), ("superseded", 96))

    def test_what_is_taken_back_is_shown_and_does_not_move(self):
        release = self.accepted(self.sell(A=5))
        self.happen(left(release, "S1", A=5))
        self.happen(left(release, "S1", minutes=9, A=3))
        self.assertEqual((self.on_hand("A"), self.problems()), (95, ["shipment_taken_back"]))
        cancelled = left(release, "S1", minutes=10, A=5)
        self.happen(cancelled.model_copy(update={"state": ShipmentState.CANCELLED}))
        self.assertEqual(self.on_hand("A"), 95)
        self.assertEqual(release.shipment_ids.state, "cancelled")
        self.happen(left(release, "S1", minutes=11, A=5))
        self.assertEqual((self.on_hand("A"), self.problems()), (95, []))

    def test_what_is_announced_or_cancelled_before_moves_nothing(self):
        release = self.accepted(self.sell(A=5))
        for minutes, state in ((1, ShipmentState.PENDING), (2, ShipmentState.CANCELLED)):
            told = left(release, "S1", minutes=minutes, A=5)
            self.happen(told.model_copy(update={"state": state}))
            self.assertEqual((self.on_hand("A"), self.problems()), (100, []))
        self.happen(left(release, "S1", minutes=3, A=5))
        self.assertEqual(self.on_hand("A"), 95)

    def test_a_state_that_is_not_known_is_asked_about(self):
        release = self.accepted(self.sell(A=5))
        told = left(release, "S1", A=5).model_copy(update={"state": ShipmentState.UNKNOWN})
        [message] = self.happen(told)
        self.assertEqual((message.state, self.on_hand("A")), ("blocked", 100))
        self.assertEqual(self.problems(), ["shipment_state_unknown"])

    def test_goods_move_when_the_clock_is_wrong(self):
        order = self.sell(A=1)
        release = self.accepted(order)
        self.happen(shipment(release, lines=(line("A", 1),), shipped_at=at(10**8)))
        self.assertEqual(order.picking_ids.state, "done")
        age = self.env.cr.now() - order.picking_ids.date_done
        self.assertLess(abs(age), timedelta(minutes=5))

    def test_what_was_validated_by_hand_does_not_move_again(self):
        order = self.sell(A=5)
        release = self.accepted(order)
        release.action_allow_by_hand()
        order.picking_ids.move_ids.picked = True
        order.picking_ids._action_done()
        self.happen(left(release, "S1", tracking="T1", A=5))
        self.assertEqual((self.on_hand("A"), len(order.picking_ids)), (95, 1))
        self.assertEqual(self.bound(release), [("S1:L1", 5, "asked")])
        self.assertEqual(release.state, "shipped")
        self.assertEqual(order.picking_ids.carrier_tracking_ref, "T1")

    def test_items_are_found_by_any_code_that_they_have(self):
        self.products["A"].barcode = "4006381333931"
        order = self.sell(A=5)
        release = self.accepted(order)
        self.happen(shipment(release, "S1", lines=(line("4006381333931", 2), line("a", 3))))
        self.assertEqual((self.on_hand("A"), release.state), (95, "shipped"))

    def test_operators_see_what_was_told(self):
        release = self.accepted(self.sell(A=5))
        self.happen(left(release, "S1", tracking="T1", A=5))
        for role in ("operator", "auditor"):
            user = create_user(self.env, role, company=self.company)
            shipment_seen = release.shipment_ids.with_user(user)
            views = shipment_seen.get_views([(False, "list"), (False, "form"), (False, "search")])
            shown = views["models"]["retail.warehouse.shipment"]["fields"]
            self.assertEqual(shipment_seen.read(list(shown))[0]["goods_state"], "done")
            self.assertEqual(shipment_seen.move_binding_ids.mapped("meets"), ["asked"])
            tasks = self.env["retail.goods.task"].with_user(user).search([])
            self.assertEqual(tasks.mapped("display_name"), ["S1"])

    def test_two_orders_in_one_batch_each_move(self):
        releases = [self.accepted(self.sell(A=1)) for _each in range(3)]
        self.happen(*(left(release, A=1) for release in releases))
        self.assertEqual([one.state for one in releases], ["shipped"] * 3)
        self.assertEqual(self.on_hand("A"), 97)

    def test_goods_leave_the_warehouse_that_is_named(self):
        other = self._make_stock("Annex")
        self.env["retail.warehouse"].create(
            {
                "backend_id": self.backend.id,
                "external_id": "W2",
                "name": "Annex",
                "odoo_id": other.id,
            }
        )
        self.env["stock.quant"]._update_available_quantity(
            self.products["A"], other.lot_stock_id, 10
        )
        order = self.sell(A=5)
        release = self.accepted(order)
        told = shipment(release, lines=(line("A", 2),), location_external_id="W2")
        self.receive(told)
        self.move_goods(other)
        self.assertEqual((self.on_hand("A"), self.on_hand("A", other)), (100, 8))
        self.assertEqual((self.delivered(order), release.state), ({"A": 2}, "partly_shipped"))
        self.happen(shipment(release, lines=(line("A", 3),)))
        self.assertEqual((self.on_hand("A"), release.state), (97, "shipped"))

    def test_a_warehouse_that_is_not_known_is_asked_about(self):
        release = self.accepted(self.sell(A=5))
        told = shipment(release, lines=(line("A", 5),), location_external_id="W9")
        [message] = self.receive(told)
        self.assertEqual((message.state, self.problems()), ("blocked", ["unknown_warehouse"]))

    def test_invoicing_by_delivery_follows(self):
        order = self.sell(A=5)
        order.order_line.product_id.invoice_policy = "delivery"
        release = self.accepted(order)
        self.happen(left(release, A=2))
        self.assertEqual((order.order_line.qty_to_invoice, order.invoice_status), (2, "to invoice"))


@tagged("post_install", "-at_install")
class TestShipmentDiffers(ShipmentCase):
    """Goods that were not asked for are out of stock all the same, and somebody hears of them."""

    def test_more_than_asked_is_delivered_and_shown(self):
        order = self.sell(A=2)
        release = self.accepted(order)
        self.happen(left(release, "S1", A=3))
        self.assertEqual((self.on_hand("A"), self.delivered(order)), (97, {"A": 3}))
        self.assertEqual((release.state, self.problems()), ("shipped", ["shipment_over"]))
        self.assertEqual(self.found("shipment_over").amount_at_risk, 10)
        self.happen(left(release, "S2", A=1))
        self.assertEqual((self.on_hand("A"), self.delivered(order)), (96, {"A": 4}))

    def found(self, code):
        return self.env["retail.exception"].search(
            [("backend_id", "=", self.backend.id), ("code", "=", code)]
        )

    def test_another_product_stands_in(self):
        order = self.sell(A=2, B=1)
        release = self.accepted(order)
        reference = release.line_ids[0].external_id
        self.happen(shipment(release, "S1", lines=(line("C", 2, reference), line("B", 1))))
        self.assertEqual([self.on_hand(sku) for sku in "ABC"], [100, 99, 98])
        self.assertEqual((release.state, self.problems()), ("shipped", ["shipment_substituted"]))
        self.assertEqual(release.line_ids[0].move_id.state, "cancel")
        self.assertEqual(self.delivered(order), {"B": 1})
        self.assertEqual(len(order.order_line), 2, "nobody is charged for what he did not order")
        [row] = self.found("shipment_substituted").comparison
        self.assertIn("Product C", row[0])

    def test_a_part_that_is_replaced_leaves_the_rest_open(self):
        order = self.sell(A=5)
        release = self.accepted(order)
        reference = release.line_ids.external_id
        told = (line("C", 1, reference), line("A", 2, reference))
        self.happen(shipment(release, "S1", lines=told))
        self.assertEqual([self.on_hand(sku) for sku in "AC"], [98, 99])
        self.assertEqual(release.state, "partly_shipped")
        self.assertEqual(release.line_ids.move_id.product_uom_qty, 2)

    def test_what_nobody_asked_for_belongs_to_no_order(self):
        order = self.sell(A=2)
        release = self.accepted(order)
        self.happen(shipment(release, "S1", lines=(line("A", 2), line("C", 1))))
        self.assertEqual([self.on_hand(sku) for sku in "AC"], [98, 99])
        self.assertEqual((len(order.order_line), len(order.picking_ids)), (1, 1))
        self.assertEqual((release.state, self.problems()), ("shipped", ["shipment_unasked"]))
        self.assertEqual(len(release.shipment_ids.picking_ids), 2)
        self.assertEqual(release.shipment_ids.odoo_id, order.picking_ids)

    def test_a_short_last_shipment_leaves_a_backorder_free(self):
        order = self.sell(A=5)
        release = self.accepted(order)
        self.happen(left(release, "S1", A=3).model_copy(update={"final": True}))
        rest = order.picking_ids.filtered(lambda one: one.state != "done")
        self.assertEqual((release.state, self.problems()), ("shipped", ["shipment_short"]))
        self.assertEqual(rest.move_ids.product_uom_qty, 2)
        self.assertEqual(release.picking_id.state, "done")
        self.assertEqual(self.env["retail.releaser"]._ready(self.warehouse), rest)
        self.happen(left(release, "S2", minutes=9, A=2))
        self.assertEqual((rest.state, self.on_hand("A")), ("done", 95), "it came after all")
        self.assertEqual((self.delivered(order), self.problems()), ({"A": 5}, []))

    def test_a_short_last_shipment_may_cancel_the_rest(self):
        self.warehouse.short_policy = "cancel"
        order = self.sell(A=5, B=1)
        release = self.accepted(order)
        told = shipment(release, lines=(line("A", 3), line("B", 0)), final=True)
        self.happen(told)
        self.assertEqual(
            sorted(order.picking_ids.move_ids.mapped("state")), ["cancel", "cancel", "done"]
        )
        self.assertEqual((release.state, self.problems()), ("shipped", ["shipment_short"]))

    def test_nothing_sent_of_the_last_shipment_ends_the_release(self):
        order = self.sell(A=5)
        release = self.accepted(order)
        self.happen(shipment(release, lines=(line("A", 0),), final=True))
        self.assertEqual((release.state, self.on_hand("A")), ("cancelled", 100))
        self.assertEqual(len(self.problems()), 1)

    def test_goods_of_a_cancelled_order_leave_alone(self):
        order = self.sell(A=2)
        release = self.accepted(order)
        release._stop("The customer changed his mind.")
        release.request_ids._answer(True)
        self.assertEqual((release.state, order.picking_ids.state), ("cancelled", "cancel"))
        self.happen(left(release, "S1", tracking="T1", A=2))
        self.assertEqual(self.on_hand("A"), 98)
        delivery = release.shipment_ids.odoo_id
        self.assertEqual((delivery.state, delivery.sale_id), ("done", order.browse()))
        self.assertEqual((release.state, self.delivered(order)), ("cancelled", {}))
        found = self.found("shipment_of_cancelled")
        self.assertEqual((found.amount_at_risk, found.res_id), (20, order.id))
        self.assertIn(order.name, found.title)
        self.happen(left(release, "S1", minutes=9, A=2))
        self.assertEqual(self.on_hand("A"), 98)

    def test_what_was_rejected_and_left_is_delivered_and_shown(self):
        order = self.sell(A=2)
        release = self.sent(order)
        self.say(release, "rejected", reason="No such address")
        self.happen(left(release, A=2))
        self.assertEqual((release.state, self.delivered(order)), ("shipped", {"A": 2}))
        self.assertIn("shipment_of_rejected", self.problems())

    @mute_logger(TASKS)
    def test_an_item_that_is_no_product_waits_for_its_mapping(self):
        order = self.sell(A=2)
        release = self.accepted(order)
        [message] = self.happen(shipment(release, "S1", lines=(line("A", 2), line("X-9", 1))))
        self.assertEqual((message.state, self.on_hand("A")), ("done", 100), "nothing half done")
        self.assertEqual(release.shipment_ids.goods_state, "blocked")
        self.assertEqual(self.problems(), ["unknown_item"])
        mapping = self.env["retail.mapping"].search(
            [("backend_id", "=", self.backend.id), ("kind", "=", "product")]
        )
        mapping.product_id = self.products["C"]
        self.move_goods()
        self.assertEqual([self.on_hand(sku) for sku in "AC"], [98, 99])
        self.assertEqual(self.problems(), ["shipment_unasked"])

    def test_an_item_that_is_ignored_is_left_out(self):
        self.env["retail.mapping"].create(
            {
                "backend_id": self.backend.id,
                "kind": "product",
                "external_key": "FLYER",
                "ignored": True,
            }
        )
        release = self.accepted(self.sell(A=2))
        self.happen(shipment(release, lines=(line("A", 2), line("FLYER", 1))))
        self.assertEqual((release.state, self.problems()), ("shipped", []))

    @mute_logger(TASKS)
    def test_a_line_that_is_not_known_may_be_matched_by_item(self):
        release = self.accepted(self.sell(A=2))
        self.happen(shipment(release, "S1", lines=(line("A", 2, "LINE-77"),)))
        self.assertEqual(self.problems(), ["unknown_release_line"])
        self.found("unknown_release_line").action_fix()
        self.move_goods()
        self.assertEqual((self.on_hand("A"), self.problems()), (98, []))

    @mute_logger(TASKS)
    def test_a_shipment_of_nothing_is_asked_about(self):
        release = self.accepted(self.sell(A=2))
        self.happen(shipment(release, "S1", lines=()))
        self.assertEqual((self.problems(), release.state), (["shipment_empty"], "accepted"))
        self.happen(left(release, "S1", minutes=9, A=2))
        self.assertEqual((self.problems(), release.state), ([], "shipped"))
