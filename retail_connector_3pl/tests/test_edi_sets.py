from dataclasses import replace
from datetime import date, datetime, timezone
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import (
    Condition,
    GoodsReceipt,
    Return,
    StockSnapshot,
    WarehouseOrderState,
)

from ..providers.edi import stock_846
from ..providers.edi.acknowledgement import read_997
from ..providers.edi.fault import SetError
from ..providers.edi.receipt_944 import read_944
from ..providers.edi.shipment_945 import read_945
from ..providers.edi.stock_846 import read_846
from .edi_kit import NOW as WRITTEN
from .edi_kit import content_of, reader_of, shipped


@tagged("post_install", "-at_install")
class TestEdiShipment(BaseCase):
    """945: quantities, lots, serials, parcels, and whether more will follow."""

    def told(self, text, **settings):
        return read_945(reader_of(f"945: {text}", **settings))

    def head(self, rest):
        return f"W06*F*O1*20260504*B1~ {rest}"

    def test_lines_are_named_by_our_reference(self):
        shipment = self.told(self.head("LX*1~ W12*CC*2*2*0*EA**VN*A~ N9*LI*7~"))
        self.assertEqual(shipment.lines[0].order_line_external_id, "7")
        self.assertEqual(shipment.external_id, "O1/B1")

    def test_serial_numbers_are_units_of_their_own(self):
        text = self.head("LX*1~ W12*CC*2*2*0*EA**VN*A~ N9*SE*S1~ N9*SE*S2~")
        lots = self.told(text).lines[0].lots
        self.assertEqual([(one.number, one.quantity) for one in lots], [("S1", 1), ("S2", 1)])

    def test_a_lot_may_stand_in_either_place_with_its_expiry(self):
        text = self.head("LX*1~ W12*CC*2*2*0*EA**VN*A*L1~ G62*36*20270101~")
        (lot,) = self.told(text).lines[0].lots
        self.assertEqual((lot.number, lot.quantity), ("L1", 2))
        self.assertEqual(lot.expires_on, date(2027, 1, 1))
        again = self.told(self.head("LX*1~ W12*CC*2*2*0*EA**VN*A~ N9*LT*L1~"))
        self.assertEqual(again.lines[0].lots[0].number, "L1")

    def test_two_lots_of_one_line_are_not_guessed(self):
        text = self.head("LX*1~ W12*CC*5*5*0*EA**VN*A*L1~ N9*LT*L2~")
        with self.assertRaisesRegex(SetError, "two lots"):
            self.told(text)

    def test_cartons_are_parcels_with_what_lies_in_them(self):
        text = self.head(
            "LX*1~ MAN*GM*00012345~ MAN*CP*1Z1~ W12*CC*2*2*0*EA**VN*A~ W12*CC*1*1*0*EA**VN*B~ "
            "LX*2~ MAN*GM*00012346*00012346*CP*1Z2~ W12*CC*3*3*0*EA**VN*A~"
        )
        shipment = self.told(text)
        told = [(p.external_id, p.tracking.number, [n.sku for n in p.lines])
                for p in shipment.parcels]  # fmt: skip
        self.assertEqual(told, [("00012345", "1Z1", ["A", "B"]), ("00012346", "1Z2", ["A"])])
        self.assertEqual([t.number for t in shipment.trackings], ["1Z1", "1Z2"])
        self.assertEqual([n.external_id for n in shipment.lines], ["1.1", "1.2", "2"])

    def test_one_tracking_for_everything_stands_in_the_head(self):
        text = "W06*F*O1*20260504*B1~ N9*2I*T1~ LX*1~ W12*CC*2*2*0*EA**VN*A~"
        self.assertEqual([t.number for t in self.told(text).trackings], ["T1"])

    def test_whether_more_will_follow_is_what_the_status_says(self):
        for status, final in (("CC", True), ("CP", True), ("BP", False), ("SS", False)):
            text = self.head(f"LX*1~ W12*{status}*3*2*1*EA**VN*A~")
            self.assertIs(self.told(text).final, final, status)

    def test_nothing_shipped_and_nothing_to_follow_ends_the_order(self):
        told = self.told(self.head("LX*1~ W12*CU*3*0*3*EA**VN*A~"))
        self.assertEqual(
            (told.kind, told.state), ("warehouse_order", WarehouseOrderState.CANCELLED)
        )
        self.assertEqual((told.external_id, told.reason_code), ("O1", "CU"))

    def test_what_is_not_told_is_ordered_less_the_difference(self):
        shipment = self.told(self.head("LX*1~ W12*CP*5**2*CA**VN*A~"))
        self.assertEqual((shipment.lines[0].quantity, shipment.lines[0].unit), (3, "CA"))

    def test_a_difference_that_does_not_add_up_is_remarked_not_refused(self):
        reader = reader_of("945: W06*F*O1**B1~ LX*1~ W12*CC*5*4*3*EA**VN*A~")
        self.assertEqual(read_945(reader).lines[0].quantity, 4)
        self.assertEqual([f.fatal for f in reader.faults], [False])

    def test_an_over_shipment_is_what_it_is(self):
        shipment = self.told(self.head("LX*1~ W12*CM*2*3*-1*EA**VN*A~"))
        self.assertEqual(shipment.lines[0].quantity, 3)

    def test_a_substitute_is_the_item_that_was_shipped(self):
        text = self.head("LX*1~ W12*IS*2*2*0*EA**VN*X*********VN*A~ N9*LI*1~")
        line = self.told(text).lines[0]
        self.assertEqual((line.sku, line.order_line_external_id), ("X", "1"))

    def test_the_same_without_a_number_is_the_same_shipment(self):
        text = "W06*F*O1*20260504~ LX*1~ W12*CC*2*2*0*EA**VN*A~"
        first, again = self.told(text), self.told(text)
        other = self.told(text.replace("*2*2*0", "*2*1*1"))
        self.assertEqual(first.external_id, again.external_id)
        self.assertNotEqual(first.external_id, other.external_id)

    def test_a_time_of_the_warehouses_own_clock_is_utc_here(self):
        text = "W06*F*O1*20260504*B1~ G62*11*20260504*1*0930~ LX*1~ W12*CC*2*2*0*EA**VN*A~"
        shipment = self.told(text, time_zone="America/New_York")
        self.assertEqual(shipment.shipped_at, datetime(2026, 5, 4, 13, 30, tzinfo=timezone.utc))
        bare = self.told(self.head("LX*1~ W12*CC*2*2*0*EA**VN*A~"))
        self.assertEqual(bare.shipped_at, WRITTEN)

    def test_what_is_wrong_is_named_by_segment_and_element(self):
        reader = reader_of("945: W06*F*O1**B1~ LX*1~ W12*CC*x*y*0*EA**VN*A~")
        with self.assertRaises(SetError) as caught:
            read_945(reader)
        faults = [(f.segment, f.position, f.element, f.code) for f in caught.exception.faults]
        self.assertIn(("W12", 4, 3, "6"), faults)
        self.assertNotIn("y", str(caught.exception).split())
        with self.assertRaisesRegex(SetError, "W06 is missing"):
            self.told("LX*1~ W12*CC*2*2*0*EA**VN*A~")


