from itertools import permutations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from .inbound import InboundCase, came, receipt


@tagged("post_install", "-at_install")
class TestReceipts(InboundCase):
    def test_what_came_is_in_stock_and_the_rest_stays_open(self):
        announcement = self.announced(A=10, B=5)
        self.happen(receipt(announcement, came("A", 4, "1")))
        self.assertEqual((self.on_hand("A"), self.on_hand("B")), (104, 100))
        self.assertEqual(announcement.state, "partly_received")
        self.assertEqual(announcement.line_ids.mapped("open_quantity"), [6, 5])
        self.assertEqual(announcement.picking_id.state, "assigned")
        self.check_bound_once()

    def test_versions_replace_one_another_and_move_the_difference(self):
        announcement = self.announced(A=10, B=5)
        self.happen(receipt(announcement, came("A", 4, "1")))
        self.happen(receipt(announcement, came("A", 10, "1"), came("B", 5, "2"),
                            minutes=2, state="completed"))  # fmt: skip
        self.assertEqual((self.on_hand("A"), self.on_hand("B")), (110, 105))
        self.assertEqual((announcement.state, self.problems()), ("received", []))
        self.assertFalse(announcement._open_moves())
        self.check_bound_once()

    def test_told_twice_or_too_late_is_moved_once(self):
        announcement = self.announced(A=10)
        told = receipt(announcement, came("A", 9, "1"), minutes=5)
        self.happen(told, told)
        self.happen(told)
        self.happen(receipt(announcement, came("A", 4, "1"), minutes=2))
        self.received()._move_goods()
        self.assertEqual(self.on_hand("A"), 109)

    def test_a_correction_downwards_goes_back_and_is_expected_again(self):
        announcement = self.announced(A=10)
        self.happen(receipt(announcement, came("A", 12, "1")))
        self.happen(receipt(announcement, came("A", 7, "1"), minutes=2))
        self.assertEqual(self.on_hand("A"), 107)
        self.assertEqual(announcement.line_ids.open_quantity, 3)
        self.assertEqual(announcement.state, "partly_received")
        self.sweep()
        self.assertEqual((len(self.asked("announce_receipt")), self.problems()), (1, []))
        self.happen(receipt(announcement, came("A", 7, "1"), minutes=3, state="cancelled"))
        self.assertEqual(self.on_hand("A"), 100)
        self.assertEqual(announcement.line_ids.open_quantity, 10)
        self.check_bound_once()

    def test_receipts_of_one_delivery_add_up_in_any_order(self):
        told = {"R1": 4, "R2": 6}
        for number, order in enumerate(permutations(told)):
            announcement = self.announced(f"P{number}", A=10)
            before = self.on_hand("A")
            for name in order:
                state = "completed" if name == "R2" else "receiving"
                line = came("A", told[name], "1")
                self.happen(
                    receipt(announcement, line, external_id=f"{name}-{number}", state=state)
                )
            self.assertEqual(self.on_hand("A") - before, 10)
            self.assertEqual((announcement.state, self.problems()), ("received", []))
        self.check_bound_once()

    def test_what_is_missing_at_the_end_is_shown_and_cancelled(self):
        announcement = self.announced(A=10)
        self.happen(receipt(announcement, came("A", 8, "1"), state="completed"))
        self.assertEqual((announcement.state, self.problems()), ("received", ["receipt_short"]))
        found = self.env["retail.exception"].search([("code", "=", "receipt_short")])
        self.assertEqual(found.amount_at_risk, 8.0)
        self.assertFalse(announcement._open_moves())
        self.happen(receipt(announcement, came("A", 10, "1"), state="completed", minutes=3))
        self.assertEqual((self.on_hand("A"), self.problems()), (110, []))
        self.happen(receipt(announcement, came("A", 8, "1"), state="completed", minutes=4))
        self.happen(receipt(announcement, came("A", 8, "1"), minutes=5))
        self.assertEqual((announcement.state, self.problems()), ("partly_received", []))
        self.assertEqual(announcement.line_ids.open_quantity, 2)
        self.warehouse.receipt_short = "keep"
        announcement = self.announced(B=10)
        told = receipt(announcement, came("B", 8, "1"), state="completed", external_id="R2")
        self.happen(told)
        self.assertEqual(self.problems(), ["receipt_short"])
        self.assertEqual(announcement.line_ids.open_quantity, 2)

    def test_more_than_announced_is_in_stock_and_shown_beyond_the_tolerance(self):
        self.warehouse.receipt_tolerance = 30
        announcement = self.announced(A=10)
        self.happen(receipt(announcement, came("A", 13, "1")))
        self.assertEqual((self.on_hand("A"), self.problems()), (113, []))
        self.happen(receipt(announcement, came("A", 14, "1"), minutes=2))
        self.assertEqual((self.on_hand("A"), self.problems()), (114, ["receipt_over"]))
        self.check_bound_once()

    def test_what_nobody_announced_is_in_stock_and_shown_with_its_value(self):
        self.happen(receipt(None, came("A", 5), external_id="X"), receipt("?", came("B", 1)))
        self.assertEqual((self.on_hand("A"), self.on_hand("B")), (105, 101))
        self.assertEqual(self.problems(), ["receipt_unannounced"] * 2)
        found = self.env["retail.exception"].search([("code", "=", "receipt_unannounced")])
        self.assertEqual(sum(found.mapped("amount_at_risk")), 24.0)
        announcement = self.announced(A=10)
        lines = came("A", 10, "1"), came("C", 2)
        self.happen(receipt(announcement, *lines, external_id="R2"))
        self.assertEqual(self.on_hand("C"), 102)
        self.assertIn("receipt_unexpected", self.problems())

    def test_goods_of_an_announcement_that_was_taken_back_are_in_stock(self):
        announcement = self.announced(A=10)
        announcement.picking_id.action_cancel()
        self.sweep()
        self.happen(receipt(announcement, came("A", 10, "1")))
        self.assertEqual(self.on_hand("A"), 110)
        self.assertIn("receipt_cancelled", self.problems())

    def test_a_delivery_is_known_by_its_old_name_and_by_its_purchase(self):
        announcement = self.announced(A=10)
        announcement.picking_id.move_ids.product_uom_qty = 12
        self.sweep()
        self.happen(receipt(announcement, came("A", 12, "1")))
        self.assertEqual((announcement.replaced_by_id.state, self.problems()), ("received", []))
        picking = self.deliver("P00077", A=10)
        self.happen(receipt("P00077", came("A", 10), external_id="R2"))
        self.assertEqual((picking.state, self.problems()), ("done", []))

    def test_a_receipt_may_come_before_the_announcement_was_answered(self):
        picking = self.deliver(A=10)
        self.env.flush_all()
        self.env["retail.announcer"]._look_at(self.warehouse)
        announcement = self.announcement_of(picking)
        self.happen(receipt(announcement, came("A", 10, "1")))
        self.send()
        self.assertEqual((announcement.state, self.on_hand("A")), ("received", 110))

    def test_a_transfer_from_another_warehouse_is_announced_and_received(self):
        ours = self._make_stock("Ours")
        self.env["stock.quant"]._update_available_quantity(
            self.products["A"], ours.lot_stock_id, 10
        )
        picking = self.deliver("T1", A=10)
        picking.action_cancel()
        transfer = picking.copy(
            {
                "picking_type_id": ours.int_type_id.id,
                "location_id": ours.lot_stock_id.id,
                "location_dest_id": self.stock.lot_stock_id.id,
            }
        )
        transfer.move_ids.location_id = ours.lot_stock_id
        transfer.action_confirm()
        transfer.action_assign()
        self.sweep()
        announcement = self.announcement_of(transfer)
        self.happen(receipt(announcement, came("A", 7, "1"), state="completed"))
        self.assertEqual((self.on_hand("A"), self.on_hand("A", ours)), (107, 3))
        self.assertEqual(self.problems(), ["receipt_short"])

    def test_what_somebody_validated_by_hand_does_not_come_twice(self):
        announcement = self.announced(A=10)
        announcement.picking_id.move_ids.write({"quantity": 10, "picked": True})
        announcement.picking_id.button_validate()
        self.happen(receipt(announcement, came("A", 6, "1")))
        self.happen(receipt(announcement, came("A", 10, "1"), minutes=2))
        self.assertEqual((self.on_hand("A"), self.problems()), (110, []))


