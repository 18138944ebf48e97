import csv
import io
import json
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import hypothesis.strategies as st
from hypothesis import given
from hypothesis import settings as examples

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import (
    AnnouncedLine,
    AnnounceReceipt,
    AnnounceReturn,
    CancelAnnouncement,
    CancelReturn,
    Condition,
    ReceiptState,
    ReturnState,
    TrackParcel,
    WarehouseOrderState,
)
from odoo.addons.retail_connector_base.providers import (
    AuthenticationError,
    ConfigurationError,
    MalformedPayloadError,
    RawRequest,
    RejectedError,
    StoredMessage,
    UnsupportedError,
)
from odoo.addons.retail_connector_base.tests.conformance import HOSTILE

from ..providers.warehouse_csv import WarehouseCsvProvider, rows
from ..providers.warehouse_csv.cells import CellError, Cells, Notation
from .edi_kit import NOW, FolderMixin, cancel, change, line, parsed, recipient, release

SHIPMENTS = """\
order,shipment,line,sku,quantity,lot,tracking,carrier,shipped_at,final
O1,S1,1,A,2,L1,1Z1,UPS,2026-05-04T09:30:00Z,yes
O2,S2,1,B,1,,1Z2,UPS,2026-05-04T09:31:00Z,
O1,S1,2,B,3,,1Z1,UPS,2026-05-04T09:30:00Z,
"""