@tagged("post_install", "-at_install")
class TestEdiReceipt(BaseCase):
    """944: what arrived, in which condition, and what customers sent back."""

    TOP = "W17*F*20260504*RC1*PO7~ N1*WH**92*MAIN~ "

    def told(self, text):
        return read_944(reader_of(f"944: {text}"))

    def test_a_receipt_as_announced(self):
        text = "W07*10*EA**VN*A*****LOT1~ N9*LI*1~ W14*10~"
        receipt = self.told(self.TOP + text.replace("*****LOT1", "***LOT1"))
        self.assertIsInstance(receipt, GoodsReceipt)
        self.assertEqual(
            (receipt.external_id, receipt.announcement_reference, receipt.entity_key),
            ("RC1", "PO7", "receipt:PO7"),
        )
        self.assertEqual(receipt.location_external_id, "MAIN")
        (line,) = receipt.lines
        self.assertEqual(
            (line.sku, line.quantity, line.expected_quantity, line.condition, line.line_reference),
            ("A", 10, 10, Condition.SELLABLE, "1"),
        )
        self.assertEqual(line.lots[0].number, "LOT1")

    def test_exceptions_are_parts_of_what_was_received(self):
        text = "W07*10*EA**VN*A~ W13*2*EA*01~ W13*3*EA*02~"
        lines = self.told(self.TOP + text).lines
        self.assertEqual(
            [(n.external_id, n.quantity, n.condition, n.expected_quantity) for n in lines],
            [("1", 8, Condition.SELLABLE, 13), ("1.1", 2, Condition.DAMAGED, None)],
        )

    def test_more_than_announced(self):
        (line,) = self.told(self.TOP + "W07*12*EA**VN*A~ W13*2*EA*03~").lines
        self.assertEqual((line.quantity, line.expected_quantity), (12, 10))

    def test_everything_damaged_leaves_nothing_in_order(self):
        (line,) = self.told(self.TOP + "W07*2*EA**VN*A~ W13*2*EA*01*L1~").lines
        self.assertEqual((line.quantity, line.condition), (2, Condition.DAMAGED))
        self.assertEqual(line.lots[0].number, "L1")

    def test_refused_goods_are_not_in_the_warehouse(self):
        (line,) = self.told(self.TOP + "W07*5*EA**VN*A~ W13*2*EA*08~").lines
        self.assertEqual(line.quantity, 3)

    def test_more_out_of_order_than_received_is_refused(self):
        for text in ("W07*1*EA**VN*A~ W13*2*EA*01~", "W07*3*CA**VN*A~ W13*2*EA*01~",
                     "W07*x*EA**VN*A~", "W07**EA**VN*A~", "W07*1*EA~"):  # fmt: skip
            with self.assertRaises(SetError):
                self.told(self.TOP + text)

    def test_two_equal_items_are_two_lines(self):
        lines = self.told(self.TOP + "W07*1*EA**VN*A~ W07*1*EA**VN*A~").lines
        self.assertEqual([line.external_id for line in lines], ["1", "2"])

    def test_a_customers_return_is_told_as_one(self):
        text = "W17*C*20260504*RC1*RMA-7~ N9*CO*WH/OUT/1~ W07*2*EA**VN*A~ W13*1*EA*01~"
        told = self.told(text)
        self.assertIsInstance(told, Return)
        self.assertEqual(
            (told.external_id, told.name, told.order_external_id), ("RMA-7", "RMA-7", "WH/OUT/1")
        )
        self.assertEqual(
            [(n.sku, n.received_quantity, n.condition) for n in told.lines],
            [("A", 1, Condition.SELLABLE), ("A", 1, Condition.DAMAGED)],
        )

    def test_a_total_that_does_not_add_up_is_remarked(self):
        reader = reader_of(f"944: {self.TOP} W07*1*EA**VN*A~ W14*9~")
        read_944(reader)
        self.assertEqual([f.segment for f in reader.faults], ["W14"])