@tagged("post_install", "-at_install")
class TestConditions(InboundCase):
    def test_damaged_goods_lie_where_they_are_not_sold(self):
        shelf = self.env["stock.location"].create(
            {"name": "Damaged", "location_id": self.stock.view_location_id.id}
        )
        self.warehouse.damaged_location_id = shelf
        announcement = self.announced(A=10)
        good, bad = came("A", 8, "1"), came("A", 2, "1", condition="damaged")
        self.happen(receipt(announcement, good, bad, state="completed"))
        self.assertEqual((self.on_hand("A"), self.came_to(shelf, "A")), (108, 2))
        self.assertEqual((announcement.state, self.problems()), ("received", ["receipt_damaged"]))
        self.check_bound_once()

    def test_damaged_goods_wait_until_somebody_says_where_they_lie(self):
        announcement = self.announced(A=10)
        self.happen(receipt(announcement, came("A", 2, "1", condition="damaged")))
        self.assertEqual(self.problems(), ["warehouse_damaged_location"])
        self.assertEqual(self.received().goods_state, "blocked")
        self.warehouse.damaged_policy = "stock"
        self.env["retail.exception"].search([("state", "=", "open")]).action_retry()
        self.move_goods()
        self.assertEqual((self.on_hand("A"), self.problems()), (102, ["receipt_damaged"]))

    def test_damaged_goods_are_scrapped_where_that_is_the_policy_and_come_back_from_there(self):
        self.warehouse.damaged_policy = "scrap"
        announcement = self.announced(A=10)
        self.happen(receipt(announcement, came("A", 2, "1", condition="damaged")))
        scrap = self.env["stock.scrap"].search([("product_id", "=", self.products["A"].id)])
        self.assertEqual((scrap.scrap_qty, scrap.state, self.on_hand("A")), (2, "done", 100))
        self.happen(receipt(announcement, came("A", 2, "1"), minutes=2))
        self.assertEqual(self.on_hand("A"), 102)
        self.assertEqual(announcement.line_ids.received_quantity, 2)

    def test_lots_are_made_and_what_has_none_waits_for_one(self):
        self.products["L"] = self.make_product("L", stock=0, tracking="lot")
        announcement = self.announced(L=10)
        self.happen(receipt(announcement, came("L", 10, "1", lots={"X1": 4, "X2": 6})))
        lots = self.env["stock.lot"].search([("product_id", "=", self.products["L"].id)])
        self.assertEqual({lot.name: lot.product_qty for lot in lots}, {"X1": 4, "X2": 6})
        self.products["S"] = self.make_product("S", stock=0, tracking="serial")
        announcement = self.announced(S=2)
        self.happen(receipt(announcement, came("S", 2, "1"), external_id="R2"))
        self.assertEqual((self.on_hand("S"), self.problems()), (0, ["receipt_lot_missing"]))
        corrected = came("S", 2, "1", lots={"S1": 1, "S2": 1})
        self.happen(receipt(announcement, corrected, external_id="R2", minutes=2))
        self.assertEqual((self.on_hand("S"), self.problems()), (2, []))

    def test_an_unknown_item_blocks_the_message_until_it_is_mapped(self):
        announcement = self.announced(A=10)
        [message] = self.happen(receipt(announcement, came("A-old", 10)))
        [lost] = self.happen(
            receipt(None, came("A", 1), external_id="X", location_external_id="W9")
        )
        self.assertEqual((message.state, lost.state), ("blocked", "blocked"))
        self.assertEqual(self.problems(), ["unknown_sku", "unknown_warehouse"])
        mapping = self.env["retail.mapping"].search([("external_label", "=", "A-old")])
        mapping.product_id = self.products["A"]
        self.drain(all_due=True)
        self.move_goods()
        self.assertEqual((self.on_hand("A"), self.problems()), (110, ["unknown_warehouse"]))

    def test_cases_are_counted_in_pieces_and_dozens_are_not_rounded(self):
        case = self.env["uom.uom"].create(
            {
                "name": "Case of 6",
                "relative_factor": 6,
                "relative_uom_id": self.env.ref("uom.product_uom_unit").id,
            }
        )
        announcement = self.announced(A=20)
        [message] = self.happen(receipt(announcement, came("A", 2, "1", unit="CS")))
        self.assertEqual((message.state, self.problems()), ("blocked", ["unknown_unit"]))
        mapping = self.env["retail.mapping"].search([("kind", "=", "uom")])
        mapping.uom_id = case
        self.drain(all_due=True)
        self.move_goods()
        self.assertEqual((self.on_hand("A"), self.problems()), (112, []))
        self.products["B"].uom_ids = case
        self.happen(receipt(None, came("B", "0.5", unit="case OF 6"), external_id="R2"))
        self.assertEqual(self.on_hand("B"), 103)
        picking = self.deliver(C=1)
        picking.move_ids.write({"product_uom": self.env.ref("uom.product_uom_dozen").id})
        self.sweep()
        announcement = self.announcement_of(picking)
        self.happen(receipt(announcement, came("C", 5, "1"), external_id="R3"))
        self.assertEqual(announcement.line_ids.open_quantity, 7)
        self.happen(receipt(announcement, came("C", 12, "1"), external_id="R3", minutes=2))
        self.assertEqual((self.on_hand("C"), announcement.state), (112, "received"))