@tagged("post_install", "-at_install")
class TestWarehouseCsvIn(FolderMixin, BaseCase):
    """Files of a warehouse, as messages."""

    settings = {"settle": "0"}
    provider_class = WarehouseCsvProvider

    def setUp(self):
        super().setUp()
        self.open_folder()

    def told_by(self, name, text, kind="shipment", **values):
        """Return what a file says."""
        self.drop(name, text)
        provider = self.provider(**values)
        return [parsed(provider, m) for m in self.fetched(kind, provider)]

    def test_rows_of_one_shipment_are_one_message(self):
        first, second = self.told_by("shipments_1.csv", SHIPMENTS)
        self.assertEqual((first.external_id, first.entity_key), ("O1/S1", "order:O1"))
        self.assertEqual(
            [(n.sku, n.quantity, n.order_line_external_id) for n in first.lines],
            [("A", 2, "1"), ("B", 3, "2")],
        )
        self.assertEqual(first.lines[0].lots[0].number, "L1")
        self.assertEqual([p.external_id for p in first.parcels], ["1Z1"])
        self.assertEqual((first.final, second.final), (True, False))
        self.assertEqual(first.shipped_at, datetime(2026, 5, 4, 9, 30, tzinfo=timezone.utc))
        self.assertEqual(self.names("archive"), ["shipments_1.csv"])

    def test_another_warehouses_habits_are_declared(self):
        text = (
            "Auftrag;Artikel;Menge;Datum;Sendung;Fertig\r\nO1;A;1.234,50;04.05.2026 11:30;S1;J\r\n"
        )
        (told,) = self.told_by(
            "versand_1.csv", text.encode("cp1252"), shipment_files="versand_*.csv", delimiter=";",
            encoding="cp1252", decimal_sign=",", thousands=".", time_formats="%d.%m.%Y %H:%M",
            time_zone="Europe/Berlin", words="J=yes",
            shipment_columns="order=Auftrag, sku=Artikel, quantity=Menge, shipped_at=Datum, "
            "shipment=Sendung, final=Fertig",
        )  # fmt: skip
        self.assertEqual(told.lines[0].quantity, Decimal("1234.50"))
        self.assertEqual(told.shipped_at, datetime(2026, 5, 4, 9, 30, tzinfo=timezone.utc))
        self.assertTrue(told.final)

    def test_marks_and_line_ends_mean_nothing(self):
        for number, data in enumerate((b"\xef\xbb\xbf" + SHIPMENTS.encode(),
                                       SHIPMENTS.replace("\n", "\r\n").encode(),
                                       SHIPMENTS.encode() + b"\n\n")):  # fmt: skip
            self.assertEqual(len(self.told_by(f"shipments_{number}.csv", data)), 2)
        self.assertEqual(
            len(self.told_by("shipments_9.csv", SHIPMENTS.encode("utf-16"), encoding="utf-16")), 2
        )

    def test_one_bad_row_stops_nobody(self):
        text = SHIPMENTS.replace("O2,S2,1,B,1", "O2,S2,1,B,x") + 'O9,S9,1,"A\nO4,S4,1,A,1\n'
        self.drop("shipments_1.csv", text)
        provider = self.provider()
        good, bad, *rest = self.fetched("shipment", provider)
        self.assertEqual(parsed(provider, good).external_id, "O1/S1")
        with self.assertRaisesRegex(MalformedPayloadError, "quantity"):
            parsed(provider, bad)
        self.assertEqual(parsed(provider, rest[0]).external_id, "O4/S4")
        with self.assertRaisesRegex(MalformedPayloadError, "shipments_1.csv:5"):
            parsed(provider, rest[1])

    def test_columns_that_are_missing_put_the_file_aside(self):
        self.drop("shipments_1.csv", SHIPMENTS.replace(",", ";"))
        (message,) = self.fetched("shipment")
        with self.assertRaisesRegex(MalformedPayloadError, "delimiter"):
            parsed(self.provider(), message)
        self.assertEqual(self.names("quarantine"), ["shipments_1.csv"])

    def test_a_shipment_without_a_number_is_its_content(self):
        text = "order,sku,quantity\nO1,A,1\nO1,B,2\n"
        (first,) = self.told_by("shipments_1.csv", text)
        (again,) = self.told_by("shipments_2.csv", text)
        (other,) = self.told_by("shipments_3.csv", text.replace("B,2", "B,1"))
        self.assertEqual(first.external_id, again.external_id)
        self.assertNotEqual(first.external_id, other.external_id)

    def test_serials_parcels_and_two_trackings(self):
        text = (
            "order,shipment,sku,quantity,serial,parcel,tracking\n"
            "O1,S1,A,2,X1|X2,P1,1Z1\nO1,S1,B,1,,P2,1Z2|1Z3\n"
        )
        (told,) = self.told_by("shipments_1.csv", text)
        self.assertEqual([lot.number for lot in told.lines[0].lots], ["X1", "X2"])
        self.assertEqual([t.number for t in told.trackings], ["1Z1", "1Z2", "1Z3"])
        self.assertEqual([(p.external_id, p.tracking and p.tracking.number)
                          for p in told.parcels], [("P1", "1Z1"), ("P2", None)])  # fmt: skip

    def test_receipts(self):
        text = (
            "receipt,announcement,line,sku,quantity,expected,condition,lot,expires_on\n"
            "R1,IN/7,1,A,8,10,,L1,2027-01-31\nR1,IN/7,1,A,2,,B,L1,\n"
        )
        (told,) = self.told_by("receipts_1.csv", text, "receipt", words="B=damaged")
        self.assertEqual(
            (told.external_id, told.entity_key, told.state),
            ("R1", "receipt:IN/7", ReceiptState.COMPLETED),
        )
        self.assertEqual([(n.quantity, n.condition) for n in told.lines],
                         [(8, Condition.SELLABLE), (2, Condition.DAMAGED)])  # fmt: skip
        self.assertEqual(told.lines[0].expected_quantity, 10)
        self.assertEqual(told.lines[0].lots[0].expires_on, date(2027, 1, 31))

    def test_returns(self):
        text = "return,order,sku,quantity,condition,state\nRMA1,O1,A,1,mouldy,\n"
        (told,) = self.told_by("returns_1.csv", text, "return")
        self.assertEqual((told.external_id, told.order_external_id, told.state),
                         ("RMA1", "O1", ReturnState.RECEIVED))  # fmt: skip
        self.assertEqual(told.lines[0].condition, Condition.UNKNOWN)

    def test_answers_to_orders(self):
        text = (
            "order,state,number,reason,request,answer\n"
            "O1,OK,W1,,,\nO2,NOK,W2,No such item,,\nO3,odd,,,,\nO4,cancelled,,,REQ1,accepted\n"
        )
        words = "OK=accepted, NOK=rejected"
        told = self.told_by("orders_1.csv", text, "warehouse_order", words=words)
        self.assertEqual(
            [(t.external_id, t.state) for t in told],
            [
                ("W1", WarehouseOrderState.ACCEPTED),
                ("W2", WarehouseOrderState.REJECTED),
                ("O3", WarehouseOrderState.UNKNOWN),
                ("O4", WarehouseOrderState.CANCELLED),
            ],
        )
        self.assertEqual(told[1].reason, "No such item")
        self.assertEqual(told[3].answers[0].request_reference, "REQ1")

    def test_a_count_states_its_instant_in_a_column_or_by_the_file(self):
        at = "2026-05-04T06:00:00Z"
        text = f"sku,on_hand,sellable,taken_at\nA,5,3,{at}\nB,-1,,{at}\n"
        (told,) = self.told_by("stock_1.csv", text, "stock_snapshot")
        self.assertEqual(told.taken_at, datetime(2026, 5, 4, 6, tzinfo=timezone.utc))
        self.assertEqual(told.location_external_id, "MAIN")
        self.assertEqual([(n.sku, n.on_hand, n.sellable) for n in told.lines],
                         [("A", 5, 3), ("B", -1, None)])  # fmt: skip
        bare = "sku,on_hand\nA,5\n"
        self.drop("stock_2.csv", bare)
        (message,) = self.fetched("stock_snapshot")
        with self.assertRaisesRegex(MalformedPayloadError, "instant"):
            parsed(self.provider(), message)
        (told,) = self.told_by("stock_3.csv", bare, "stock_snapshot", instant="file")
        path = next((self.root / "drop" / "archive").rglob("*stock_3.csv"))
        written = datetime.fromtimestamp(path.stat().st_mtime, timezone.utc)
        self.assertEqual(told.taken_at, written)

    def test_a_large_count_comes_in_parts(self):
        text = "sku,on_hand,taken_at\n" + "".join(
            f"S{n},{n},2026-05-04T06:00:00Z\n" for n in range(2 * rows.PART + 1)
        )
        told = self.told_by("stock_1.csv", text, "stock_snapshot")
        self.assertEqual([(t.part, t.parts) for t in told], [(1, 3), (2, 3), (3, 3)])
        self.assertEqual(len({t.snapshot_external_id for t in told}), 1)
        self.assertEqual(sum(len(t.lines) for t in told), 2 * rows.PART + 1)

    def test_each_poll_reads_its_own_kind(self):
        self.drop("shipments_1.csv", SHIPMENTS)
        self.assertEqual(self.fetched("receipt"), [])
        self.assertEqual(self.names("in"), ["shipments_1.csv"])
        with self.assertRaises(UnsupportedError):
            self.fetched("tracking")

    def test_the_same_file_twice_tells_nothing_new(self):
        self.drop("shipments_1.csv", SHIPMENTS)
        first = self.fetched("shipment")
        self.drop("shipments_2.csv", SHIPMENTS)
        again = self.fetched("shipment")
        self.assertEqual([m.event_id for m in first], [m.event_id for m in again])

    def test_hostile_bodies_raise_what_they_may(self):
        for body in HOSTILE:
            with self.assertRaises(MalformedPayloadError):
                self.provider().parse(StoredMessage("csv/shipment", "shipment", body, {}))
        with self.assertRaises(AuthenticationError):
            self.provider().verify(RawRequest(b"", {}, NOW))

    @examples(max_examples=40, deadline=None)
    @given(text=st.text(st.characters(codec="utf-8"), max_size=200))
    def test_any_text_becomes_messages_that_are_read_or_refused(self, text):
        self.drop("shipments_1.csv", "order,sku,quantity\n" + text)
        provider = self.provider()
        for message in self.fetched("shipment", provider):
            stored = StoredMessage(message.topic, message.kind, message.body, message.headers)
            try:
                self.assertEqual(provider.parse(stored).entity_key, message.entity_key)
            except MalformedPayloadError:
                continue

    def test_columns_that_nobody_declared_are_not_kept(self):
        self.drop("shipments_1.csv", "order,sku,quantity,customer\nO1,A,1,Ada Lovelace\n")
        (message,) = self.fetched("shipment")
        self.assertNotIn(b"Ada", message.body)
        self.assertEqual(json.loads(message.body)["rows"][0]["sku"], "A")