@tagged("post_install", "-at_install")
class TestEdiStock(BaseCase):
    """846: what lies there at one instant."""

    TOP = "BIA*00*MM*CNT1*20260504*0630~ N1*WH**92*MAIN~ "

    def told(self, text, **settings):
        return read_846(reader_of(f"846: {text}", **settings))

    def test_a_count_states_its_instant(self):
        told = self.told(self.TOP + "LIN**VN*A~ QTY*17*5*EA~ QTY*33*3*EA~", time_zone="Asia/Tokyo")
        self.assertIsInstance(told, StockSnapshot)
        self.assertEqual(told.taken_at, datetime(2026, 5, 3, 21, 30, tzinfo=timezone.utc))
        self.assertEqual(told.location_external_id, "MAIN")
        self.assertTrue(told.complete)
        (line,) = told.lines
        self.assertEqual((line.sku, line.on_hand, line.sellable, line.unit), ("A", 5, 3, None))

    def test_a_lot_is_counted_by_itself(self):
        told = self.told(
            self.TOP + "LIN**VN*A*LT*L1~ QTY*17*5~ LIN**VN*A~ QTY*17*2*CA>1~ REF*LT*L2~"
        )
        self.assertEqual(
            [(n.lot, n.on_hand, n.unit) for n in told.lines],
            [("L1", Decimal(5), None), ("L2", Decimal(2), "CA")],
        )

    def test_an_item_without_what_is_agreed_is_not_guessed(self):
        for text in ("LIN**VN*A~ QTY*20*3~", "LIN**VN*A~ QTY*17*x~", "LIN~ QTY*17*1~",
                     "LIN**VN*A~ QTY*17*1*EA~ QTY*17*1*CA~"):  # fmt: skip
            with self.assertRaises(SetError):
                self.told(self.TOP + text)
        told = self.told(self.TOP + "LIN**VN*A~ QTY*20*3~", on_hand="17,20")
        self.assertEqual(told.lines[0].on_hand, 3)

    def test_a_warehouse_that_tells_only_what_is_available_tells_its_stock(self):
        told = self.told(self.TOP + "LIN**VN*A~ QTY*33*3~ LIN**VN*B~ QTY*33*3~ QTY*17*4~")
        self.assertEqual([line.on_hand for line in told.lines], [3, 4])

    def test_the_only_warehouse_may_be_called_anything(self):
        text = self.TOP.replace("MAIN", "4711") + "LIN**VN*A~ QTY*17*5~"
        self.assertEqual(self.told(text).location_external_id, "4711")
        told = self.told(text, warehouse_codes="")
        self.assertEqual(told.location_external_id, "WAREHOUSE")

    def test_without_an_instant_there_is_no_count(self):
        with self.assertRaisesRegex(SetError, "instant"):
            self.told("BIA*00*MM*CNT1~ LIN**VN*A~ QTY*17*5~")
        told = self.told("BIA*00*MM*CNT1~ DTM*184*20260504*0630~ LIN**VN*A~ QTY*17*5~")
        self.assertEqual(told.taken_at, datetime(2026, 5, 4, 6, 30, tzinfo=timezone.utc))

    def test_a_large_count_comes_in_parts_that_are_sets_themselves(self):
        items = " ".join(f"LIN**VN*S{n}~ QTY*17*{n}~" for n in range(2 * stock_846.PART + 1))
        content = content_of(f"846: {self.TOP}{items}")
        parts = stock_846.parts_of(content.raw)
        self.assertEqual(len(parts), 3)
        told = []
        for number, raw in enumerate(parts, 1):
            reader = reader_of(f"846: {self.TOP}")
            reader = type(reader)(raw, reader.envelope, reader.profile)
            self.assertEqual(reader.faults, [])
            part = read_846(reader, number, len(parts))
            self.assertEqual((part.part, part.parts), (number, 3))
            told += [line.on_hand for line in part.lines]
        self.assertEqual(told, list(range(2 * stock_846.PART + 1)))
        wrong = replace(content.raw, segments=(*content.raw.segments[:-1], "SE*9*0001"))
        self.assertEqual(stock_846.parts_of(wrong), [wrong])