@tagged("post_install", "-at_install")
class TestAnyHistory(InboundCase):
    """However often, and in whatever order, versions of two receipts are told."""

    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["R1", "R2"]), st.integers(1, 5), st.integers(0, 8),
                st.sampled_from(["receiving", "completed", "cancelled"]),
            ),
            min_size=1,
            max_size=6,
            unique_by=lambda version: version[:2],
        ),
        st.randoms(use_true_random=False),
    )  # fmt: skip
    def test_stock_is_what_the_latest_versions_say(self, versions, chance):
        savepoint = self.env.cr.savepoint()
        try:
            self._play(versions, chance)
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def _play(self, versions, chance):
        announcement = self.announced(A=10)
        told = [*versions, *chance.sample(versions, len(versions) // 2)]
        chance.shuffle(told)
        for name, minutes, quantity, state in told:
            line = came("A", quantity, "1")
            self.receive(
                receipt(announcement, line, external_id=name, minutes=minutes, state=state)
            )
            if chance.random() < 0.6:
                self.move_goods()
        self.move_goods()
        latest = {name: (quantity, state) for name, _m, quantity, state in sorted(versions)}
        true = sum(quantity for quantity, state in latest.values() if state != "cancelled")
        self.assertEqual(self.on_hand("A"), 100 + true)
        line = announcement.line_ids
        self.assertEqual(line.received_quantity, true)
        if not announcement._is_closed():
            self.assertEqual(line.open_quantity, max(0, 10 - true))
        self.check_bound_once()