@tagged("post_install", "-at_install")
class TestWarehouseCsvOut(FolderMixin, BaseCase):
    """Files of ours."""

    settings = {"settle": "0"}
    provider_class = WarehouseCsvProvider

    def setUp(self):
        super().setUp()
        self.open_folder()

    def rows(self, **options):
        """Return the rows of the one file that lies there."""
        ((_name, text),) = self.out().items()
        return list(csv.DictReader(io.StringIO(text, newline=""), **options))

    def test_a_release_is_a_row_for_each_line(self):
        order = release(note="Leave it, “here”;\nnow", gift_message="Joy")
        result = self.provider().send(order, "release:1")
        self.assertEqual(
            (result.details["state"], result.external_ids), ("accepted", ("WH/OUT/1",))
        )
        first, second = self.rows()
        self.assertEqual(
            (first["action"], first["order"], first["sku"], first["quantity"], first["line"]),
            ("new", "WH/OUT/1", "A", "2", "1"),
        )
        self.assertEqual((second["sku"], second["quantity"], second["unit"]), ("B", "1.5", "KG"))
        self.assertEqual(first["note"], "Leave it, “here”;\nnow")
        self.assertEqual((first["city"], first["email"]), ("Austin", "ada@example.com"))

    def test_columns_are_written_as_declared(self):
        provider = self.provider(
            release_columns="order=Auftrag, quantity=Menge, name=Name", delimiter=";",
            decimal_sign=",", encoding="cp1252", acceptance="file",
        )  # fmt: skip
        order = release(recipient=recipient(name="Zoë Müller"))
        self.assertNotIn("state", provider.send(order, "release:1").details)
        (path,) = (self.root / "drop" / "out").iterdir()
        self.assertEqual(
            path.read_bytes().decode("cp1252").splitlines(),
            ["Auftrag;Menge;Name", "WH/OUT/1;2;Zoë Müller", "WH/OUT/1;1,5;Zoë Müller"],
        )
        with self.assertRaisesRegex(RejectedError, "letters"):
            provider.send(release("O2", recipient=recipient(name="東京")), "release:2")

    def typed(self):
        """Return a release with what a spreadsheet would compute, or misread."""
        address = recipient(
            name='=HYPERLINK("http://example.com")', street="@home", city="-Austin", zip="\t78701"
        )
        return release(
            recipient=address, note="+1 for care", lines=(line("1", "-A", 1, name="=1+1"),)
        )

    def test_a_system_gets_every_text_as_it_is(self):
        self.provider().send(self.typed(), "release:1")
        (row,) = self.rows()
        self.assertEqual(row["name"], '=HYPERLINK("http://example.com")')
        self.assertEqual(
            (row["street"], row["city"], row["zip"], row["note"], row["phone"]),
            ("@home", "-Austin", "\t78701", "+1 for care", "+15125550100"),
        )

    def test_people_who_open_a_file_get_no_formulas_and_references_stay(self):
        provider = self.provider(readers="people", release_columns="")
        provider.send(self.typed(), "release:1")
        (row,) = self.rows()
        for name in ("name", "street", "city", "zip", "note", "phone", "description"):
            self.assertTrue(row[name].startswith("'"), name)
        self.assertEqual((row["order"], row["sku"], row["email"]),
                         ("WH/OUT/1", "-A", "ada@example.com"))  # fmt: skip
        self.assertNotIn(row["quantity"][:1], "'=+-@")

    def test_many_releases_are_one_file_and_are_written_once(self):
        orders = [(release(f"O{n}"), f"release:O{n}") for n in range(3)]
        first = self.provider().send_many(orders)
        self.assertEqual(len(self.out()), 1)
        self.assertEqual([r["order"] for r in self.rows()][::2], ["O0", "O1", "O2"])
        self.take_out()
        self.now += timedelta(hours=1)
        self.assertEqual(self.provider().send_many(orders), first)
        self.assertEqual(self.out(), {})
        self.assertEqual(self.provider().look_up(*orders[0]), first[0])

    def test_changes_and_cancellations(self):
        provider = self.provider()
        provider.send(change(recipient=recipient(city="Dallas")), "change:1")
        (row,) = self.rows()
        self.assertEqual((row["action"], row["request"], row["city"], row["sku"]),
                         ("change", "REQ/2", "Dallas", ""))  # fmt: skip
        self.take_out()
        provider.send(change(lines=(line("1", "A", 1),)), "change:2")
        (row,) = self.rows()
        self.assertEqual((row["sku"], row["quantity"], row["city"]), ("A", "1", ""))
        self.take_out()
        result = provider.send(cancel(), "cancel:1")
        (row,) = self.rows()
        self.assertEqual((row["action"], row["request"]), ("cancel", "REQ/1"))
        self.assertNotIn("answer", result.details)

    def test_announcements(self):
        told = AnnouncedLine(external_id="1", sku="A", name="A", quantity=Decimal(5))
        provider = self.provider()
        place = {"location_external_id": "MAIN"}
        provider.send(
            AnnounceReceipt(reference="IN/1", lines=(told,), supplier="Acme", **place), "a"
        )
        (row,) = self.rows()
        self.assertEqual((row["announcement"], row["kind"], row["supplier"], row["quantity"]),
                         ("IN/1", "receipt", "Acme", "5"))  # fmt: skip
        self.take_out()
        back = AnnounceReturn(reference="R1", lines=(told,), order_external_id="O1", **place)
        provider.send(back, "b")
        (row,) = self.rows()
        self.assertEqual((row["kind"], row["order"]), ("return", "O1"))
        self.take_out()
        provider.send(CancelAnnouncement(reference="IN/1", **place), "c")
        (row,) = self.rows()
        self.assertEqual((row["action"], row["announcement"]), ("cancel", "IN/1"))
        self.take_out()
        provider.send(CancelReturn(reference="R1", **place), "e")
        (row,) = self.rows()
        self.assertEqual((row["action"], row["announcement"], row["kind"]),
                         ("cancel", "R1", "return"))  # fmt: skip
        with self.assertRaises(UnsupportedError):
            provider.send(TrackParcel(number="1Z"), "d")

    def test_settings_that_cannot_be_used_are_named(self):
        for name, value in {
            "delimiter": "ab", "encoding": "ebcdic-x", "time_formats": "%Q", "time_zone": "Moon",
            "shipment_columns": "colour=Farbe", "release_columns": "colour", "inbox": "../x",
            "instant": "never", "readers": "cats", "stock_snapshot_files": "a*b*",
        }.items():  # fmt: skip
            with self.assertRaisesRegex(ConfigurationError, name):
                self.provider(**{name: value}).test_connection()
        report = self.provider().test_connection()
        self.assertEqual(report.details[0], ("Files of shipments", "0"))
        self.assertEqual([w.external_id for w in self.provider().warehouses()], ["MAIN"])


