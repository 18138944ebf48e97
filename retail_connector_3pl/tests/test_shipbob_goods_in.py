from datetime import date
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import (
    Condition,
    Disposition,
    ReceiptState,
    ReturnState,
    Service,
)
from odoo.addons.retail_connector_base.providers import MalformedPayloadError

from ..providers.shipbob.invoices import to_invoice
from ..providers.shipbob.levels import to_snapshot
from ..providers.shipbob.receiving import to_receipt
from ..providers.shipbob.returns import to_return
from ..providers.shipbob.trackings import to_tracking
from .shipbob_common import node


def action(name, units, reason=None):
    return {"action": name, "quantity_processed": units, "action_reason": reason}


def returned(status, *taken, quantity=3, **values):
    shown = {"id": 81, "sku": "MUG", "quantity": quantity, "action_taken": list(taken)}
    return {
        "id": 9, "reference_id": "RMA-1", "status": status, "return_type": "Regular",
        "insert_date": "2026-04-01T08:00:00Z", "store_order_id": "REL-1", "inventory": [shown],
        "fulfillment_center": {"id": 10}, **values,
    }  # fmt: skip


def receiving(status, stowed=0, **values):
    row = {"inventory_id": 81, "sku": "TEA", "expected_quantity": 10, "received_quantity": 8,
           "stowed_quantity": stowed}  # fmt: skip
    return {
        "id": 443, "status": status, "purchase_order_number": "PO-1", "insert_date": "2026-04-01",
        "last_updated_date": "2026-04-02T08:00:00+00:00", "fulfillment_center": {"id": 10},
        "inventory_quantities": [row], **values,
    }  # fmt: skip


@tagged("post_install", "-at_install")
class TestShipBobReturn(BaseCase):
    def shown(self, *args, **values):
        return to_return(node(returned(*args, **values)))

    def test_states_are_written_in_several_ways(self):
        for status, expected in (
            ("AwaitingArrival", ReturnState.AUTHORIZED),
            ("Awaiting Arrival", ReturnState.AUTHORIZED),
            ("Arrived", ReturnState.RECEIVED), ("Processing", ReturnState.RECEIVED),
            ("Completed", ReturnState.COMPLETED), ("cancelled", ReturnState.CANCELLED),
            ("Melted", ReturnState.UNKNOWN), (None, ReturnState.UNKNOWN),
        ):  # fmt: skip
            self.assertEqual(self.shown(status).state, expected)
        self.assertEqual(self.shown("Melted").note, "Melted")

    def test_nothing_is_received_before_it_was_dealt_with(self):
        (line,) = self.shown("AwaitingArrival").lines
        self.assertEqual((line.external_id, line.quantity, line.received_quantity), ("81", 3, None))
        for status in ("Arrived", "Processing"):
            (line,) = self.shown(status).lines
            self.assertEqual((line.quantity, line.received_quantity), (3, 0))

    def test_each_action_is_a_line(self):
        taken = (action("Restock", 1), action("Quarantine", 1, "Damaged In Transit"))
        first, second = self.shown("Completed", *taken).lines
        self.assertEqual((first.external_id, first.quantity, first.received_quantity), ("81", 2, 1))
        self.assertEqual((first.condition, first.disposition),
                         (Condition.SELLABLE, Disposition.RESTOCK))  # fmt: skip
        self.assertEqual((second.external_id, second.received_quantity), ("81/2", 1))
        self.assertEqual((second.condition, second.disposition),
                         (Condition.DAMAGED, Disposition.UNDECIDED))  # fmt: skip
        self.assertEqual(second.note, "Quarantine: Damaged In Transit")

    def test_what_was_thrown_away_is_scrap(self):
        (line,) = self.shown("Completed", action("Dispose", 3, "Expired")).lines
        self.assertEqual((line.condition, line.disposition),
                         (Condition.DEFECTIVE, Disposition.SCRAP))  # fmt: skip

    def test_unknown_actions_decide_nothing(self):
        (line,) = self.shown("Completed", action("Donate", 3)).lines
        self.assertEqual((line.condition, line.disposition, line.note),
                         (Condition.UNKNOWN, Disposition.UNDECIDED, "Donate"))  # fmt: skip

    def test_more_than_announced_is_received(self):
        (line,) = self.shown("Completed", action("Restock", 5)).lines
        self.assertEqual((line.quantity, line.received_quantity), (5, 5))

    def test_completed_without_goods_means_none_came(self):
        (line,) = self.shown("Completed").lines
        self.assertEqual(line.received_quantity, 0)

    def test_order_is_known_by_its_shipment(self):
        found = self.shown("Arrived", store_order_id=None, order_reference="REL-2")
        self.assertEqual((found.order_external_id, found.entity_key), ("REL-2", "order:REL-2"))
        self.assertEqual(self.shown("Arrived", store_order_id=None).entity_key, "return:9")

    def test_history_is_the_version(self):
        history = [{"status": "Arrived", "timestamp": "2026-04-05T00:00:00Z"}]
        self.assertEqual(self.shown("Arrived", status_history=history).updated_at.day, 5)

    def test_what_came_back_by_itself_says_so(self):
        self.assertEqual(self.shown("Arrived", return_type="ReturnToSender").note, "ReturnToSender")


