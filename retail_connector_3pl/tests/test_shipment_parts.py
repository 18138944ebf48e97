from datetime import timedelta
from decimal import Decimal

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.retail_connector_base.canonical import Parcel, ShipmentLine, Tracking

from .messages import left, said, shipment
from .test_shipment_goods import TASKS, ShipmentCase, line


@tagged("post_install", "-at_install")
class TestShipmentLots(ShipmentCase):
    """Lots and serial numbers leave as they are told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.products["L"] = cls.make_product("L", stock=0, tracking="lot")
        cls.products["S"] = cls.make_product("S", stock=0, tracking="serial")
        cls.put_in_stock(cls.products["L"], 5, "LOT-1")
        cls.put_in_stock(cls.products["L"], 5, "LOT-2")
        for number in ("S-1", "S-2", "S-3"):
            cls.put_in_stock(cls.products["S"], 1, number)

    def lots_left(self, order):
        """Return by lot the units that left."""
        lines = order.picking_ids.move_line_ids.filtered(lambda one: one.state == "done")
        return {one.lot_id.name: one.quantity for one in lines}

    def test_the_told_lots_leave(self):
        order = self.sell(L=6, S=2)
        release = self.accepted(order)
        lots = {"L": {"LOT-2": 5, "LOT-1": 1}, "S": {"S-3": 1, "S-1": 1}}
        self.happen(left(release, lots=lots, L=6, S=2))
        self.assertEqual(self.lots_left(order), {"LOT-2": 5, "LOT-1": 1, "S-3": 1, "S-1": 1})
        self.assertEqual((self.on_hand("L"), self.on_hand("S")), (4, 1))
        self.assertEqual((release.state, self.problems()), ("shipped", []))

    def test_the_rest_leaves_with_other_lots(self):
        order = self.sell(L=6)
        release = self.accepted(order)
        self.happen(left(release, "S1", lots={"L": {"LOT-2": 2}}, L=2))
        self.happen(left(release, "S1", minutes=9, lots={"L": {"LOT-2": 2, "LOT-1": 4}}, L=6))
        self.assertEqual(self.lots_left(order), {"LOT-2": 2, "LOT-1": 4})
        self.assertEqual((self.on_hand("L"), release.state), (4, "shipped"))

    @mute_logger(TASKS)
    def test_a_lot_that_is_not_known_is_made_when_somebody_says_so(self):
        release = self.accepted(self.sell(L=2))
        self.happen(left(release, "S1", lots={"L": {"LOT-9": 2}}, L=2))
        self.assertEqual((self.problems(), self.on_hand("L")), (["shipment_unknown_lots"], 10))
        self.env["retail.exception"].search([("code", "=", "shipment_unknown_lots")]).action_fix()
        self.move_goods()
        self.assertEqual((self.problems(), self.on_hand("L")), ([], 8))

    def test_a_lot_that_is_not_known_is_made_where_the_operation_allows_it(self):
        self.stock.out_type_id.use_create_lots = True
        order = self.sell(L=2)
        release = self.accepted(order)
        self.happen(left(release, lots={"L": {"LOT-9": 2}}, L=2))
        self.assertEqual(self.lots_left(order), {"LOT-9": 2})

    @mute_logger(TASKS)
    def test_goods_without_their_lots_are_asked_about(self):
        order = self.sell(L=2)
        release = self.accepted(order)
        self.happen(left(release, "S1", L=2))
        self.assertEqual((self.problems(), self.on_hand("L")), (["shipment_lots_missing"], 10))
        self.env["retail.exception"].search([("code", "=", "shipment_lots_missing")]).action_fix()
        self.move_goods()
        self.assertEqual((self.problems(), self.on_hand("L")), ([], 8))
        self.assertEqual(self.lots_left(order), {"LOT-1": 2})

    @mute_logger(TASKS)
    def test_lots_of_a_part_may_be_completed_by_the_reserved_ones(self):
        order = self.sell(L=6)
        release = self.accepted(order)
        self.happen(left(release, "S1", lots={"L": {"LOT-2": 3}}, L=6))
        self.env["retail.exception"].search([("code", "=", "shipment_lots_missing")]).action_fix()
        self.move_goods()
        self.assertEqual(self.lots_left(order), {"LOT-1": 3, "LOT-2": 3})


@tagged("post_install", "-at_install")
class TestShipmentParcels(ShipmentCase):
    """Parcels are packages with their numbers; the delivery names them all."""

    def parcel(self, name, number, **quantities):
        return Parcel(
            external_id=name,
            tracking=Tracking(number=number, url=f"https://carrier.example/{number}"),
            carrier="Fast Post",
            weight_grams=Decimal(1500),
            lines=tuple(
                ShipmentLine(sku=sku, quantity=Decimal(units)) for sku, units in quantities.items()
            ),
        )

    def test_parcels_hold_what_they_are_told_to_hold(self):
        order = self.sell(A=5, B=2)
        release = self.accepted(order)
        parcels = (self.parcel("P1", "T1", A=3), self.parcel("P2", "T2", A=2, B=2))
        told = (line("A", 5), line("B", 2))
        self.happen(shipment(release, "S1", lines=told, parcels=parcels))
        self.assertEqual(order.picking_ids.carrier_tracking_ref, "T1,T2")
        packages = release.shipment_ids.package_ids.sorted("retail_external_id")
        self.assertEqual(packages.mapped("retail_tracking_ref"), ["T1", "T2"])
        self.assertEqual(packages[0].retail_tracking_url, "https://carrier.example/T1")
        self.assertEqual(packages[0].shipping_weight, 1.5)
        inside = {
            (one.result_package_id.name, one.product_id.default_code): one.quantity
            for one in order.picking_ids.move_line_ids
        }
        self.assertEqual(inside, {("T1", "A"): 3, ("T2", "A"): 2, ("T2", "B"): 2})
        self.assertEqual([self.on_hand(sku) for sku in "AB"], [95, 98])

    def test_parcels_alone_tell_what_left(self):
        order = self.sell(A=5)
        release = self.accepted(order)
        parcels = (self.parcel("P1", "T1", A=3), self.parcel("P2", "T2", A=2))
        self.happen(shipment(release, "S1", parcels=parcels))
        self.assertEqual((self.on_hand("A"), release.state), (95, "shipped"))

    def test_a_parcel_that_comes_later_is_added_and_a_number_corrected(self):
        order = self.sell(A=1)
        release = self.accepted(order)
        self.happen(left(release, "S1", tracking="WRONG", A=1))
        self.happen(left(release, "S1", minutes=9, tracking="T1", A=1))
        self.assertEqual(order.picking_ids.carrier_tracking_ref, "T1")
        self.assertEqual(release.shipment_ids.package_ids.retail_tracking_ref, "T1")
        told = left(release, "S1", minutes=10, A=1)
        numbers = (Tracking(number="T1"), Tracking(number="T2"))
        self.happen(told.model_copy(update={"trackings": numbers}))
        self.assertEqual(order.picking_ids.carrier_tracking_ref, "T1,T2")
        self.assertEqual(self.on_hand("A"), 99)

    def test_no_label_is_bought_and_the_carrier_is_the_mapped_one(self):
        carriers = self.env["delivery.carrier"].create(
            [
                {
                    "name": name,
                    "product_id": self.products["C"].id,
                    "delivery_type": "fixed",
                    "integration_level": "rate_and_ship",
                    "company_id": self.company.id,
                }
                for name in ("Ours", "Fast Post")
            ]
        )
        self.env["retail.mapping"].create(
            {
                "backend_id": self.backend.id,
                "kind": "carrier",
                "external_key": "Fast Post",
                "carrier_id": carriers[1].id,
            }
        )
        self.stock.out_type_id.print_label = True
        orders = [self.sell(A=1), self.sell(A=1)]
        for order in orders:
            order.picking_ids.carrier_id = carriers[0]
        releases = [self.accepted(order) for order in orders]
        told = left(releases[0], tracking="T1", A=1).model_copy(update={"carrier": "fast post"})
        self.happen(told, left(releases[1], A=1))
        picking = orders[0].picking_ids
        self.assertEqual((picking.carrier_id, picking.carrier_tracking_ref), (carriers[1], "T1"))
        silent = orders[1].picking_ids
        self.assertEqual((silent.state, silent.carrier_tracking_ref), ("done", False))
        self.assertEqual(silent.carrier_price, 0)

    def test_a_carrier_without_a_mapping_is_noted_and_hinders_nothing(self):
        release = self.accepted(self.sell(A=1))
        self.happen(left(release, A=1).model_copy(update={"carrier": "Pony Express"}))
        self.assertEqual(release.state, "shipped")
        mapping = self.env["retail.mapping"].search([("external_label", "=", "Pony Express")])
        self.assertEqual((mapping.kind, mapping.state), ("carrier", "unmapped"))


@tagged("post_install", "-at_install")
class TestShipmentUnits(ShipmentCase):
    """Warehouses count in their own units."""

    @mute_logger(TASKS)
    def test_cases_are_turned_into_units(self):
        release = self.accepted(self.sell(A=24))
        self.happen(shipment(release, lines=(line("A", 2, unit="CASE12"),)))
        self.assertEqual((self.problems(), self.on_hand("A")), (["unknown_unit"], 100))
        mapping = self.env["retail.mapping"].search([("external_label", "=", "CASE12")])
        mapping.uom_id = self.env.ref("uom.product_uom_dozen")
        self.move_goods()
        self.assertEqual((release.state, self.on_hand("A")), ("shipped", 76))

    def test_orders_by_the_dozen_are_shipped_in_units(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        values = {"product_id": self.products["A"].id, "product_uom_id": dozen.id}
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "warehouse_id": self.stock.id,
                "order_line": [Command.create({**values, "product_uom_qty": 1})],
            }
        )
        order.action_confirm()
        order.picking_ids.action_assign()
        release = self.accepted(order)
        self.assertEqual(release.line_ids.quantity, 12)
        self.happen(left(release, A=5))
        self.assertEqual((release.state, self.on_hand("A")), ("partly_shipped", 95))
        self.happen(left(release, A=7))
        self.assertEqual((release.state, self.on_hand("A")), ("shipped", 88))
        self.assertEqual(self.delivered(order), {"A": 1})


@tagged("post_install", "-at_install")
class TestShipmentOrder(ShipmentCase):
    """Shipments come when they come."""

    def test_goods_wait_until_their_order_was_accepted(self):
        release = self.sent(self.sell(A=2))
        [message] = self.happen(left(release, "S1", A=2))
        self.assertEqual((message.state, self.on_hand("A")), ("done", 100))
        self.assertEqual((release.state, release.shipment_ids.goods_state), ("sent", "waiting"))
        self.happen(said(release, "accepted", 3))
        self.assertEqual((release.state, self.on_hand("A")), ("shipped", 98))

    def test_goods_do_not_wait_for_ever(self):
        release = self.sent(self.sell(A=2))
        self.happen(left(release, "S1", A=2))
        task = self.env["retail.goods.task"].search([])
        self.assertGreater(task.next_attempt_at, fields.Datetime.now() + timedelta(hours=20))
        task.next_attempt_at = fields.Datetime.now() - timedelta(minutes=1)
        self.move_goods()
        self.assertEqual((release.state, self.on_hand("A")), ("shipped", 98))

    def test_a_shipment_says_that_the_order_was_accepted_where_nobody_else_does(self):
        self.warehouse.await_acceptance = False
        release = self.sent(self.sell(A=2))
        self.happen(left(release, "S1", A=2))
        self.assertEqual((release.state, self.on_hand("A")), ("shipped", 98))

    def test_a_shipment_of_an_unknown_release_waits(self):
        [message] = self.happen(shipment("WH/OUT/404", lines=(line("A", 1),)))
        self.assertEqual((message.state, message.waiting_key), ("waiting", "order:WH/OUT/404"))
        self.assertTrue(message.waiting_until)
        self.assertEqual(self.on_hand("A"), 100)
