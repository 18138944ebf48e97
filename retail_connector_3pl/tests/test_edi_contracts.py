import unittest
from datetime import datetime, timezone
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import ShipmentState
from odoo.addons.retail_connector_base.providers import MalformedPayloadError

from ..providers.edi import understand
from ..providers.edi.check import faults_of
from ..providers.edi.content import Content, packed, unpacked
from ..providers.edi.order_940 import read_940
from ..providers.edi.profile import profile_of
from ..providers.edi.reading import Envelope, SetReader
from ..providers.edi.shipment_856 import read_856
from ..providers.edi.shipment_945 import read_945
from ..providers.edi.wire import decoded, interchanges
from .edi_kit import SETTINGS, contracts_root, sample

# What each sample holds: its sets by their groups, and what is wrong with its envelope.
HOLDS = {
    "850_po.edi": [("PO", ["850"])],
    "856_pack.edi": [("SH", ["856"])],
    "856_retail.edi": [("SH", ["856"])],
    "940_multi_line_lot.edi": [("OW", ["940"])],
    "940_new_order.edi": [("OW", ["940"])],
    "945_single_line.edi": [("SW", ["945"])],
    "x12.810a.edi": [("IN", ["810"])],
    "x12.832.edi": [("SC", ["832"])],
    "x12.850a.edi": [("PO", ["850"])],
}


def reader_of(name):
    """Return a reader of the one set of a sample, taken as it is but for its trailer's count."""
    (found,) = interchanges(decoded(sample(name)))
    raw = found.groups[0].sets[0]
    at = datetime(2020, 9, 1, 14, 9, tzinfo=timezone.utc)
    envelope = Envelope(found.sender, found.receiver, found.number, "1", raw.number, at)
    codes = {"warehouse_codes": "CHI"}
    reader = SetReader(raw, envelope, profile_of({**SETTINGS, **codes}))
    reader.faults = []
    return reader


