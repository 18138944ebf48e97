from odoo.tests import tagged

from .messages import left
from .snapshot_case import SnapshotCase, count_of, line, parts_of


@tagged("post_install", "-at_install")
class TestSnapshotCompare(SnapshotCase):
    """What a warehouse counted, against Odoo at that instant and what was on its way."""

    def test_what_is_as_expected_leaves_no_line(self):
        found = self.counted(("A", 100), ("B", 100), ("C", 100))
        self.assertEqual(found.state, "compared")
        self.assertFalse(found.line_ids)
        self.assertEqual((found.item_count, found.matched_count, found.accuracy), (3, 3, 100))
        self.assertEqual(self.problems(), [])

    def test_what_differs_is_kept_with_quantity_and_value(self):
        found = self.counted(("A", 97), ("B", 100), ("C", 102))
        self.assertEqual(
            self.differences(found), {"A": ("variance", 0, -3), "C": ("variance", 0, 2)}
        )
        self.assertEqual(found.line_ids.mapped("value"), [-12, 8])
        self.assertEqual((found.variance_value, found.variance_size), (-4, 20))
        self.assertEqual(found.state, "to_approve")
        self.assertEqual(self.problems(), ["count_variance"])
        self.assertEqual(self.env["retail.exception"].search(
            [("code", "=", "count_variance"), ("backend_id", "=", self.backend.id)]
        ).amount_at_risk, 20)  # fmt: skip
        self.assertEqual(self.on_hand("A"), 100)

    def test_only_a_complete_count_means_nothing_of_what_it_does_not_name(self):
        found = self.counted(("A", 100), ("B", 100))
        self.assertEqual(self.differences(found), {"C": ("variance", 0, -100)})
        self.assertFalse(found.line_ids.named)
        found = self.counted(("A", 99), complete=False)
        self.assertEqual(self.differences(found), {"A": ("variance", 0, -1)})
        self.assertEqual(found.item_count, 1)

    def test_moves_after_the_instant_are_taken_back(self):
        move = self._take_out("A", 10)
        self.done_at(move, 90)
        found = self.counted(("A", 100), complete=False, minutes=60)
        self.assertFalse(found.line_ids)
        later = self.counted(("A", 90), complete=False, minutes=120)
        self.assertFalse(later.line_ids)

    def test_what_left_there_and_moved_here_afterwards_is_explained(self):
        release = self.accepted(self.sell(A=7))
        self.happen(left(release, "S-1", minutes=30, A=7))
        self.done_at(release.shipment_ids.move_binding_ids.odoo_id, 90)
        found = self.counted(("A", 93), complete=False, minutes=60)
        self.assertEqual(self.differences(found), {"A": ("explained", -7, 0)})
        self.assertIn("S-1", found.line_ids.event_text)
        self.assertEqual(found.state, "compared")

    def test_what_left_there_and_waits_here_is_explained(self):
        release = self.accepted(self.sell(A=7))
        self.receive(left(release, "S-1", minutes=30, A=7))
        tasks = self.env["retail.goods.task"].search([("warehouse_id", "=", self.stock.id)])
        tasks.write({"state": "blocked"})
        found = self.counted(("A", 93), complete=False, minutes=60)
        self.assertEqual(self.differences(found), {"A": ("explained", -7, 0)})
        self.assertEqual(self.on_hand("A"), 100)

    def test_a_shipment_that_nobody_can_import_yet_explains_too(self):
        release = self.accepted(self.sell(A=7))
        unknown = left(release, "S-1", minutes=30, A=7).model_copy(
            update={"order_external_id": "nobody-knows-it"}
        )
        self.receive(unknown)
        found = self.counted(("A", 93), complete=False, minutes=60)
        self.assertEqual(self.differences(found), {"A": ("explained", -7, 0)})
        self.assertEqual(found.event_ids.res_model, "retail.inbox.message")

    def test_what_left_after_the_count_explains_nothing(self):
        release = self.accepted(self.sell(A=7))
        self.happen(left(release, "S-1", minutes=90, A=7))
        found = self.counted(("A", 93), complete=False, minutes=60)
        self.assertEqual(self.differences(found), {"A": ("variance", 0, -7)})

    def test_a_delivery_made_here_that_the_warehouse_has_not_sent_is_explained(self):
        release = self.accepted(self.sell(A=7))
        picking = release.picking_id
        picking.move_ids.write({"quantity": 7, "picked": True})
        release.action_allow_by_hand()
        picking.button_validate()
        self.done_at(picking.move_ids, 30)
        found = self.counted(("A", 100), complete=False, minutes=60)
        self.assertEqual(self.differences(found), {"A": ("explained", 7, 0)})

    def test_parts_are_compared_once_all_are_there_in_any_order(self):
        told = count_of(("A", 97), ("B", 100), ("C", 100))
        first, second, third = parts_of(told, 3)
        self.tell(third)
        self.assertEqual(self.snapshot(told).state, "draft")
        self.tell(first, third, first)
        self.assertFalse(self.snapshot(told).compared_at)
        self.tell(second)
        found = self.snapshot(told)
        self.assertEqual(self.differences(found), {"A": ("variance", 0, -3)})
        self.assertEqual(found.part_count, 3)

    def test_what_cannot_be_placed_waits_for_a_person(self):
        told = count_of(("A", 97), ("B", 100))
        first, second = parts_of(told, 2)
        stored = self.tell(first, second.model_copy(update={"parts": 3}))
        self.assertEqual(stored.mapped("state"), ["done", "blocked"])
        self.assertEqual(self.problems(), ["count_parts_differ"])
        self.assertFalse(self.snapshot(told).compared_at)
        elsewhere = told.model_copy(update={"location_external_id": "W9"})
        self.assertEqual(self.tell(elsewhere).state, "blocked")
        self.assertEqual(self.problems(), ["count_parts_differ", "unknown_warehouse"])

    # Lines with a cause of their own

    def test_nothing_that_is_told_is_dropped(self):
        ignored = {"kind": "product", "external_key": "PALLET", "ignored": True}
        self.env["retail.mapping"].create({**ignored, "backend_id": self.backend.id})
        self.make_product("TWICE", name="One", stock=0)
        self.make_product("TWICE", name="Two", stock=0)
        self.make_product("SERVICE", stock=0, is_storable=False)
        found = self.counted(
            ("A", 60), ("A", 40), ("B", -3), ("NOBODY", 5), ("TWICE", 1), ("SERVICE", 1),
            line("C", 2, unit="crate"), ("PALLET", 3),
            complete=False,
        )  # fmt: skip
        self.assertEqual((found.line_count, found.ignored_count), (8, 1))
        self.assertEqual(
            self.causes(found),
            {
                "A": "duplicate",
                "B": "negative",
                "NOBODY": "unknown_sku",
                "TWICE": "ambiguous",
                "SERVICE": "not_stocked",
                "C": "unit",
            },
        )
        self.assertNotIn("open", found.line_ids.mapped("state"))
        self.assertEqual(self.problems(), ["count_unreadable", "unknown_unit"])

    def test_what_was_told_twice_and_differs_needs_a_person_whatever_the_tolerance(self):
        self.warehouse.write({"count_auto_apply": True, "count_tolerance_quantity": 50})
        found = self.counted(("A", 60), ("A", 41), complete=False)
        self.assertEqual(found.line_ids.state, "open")
        self.assertEqual((found.line_ids.counted, found.line_ids.detail), (101, "60, 41"))

    def test_units_are_read_by_their_mapping_once_somebody_maps_them(self):
        found = self.counted(line("A", 8, unit="DZ"), complete=False)
        self.assertEqual(self.causes(found), {"A": "unit"})
        mapping = self.env["retail.mapping"].search(
            [("backend_id", "=", self.backend.id), ("kind", "=", "uom")]
        )
        mapping.uom_id = self.env.ref("uom.product_uom_dozen")
        self.move_goods()
        self.env.invalidate_all()
        self.assertEqual(self.differences(found), {"A": ("variance", 0, -4)})
        self.assertNotIn("count_unreadable", self.problems())

    def test_products_are_found_by_binding_then_code_then_barcode(self):
        self.env["retail.product.binding"].create(
            {"backend_id": self.backend.id, "external_id": "I-1", "odoo_id": self.products["A"].id}
        )
        self.products["C"].barcode = "4006381333931"
        found = self.counted(
            line("B", 1, item_external_id="I-1"), ("B", 2), ("4006381333931", 3), complete=False
        )
        counted = {one.product_id.default_code: one.counted for one in found.line_ids}
        self.assertEqual(counted, {"A": 1, "B": 2, "C": 3})

    # Lots

    def test_lots_are_compared_each_for_itself(self):
        product = self.make_product("L", stock=0, tracking="lot")
        self.put_in_stock(product, 10, "L1")
        self.put_in_stock(product, 5, "L2")
        found = self.counted(
            line("L", 10, lot="L2"), line("L", 2, lot="L9"), ("A", 100), ("B", 100), ("C", 100)
        )
        self.assertEqual(
            self.differences(found),
            {
                "L/L1": ("variance", 0, -10),
                "L/L2": ("variance", 0, 5),
                "L/L9": ("variance", 0, 2),
            },
        )
        self.assertEqual(self.causes(found), {"L": "lot"})
        self.approve(found)
        quants = self.env["stock.quant"].search(
            [("product_id", "=", product.id), ("location_id", "=", self.stock.lot_stock_id.id)]
        )
        units = {quant.lot_id.name: quant.quantity for quant in quants if quant.quantity}
        self.assertEqual(units, {"L2": 10, "L9": 2})

    def test_a_count_without_lots_of_what_has_them_cannot_be_applied(self):
        product = self.make_product("L", stock=0, tracking="lot")
        self.put_in_stock(product, 10, "L1")
        self.put_in_stock(product, 5, "L2")
        self.assertFalse(self.counted(("L", 15), complete=False).line_ids)
        found = self.counted(("L", 14), complete=False)
        self.assertEqual(self.differences(found), {"L": ("problem", 0, -1)})
        self.assertEqual(self.causes(found), {"L": "lot_missing"})

    # Sellable figures

    def test_sellable_is_on_hand_less_what_releases_keep_back(self):
        self.accepted(self.sell(A=10))
        self.sent(self.sell(A=5))
        for sellable, gap in ((90, 0), (85, 0), (92, 2), (80, -5)):
            found = self.counted(line("A", 100, sellable=sellable), complete=False)
            self.assertEqual(sum(found.line_ids.mapped("sellable_difference")), gap, sellable)
            self.assertEqual(found.state, "compared")

    def _take_out(self, sku, units):
        product = self.products[sku]
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": units,
                "product_uom": product.uom_id.id,
                "location_id": self.stock.lot_stock_id.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                "company_id": self.company.id,
            }
        )
        move._action_confirm()
        move._action_assign()
        move.picked = True
        move._action_done()
        return move