@tagged("post_install", "-at_install")
class TestEdiAcknowledgement(BaseCase):
    """997: what a partner says of our sets."""

    def told(self, text):
        return read_997(reader_of(f"997: {text}"))

    def test_each_set_has_its_verdict(self):
        told = self.told(
            "AK1*OW*12~ AK2*940*0001~ AK5*A~ AK2*940*0002~ AK3*N4*6**8~ AK4*2**7~ AK5*R*5~ "
            "AK9*P*2*2*1~"
        )
        self.assertEqual([(n.set, n.accepted) for n in told], [("0001", True), ("0002", False)])
        self.assertIn("N4 (segment 6), element 2: has a code that is not known.", told[1].reason)
        self.assertIn("Segments are wrong.", told[1].reason)

    def test_a_group_may_be_told_as_a_whole(self):
        (told,) = self.told("AK1*OW*12~ AK9*A*2*2*2~")
        self.assertEqual((told.group, told.set, told.accepted), ("12", "", True))
        (told,) = self.told("AK1*OW*12~ AK9*R*2*2*0~")
        self.assertFalse(told.accepted)
        self.assertTrue(told.reason)

    def test_a_part_that_nobody_names_is_no_answer(self):
        with self.assertRaisesRegex(SetError, "does not say which"):
            self.told("AK1*OW*12~ AK9*P*2*2*1~")

    def test_with_errors_is_accepted(self):
        (told,) = self.told("AK1*OW*12~ AK2*940*0001~ AK5*E*5~ AK9*E*1*1*1~")
        self.assertTrue(told.accepted)

    def test_without_its_end_it_says_nothing(self):
        with self.assertRaises(SetError):
            self.told("AK1*OW*12~ AK2*940*0001~ AK5*A~")


@tagged("post_install", "-at_install")
class TestEdiHelpers(BaseCase):
    """The set that other tests are made of."""

    def test_the_usual_shipment_is_read(self):
        shipment = read_945(reader_of(shipped("O9", "BOL9", 4)))
        self.assertEqual((shipment.external_id, shipment.lines[0].quantity), ("O9/BOL9", 4))