@unittest.skipUnless(contracts_root(), "the published contracts are not here")
@tagged("post_install", "-at_install")
class TestEdiContracts(BaseCase):
    """The published samples: unpadded headers, other versions, line ends as terminators."""

    def test_every_sample_is_taken_apart(self):
        names = {path.name for path in contracts_root().glob("*.edi")}
        self.assertEqual(names, set(HOLDS))
        for name, holds in HOLDS.items():
            with self.subTest(name=name):
                (found,) = interchanges(decoded(sample(name)))
                sets = [(g.code, [s.code for s in g.sets]) for g in found.groups]
                self.assertEqual(sets, holds)
                self.assertEqual(found.problems, [])
                self.assertTrue(found.trailer)

    def test_wrong_counts_are_seen_and_nothing_else(self):
        for name in HOLDS:
            with self.subTest(name=name):
                (found,) = interchanges(decoded(sample(name)))
                raw = found.groups[0].sets[0]
                told = int(raw.segments[-1].split(raw.separators.element)[1])
                codes = {fault.set_code for fault in faults_of(raw)}
                expected = {"4"} if told != len(raw.segments) else set()
                self.assertEqual(codes, expected)

    def test_sets_that_nobody_reads_are_refused_in_words(self):
        for name in ("850_po.edi", "x12.810a.edi", "x12.832.edi"):
            reader = reader_of(name)
            content = unpacked(packed(Content(reader.envelope, reader.raw)))
            with self.assertRaisesRegex(MalformedPayloadError, "not read"):
                understand.canonical_of(content, profile_of(SETTINGS))

    def test_a_shipping_advice_with_lot_and_plate(self):
        shipment = read_945(reader_of("945_single_line.edi"))
        self.assertEqual(shipment.external_id, "IF102/BOL12345")
        self.assertEqual(shipment.order_external_id, "IF102")
        self.assertEqual(shipment.entity_key, "order:IF102")
        self.assertEqual(shipment.name, "BOL12345")
        self.assertIs(shipment.state, ShipmentState.SHIPPED)
        self.assertEqual(shipment.shipped_at, datetime(2019, 6, 4, 12, tzinfo=timezone.utc))
        self.assertEqual(shipment.location_external_id, "CHI")
        self.assertEqual(shipment.carrier, "NPLT")
        self.assertEqual(shipment.trackings, ())
        self.assertTrue(shipment.final)
        (line,) = shipment.lines
        self.assertEqual(
            (line.external_id, line.order_line_external_id, line.sku, line.quantity, line.unit),
            ("10", None, "123456789", Decimal(3000), None),
        )
        self.assertEqual([(lot.number, lot.quantity) for lot in line.lots],
                         [("LOT12314", Decimal(3000))])  # fmt: skip
        (parcel,) = shipment.parcels
        self.assertEqual((parcel.external_id, parcel.tracking), ("LPN6569", None))
        self.assertEqual(parcel.lines, (line,))

    def test_an_order_of_three_lines_with_lots(self):
        status, order = read_940(reader_of("940_multi_line_lot.edi"))
        self.assertEqual((status, order.order_external_id), ("N", "538686"))
        self.assertEqual(order.location_external_id, "0581493780140")
        address = order.recipient.address
        self.assertEqual(
            (address.name, address.street, address.city, address.province_code, address.zip),
            ("GRITS BREAD COMPANY", "2100 SOUTHEAST AVE", "SAN DIEGO", "CA", "91760"),
        )
        self.assertEqual(order.ship_by, datetime(2000, 2, 4, 12, tzinfo=timezone.utc))
        self.assertEqual(order.note, "SHIP ON CHEP PALLETS")
        self.assertEqual((order.carrier, order.service), (None, "MTEN"))
        self.assertEqual(
            [(n.external_id, n.sku, n.quantity, n.unit, n.lots, n.name) for n in order.lines],
            [
                ("1", "000100", Decimal(12), "CA", ("19991205",), "11.500 STRUD BLUBRY"),
                ("2", "000200", Decimal(32), "CA", ("19991207",), "11.500 STRUD CINN"),
                ("3", "000300", Decimal(12), "CA", ("20000107",), "11.500 STRUDEL RASPBRY"),
            ],
        )
        self.assertEqual(reader_of("940_multi_line_lot.edi").first("W76").get(1), "56")

    def test_a_new_order_of_two_lines(self):
        status, order = read_940(reader_of("940_new_order.edi"))
        self.assertEqual((status, order.order_external_id), ("N", "18061923"))
        self.assertEqual(order.order_name, "Test Order 1")
        self.assertEqual(order.location_external_id, "0062507407323")
        address = order.recipient.address
        self.assertEqual(
            (address.name, address.street, address.street2, address.city, address.country_code),
            ("TRADER JOES COMPANY", "2121 BOEING WAY", "STOCKTON WHSE 989", "STOCKTON", "US"),
        )
        self.assertEqual(order.note, "warehouse contact 530-473-4226")
        self.assertEqual((order.carrier, order.service), ("CPU", None))
        self.assertEqual(
            [(n.external_id, n.sku, n.quantity, n.unit) for n in order.lines],
            [
                ("1", "0638746000", Decimal(750), "CA"),
                ("2", "0143872000", Decimal(170), "CA"),
            ],
        )

    def test_a_ship_notice_of_one_parcel(self):
        shipment = read_856(reader_of("856_pack.edi"))
        self.assertEqual(shipment.external_id, "DR3469500/222253")
        self.assertEqual(shipment.order_external_id, "DR3469500")
        self.assertEqual(shipment.shipped_at, datetime(2007, 9, 19, 12, tzinfo=timezone.utc))
        self.assertEqual([t.number for t in shipment.trackings], ["1Z54242X0357922222"])
        (line,) = shipment.lines
        self.assertEqual((line.sku, line.quantity, line.unit), ("25901", Decimal(2), None))
        (parcel,) = shipment.parcels
        self.assertEqual(parcel.lines, (line,))

    def test_a_ship_notice_of_two_items(self):
        shipment = read_856(reader_of("856_retail.edi"))
        self.assertEqual(shipment.external_id, "99999817/829716")
        self.assertEqual(shipment.carrier, "XXXX")
        self.assertEqual([t.number for t in shipment.trackings], ["5787970539"])
        self.assertEqual(
            [(n.sku, n.quantity) for n in shipment.lines],
            [("87787D", Decimal(24)), ("99887D", Decimal(6))],
        )