@tagged("post_install", "-at_install")
class TestShipBobReceipt(BaseCase):
    def shown(self, *args, **values):
        return to_receipt(node(receiving(*args, **values)))

    def test_states(self):
        for status, expected in (
            ("Incomplete", ReceiptState.EXPECTED), ("Awaiting", ReceiptState.EXPECTED),
            ("PartiallyArrivedAtHub", ReceiptState.ARRIVED), ("Processing", ReceiptState.RECEIVING),
            ("Completed", ReceiptState.COMPLETED), ("Cancelled", ReceiptState.CANCELLED),
            ("Sunk", ReceiptState.UNKNOWN),
        ):  # fmt: skip
            self.assertEqual(self.shown(status).state, expected)

    def test_only_what_is_stowed_is_there(self):
        found = self.shown("Processing", 5)
        (line,) = found.lines
        self.assertEqual((line.sku, line.quantity, line.expected_quantity), ("TEA", 5, 10))
        self.assertEqual(found.announcement_reference, "PO-1")
        self.assertEqual(found.entity_key, "receipt:PO-1")

    def test_boxes_know_lots(self):
        box = {"box_items": [
            {"inventory_id": 81, "lot_number": "L1", "lot_date": "2027-01-31T00:00:00Z",
             "quantity": 4, "stowed_quantity": 2},
            {"inventory_id": 81, "lot_number": "L2", "quantity": 4, "stowed_quantity": 3},
        ]}  # fmt: skip
        (line,) = self.shown("Processing", 5, boxes=[box]).lines
        self.assertEqual([(lot.number, lot.quantity, lot.expires_on) for lot in line.lots],
                         [("L1", 2, date(2027, 1, 31)), ("L2", 3, None)])  # fmt: skip
        (line,) = self.shown("Processing", 4, boxes=[box]).lines
        self.assertEqual(line.lots, ())


@tagged("post_install", "-at_install")
class TestShipBobStockAndBills(BaseCase):
    def test_committed_units_may_be_sent(self):
        level = {"location_id": 10, "on_hand_quantity": 12, "fulfillable_quantity": 7,
                 "committed_quantity": 3}  # fmt: skip
        found = to_snapshot(node({
            "location_id": "10", "taken_at": "2026-04-02T12:00:00+00:00", "part": 2, "parts": 3,
            "items": [{"inventory_id": 81, "sku": "MUG", "locations": [level]},
                      {"inventory_id": 82, "sku": None, "locations": []}],
        }))  # fmt: skip
        (line,) = found.lines
        self.assertEqual((line.sku, line.item_external_id), ("MUG", "81"))
        self.assertEqual((line.on_hand, line.sellable), (12, 10))
        self.assertEqual((found.part, found.parts, found.complete), (2, 3, True))
        self.assertEqual(found.external_id, "10@2026-04-02T12:00:00+00:00#2")

    def test_trackings(self):
        for status, finer, expected in (
            ("InTransit", "OutForDelivery", "out_for_delivery"), ("Delivered", None, "delivered"),
            ("Available for Pickup", None, "ready_for_pickup"),
            ("Return to sender", "", "returning"),
            ("Beamed", None, "unknown"),
        ):  # fmt: skip
            found = to_tracking(node({
                "shipment_id": 7, "carrier_tracking_number": "9400", "status": status,
                "substatus": finer, "last_updated": "2026-04-03T00:00:00Z", "history": [
                    {"status": status, "timestamp": "2026-04-03T00:00:00Z", "location": "Reno"},
                    {"status": "PreTransit", "timestamp": "2026-04-02T00:00:00Z"},
                ],
            }))  # fmt: skip
            self.assertEqual((found.state.value, found.external_id), (expected, "7"))
            self.assertEqual(found.milestones[-1].place, "Reno")

    def test_charges_keep_their_sign_and_what_they_are_for(self):
        rows = [
            {"transaction_id": "A", "transaction_fee": "Shipping", "transaction_type": "Charge",
             "amount": 6.5, "reference_type": "Shipment", "reference_id": "7",
             "additional_details": {"TrackingId": "9400"}, "charge_date": "2026-04-01",
             "taxes": [{"tax_amount": 0.5}]},
            {"transaction_id": "B", "transaction_fee": "Per Pick Fee", "amount": 0.6},
            {"transaction_id": "C", "transaction_fee": "Damage", "amount": 2,
             "transaction_type": "Credit"},
            {"transaction_id": "D", "transaction_fee": "WRO Receiving Fee", "amount": 25,
             "reference_type": "WRO", "reference_id": "443"},
        ]  # fmt: skip
        found = to_invoice(node({
            "invoice_id": 12, "invoice_date": "2026-04-02", "invoice_type": "Shipping",
            "amount": 30.6, "currency_code": "USD", "transactions": rows,
        }))  # fmt: skip
        services = [Service.FREIGHT, Service.PICK, Service.OTHER, Service.RECEIVING]
        self.assertEqual([line.service for line in found.lines], services)
        self.assertEqual([line.amount.amount for line in found.lines],
                         [Decimal("6.5"), Decimal("0.6"), -2, 25])  # fmt: skip
        first, *_rest, last = found.lines
        self.assertEqual((first.shipment_external_id, first.tracking_number), ("7", "9400"))
        self.assertEqual(last.receipt_external_id, "443")
        self.assertEqual(found.total_tax.amount, Decimal("0.5"))

    def test_two_currencies_are_no_invoice(self):
        shown = {"invoice_id": 1, "currency_code": "USD", "amount": 1,
                 "transactions": [{"amount": 1, "currency_code": "EUR"}]}  # fmt: skip
        with self.assertRaises(MalformedPayloadError):
            to_invoice(node(shown))