@tagged("post_install", "-at_install")
class TestWarehouseCsvCells(BaseCase):
    """Numbers and times as systems write them."""

    def cells(self, text, **values):
        return Cells({"x": text}, {}, Notation(**values))

    def test_numbers(self):
        for text, values, expected in (
            ("5", {}, "5"), ("5-", {}, "-5"), ("+5.50", {}, "5.5"), (".5", {}, "0.5"),
            ("5.", {}, "5"), ("1.234,5", {"decimal_sign": ",", "thousands": "."}, "1234.5"),
            ("1 234", {"thousands": " "}, "1234"), ("1\u00a0234", {"thousands": " "}, "1234"),
        ):  # fmt: skip
            self.assertEqual(self.cells(text, **values).number("x"), Decimal(expected), text)

    def test_what_is_no_number_is_not_guessed(self):
        for text, values in (("1,5", {}), ("1e9", {}), ("NaN", {}), ("1.5", {"decimal_sign": ","}),
                             ("12,34", {"thousands": ","}), ("9" * 50, {}),
                             ("--1", {})):  # fmt: skip
            with self.assertRaises(CellError) as caught:
                self.cells(text, **values).number("x")
            self.assertNotIn(text, str(caught.exception))

    def test_quantities_are_never_negative(self):
        for text in ("-1", ""):
            with self.assertRaises(CellError):
                self.cells(text).quantity("x")

    def test_times(self):
        formats = ("%d.%m.%Y", "iso")
        told = self.cells("04.05.2026", formats=formats).moment("x")
        self.assertEqual(told, datetime(2026, 5, 4, 12, tzinfo=timezone.utc))
        told = self.cells("2026-05-04T09:30:00+02:00", formats=formats).moment("x")
        self.assertEqual(told, datetime(2026, 5, 4, 7, 30, tzinfo=timezone.utc))
        with self.assertRaises(CellError):
            self.cells("yesterday").moment("x")
