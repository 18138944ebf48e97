from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import ShipmentState
from odoo.addons.retail_connector_base.providers import MalformedPayloadError

from ..providers.shipbob.quantities import NotToldError
from ..providers.shipbob.shipments import in_order, to_shipment
from .shipbob_common import item, node, order, product, shipment

COUNTS = st.integers(1, 9)


def carton(number, *products, **values):
    details = [{"products": list(products)}]
    return {"id": number, "carton_details": details, "measurements": {"total_weight_oz": 10.5},
            **values}  # fmt: skip


@tagged("post_install", "-at_install")
class TestShipBobShipment(BaseCase):
    def shown(self, shown, whole=None):
        return to_shipment(node(shown), node(whole) if whole else None)

    def test_what_left(self):
        found = self.shown(shipment(7))
        self.assertEqual(found.state, ShipmentState.SHIPPED)
        self.assertEqual((found.order_external_id, found.location_external_id), ("REL-1", "10"))
        self.assertEqual((found.carrier, found.trackings[0].number), ("USPS", "9400"))
        self.assertEqual(found.shipped_at.isoformat(), "2026-04-02T09:30:00+00:00")
        (line,) = found.lines
        self.assertEqual((line.sku, line.quantity), ("MUG", 2))
        (parcel,) = found.parcels
        self.assertEqual((parcel.external_id, parcel.weight_grams), ("7", Decimal("453.59")))

    def test_what_has_not_left_names_no_goods(self):
        for status in ("Processing", "LabeledCreated", "Exception", "OnHold", "None"):
            found = self.shown(shipment(7, status))
            self.assertEqual((found.state, found.lines), (ShipmentState.PENDING, ()))

    def test_unknown_states_are_unknown(self):
        self.assertEqual(self.shown(shipment(7, "Lost")).state, ShipmentState.UNKNOWN)

    def test_lots_and_serial_numbers(self):
        lots = product(
            "TEA", item(81, 2, lot="L1", expiration_date="2027-01-31T00:00:00Z"),
            item(81, 3, lot="L2"),
        )  # fmt: skip
        serials = product("CAM", item(82, 2, serial_numbers=["S1", "S2"], lot="X"), number=2)
        tea, camera = self.shown(shipment(7, "Completed", lots, serials)).lines
        self.assertEqual(tea.quantity, 5)
        self.assertEqual([(lot.number, lot.quantity, lot.expires_on) for lot in tea.lots],
                         [("L1", 2, date(2027, 1, 31)), ("L2", 3, None)])  # fmt: skip
        numbers = [(lot.number, lot.quantity) for lot in camera.lots]
        self.assertEqual(numbers, [("S1", 1), ("S2", 1)])

    def test_cartons_are_parcels(self):
        pallet = {"barcode": "P1", "cartons": [
            carton(1, product("MUG", item(81, 1))), carton(2, product("MUG", item(81, 1))),
        ]}  # fmt: skip
        empty = {"barcode": "P2", "cartons": None, "measurements": {"total_weight_oz": 1}}
        found = self.shown(shipment(7, parent_cartons=[pallet, empty]))
        self.assertEqual([one.external_id for one in found.parcels], ["1", "2", "P2"])
        self.assertEqual([one.lines[0].quantity for one in found.parcels[:2]], [1, 1])
        self.assertEqual({one.tracking.number for one in found.parcels}, {"9400"})

    def test_bundles_are_counted_by_their_share(self):
        """Two of three sets in one shipment, the third in another."""
        first = shipment(7, "Completed", product("SET", item(81, 2), item(82, 4)))
        other = shipment(8, "Processing", product("SET", item(81, 1), item(82, 2)))
        whole = order(first, other, wanted={"SET": 3})
        self.assertEqual(self.shown(first, whole).lines[0].quantity, 2)

    @given(
        st.lists(st.integers(1, 9), min_size=1, max_size=5), st.integers(1, 4), st.integers(1, 4)
    )
    @settings(max_examples=40, deadline=None)
    def test_shares_of_bundles_add_up(self, units, each, other):
        """However an order of bundles is split, all of it is told, and nothing twice."""
        shown = [
            shipment(at, "Completed", product("SET", item(81, n * each), item(82, n * other)))
            for at, n in enumerate(units, 1)
        ]
        whole = order(*shown, wanted={"SET": sum(units)})
        told = [self.shown(one, whole).lines[0].quantity for one in shown]
        self.assertEqual(told, units)

    def test_a_whole_bundle_is_what_was_ordered(self):
        one = shipment(7, "Completed", product("SET", item(81, 2), item(82, 4)))
        gone = shipment(8, "Cancelled", product("SET", item(81, 2), item(82, 4)))
        self.assertEqual(self.shown(one, order(one, gone, wanted={"SET": 2})).lines[0].quantity, 2)

    def test_bundles_that_do_not_come_out_are_not_guessed(self):
        first = shipment(7, "Completed", product("SET", item(81, 1), item(82, 4)))
        other = shipment(8, "Processing", product("SET", item(81, 2), item(82, 2)))
        for whole in (order(first, other, wanted={"SET": 3}), None):
            with self.assertRaises(NotToldError):
                self.shown(first, whole)

    def test_only_the_last_that_left_is_final(self):
        """What left before it is told before it: nothing is missing then."""
        first = shipment(8, actual_fulfillment_date="2026-04-02T08:00:00.1234567Z")
        second = shipment(7, actual_fulfillment_date="2026-04-02T09:00:00+00:00")
        later = shipment(9, "Cancelled", actual_fulfillment_date=None)
        for others in ((first, second), (second, first), (first, later, second)):
            whole = order(*others)
            finals = {one["id"]: self.shown(one, whole).final for one in others}
            self.assertEqual([number for number, final in finals.items() if final], [7])
            self.assertEqual([one.identifier() for one in in_order(node(whole))][-2:], ["8", "7"])

    def test_the_last_shipment_is_final(self):
        for others, final in (
            ([], True),
            ([shipment(6)], True),
            ([shipment(8)], False),
            ([shipment(8, "Cancelled")], True),
            ([shipment(8, "Processing")], False),
            ([shipment(8, "Exception")], False),
        ):
            found = self.shown(shipment(7), order(shipment(7), *others))
            self.assertEqual(found.final, final)
        self.assertFalse(self.shown(shipment(7)).final)

    def test_whether_more_comes_is_a_version_of_its_own(self):
        late = shipment(8, "Cancelled", last_update_at="2026-04-03T00:00:00Z")
        open_ = shipment(8, "Processing", last_update_at="2026-04-02T00:00:00Z")
        before = self.shown(shipment(7), order(shipment(7), open_))
        after = self.shown(shipment(7), order(shipment(7), late))
        self.assertLess(before.version, after.version)
        self.assertEqual((before.final, after.final), (False, True))

    def test_freight_is_followed_by_its_own_number(self):
        freight = {"carrier": "XPO", "pro_number": "PRO1", "shipping_date": "2026-04-02T20:00:00Z"}
        found = self.shown(shipment(7, tracking=freight))
        self.assertEqual(found.trackings[0].number, "PRO1")
        self.assertEqual(found.shipped_at.hour, 20)

    def test_what_contradicts_itself_is_refused(self):
        for bad in (
            item(81, 1, serial_numbers=["S1", "S2"]),
            item(81, -1),
            item(81, 1, serial_numbers="S1"),
            {**item(81, 1), "id": None},
            item(81, 1, expiration_date="soon", lot="L"),
        ):
            with self.assertRaises(MalformedPayloadError):
                self.shown(shipment(7, "Completed", product("MUG", bad)))
