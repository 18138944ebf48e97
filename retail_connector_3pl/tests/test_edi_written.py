import io
from datetime import datetime, timezone
from decimal import Decimal

import hypothesis.strategies as st
from hypothesis import given, settings
from pyx12.x12file import X12Reader

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import (
    AnnouncedLine,
    AnnounceReceipt,
    AnnounceReturn,
    Tracking,
)
from odoo.addons.retail_connector_base.providers import ConfigurationError, RejectedError

from ..providers.edi.acknowledgement import SetVerdict, read_997, write_997
from ..providers.edi.announcement_943 import write_announcement
from ..providers.edi.fault import Fault
from ..providers.edi.order_940 import CANCEL, read_940, write_cancel, write_order
from ..providers.edi.profile import profile_of
from ..providers.edi.reading import SetReader
from ..providers.edi.wire import Group, decoded
from ..providers.edi.writing import Speller, WrittenGroup, WrittenSet, interchange
from .edi_kit import ENVELOPE, NOW, SETTINGS, cancel, interchange_of, line, recipient, release


def text_of(segments, code="940", **values):
    """Return the text of one written set."""
    profile = profile_of({**SETTINGS, **values})
    group = WrittenGroup("OW", "1", (WrittenSet(code, "0001", tuple(segments)),))
    return decoded(interchange(profile, 1, NOW, [group]))


def read_back(segments, code="940", **values):
    """Return a reader of one written set."""
    raw = interchange_of(text_of(segments, code, **values)).groups[0].sets[0]
    return SetReader(raw, ENVELOPE, profile_of({**SETTINGS, **values}))


def speller(**values):
    """Return a speller of a profile."""
    return Speller(profile_of({**SETTINGS, **values}))


WORDS = st.text(
    st.characters(codec="ascii", exclude_categories=("Cc",), exclude_characters="*>~"),
    min_size=1, max_size=30,
).map(lambda text: " ".join(text.split())).filter(bool)  # fmt: skip
NUMBERS = st.decimals(Decimal("0.001"), Decimal(99_999), places=3)
LINES = st.builds(line, WORDS, WORDS, NUMBERS, name=WORDS, unit=st.sampled_from([None, "CA"]))


@tagged("post_install", "-at_install")
class TestEdiOrder(BaseCase):
    """940: what we write is what a warehouse reads."""

    def test_a_release_is_read_as_it_was_written(self):
        order = release(note="Leave it at the door", carrier="UPSN", service="GROUND", priority=5)
        status, told = read_940(read_back(write_order(speller(), order)))
        self.assertEqual(status, "N")
        self.assertEqual(told, order)

    @settings(max_examples=40, deadline=None)
    @given(lines=st.lists(LINES, min_size=1, max_size=6), reference=WORDS, note=st.none() | WORDS)
    def test_any_release_is_read_as_it_was_written(self, lines, reference, note):
        order = release(reference[:22].strip(), lines=tuple(lines), note=note, ship_by=None)
        _status, told = read_940(read_back(write_order(speller(), order)))
        self.assertEqual(told, order)

    def test_the_librarys_reader_finds_nothing_wrong(self):
        text = text_of(write_order(speller(), release(note="x" * 300)))
        reader = X12Reader(io.StringIO(text))
        names = [segment.get_seg_id() for segment in reader]
        reader.cleanup()
        self.assertEqual(reader.pop_errors(), [])
        self.assertEqual((names[0], names[-1]), ("ISA", "IEA"))
        self.assertEqual(len(text.splitlines()[0]), 106)

    def test_version_5010_has_a_repetition_separator(self):
        text = text_of(write_order(speller(version="005010"), release()), version="005010")
        self.assertIn("*^*00501*", text.splitlines()[0])
        self.assertIn("*X*005010~", text)
        found = interchange_of(text)
        self.assertEqual(found.separators.repetition, "^")

    def test_other_separators_and_lines_as_terminators(self):
        values = {"separators": "|:\\n"}
        text = text_of(write_order(speller(**values), release()), **values)
        self.assertIn("\nW05|N|WH/OUT/1|#1001\n", text)
        segments = write_order(speller(**values), release())
        self.assertEqual(read_940(read_back(segments, **values))[1], release())

    def test_a_separator_within_a_text_becomes_a_blank(self):
        order = release(recipient=recipient(name="A*B~C>D", street="1~2"), note="a\nb*c")
        told = read_940(read_back(write_order(speller(), order)))[1]
        self.assertEqual(told.recipient.address.name, "A B C D")
        self.assertEqual((told.recipient.address.street, told.note), ("1 2", "a b c"))

    def test_references_are_written_exactly_or_not_at_all(self):
        for values in ({"order_external_id": "a*b"}, {"order_external_id": "x" * 23},
                       {"lines": (line("1", "A~", 1),)}, {"lines": (line("x" * 31, "A", 1),)},
                       {"lines": (line("1", "é", 1),)}):  # fmt: skip
            with self.assertRaises(RejectedError):
                write_order(speller(), release(**values))

    def test_letters_are_written_as_the_warehouse_reads_them(self):
        order = release(recipient=recipient(name="Zoë Müßig-Łoś", city="Köln"))
        told = read_940(read_back(write_order(speller(), order)))[1].recipient.address
        self.assertEqual((told.name, told.city), ("Zoe Mussig-Los", "Koln"))
        segments = write_order(speller(charset="utf-8"), order)
        told = read_940(read_back(segments, charset="utf-8"))[1].recipient.address
        self.assertEqual((told.name, told.city), ("Zoë Müßig-Łoś", "Köln"))
        with self.assertRaisesRegex(RejectedError, "letters"):
            write_order(speller(), release(recipient=recipient(name="東京")))

    def test_nothing_of_an_address_is_cut(self):
        long = " ".join(["street"] * 30)
        order = release(recipient=recipient(street=long))
        told = read_940(read_back(write_order(speller(), order)))[1].recipient.address
        self.assertEqual(f"{told.street} {told.street2}", long)
        for values in ({"street": "x " * 150}, {"city": "x" * 31}, {"zip": "x" * 16}):
            with self.assertRaises(RejectedError):
                write_order(speller(), release(recipient=recipient(**values)))

    def test_a_cancellation_names_what_it_cancels(self):
        segments = write_cancel(speller(), cancel(), release())
        status, told = read_940(read_back(segments))
        self.assertEqual((status, told.order_external_id), (CANCEL, "WH/OUT/1"))
        self.assertIn(("N9", "RE", "REQ/1"), segments)
        bare = write_cancel(speller(), cancel(), None)
        self.assertEqual(bare[0], ("W05", CANCEL, "WH/OUT/1"))

    def test_settings_that_cannot_be_used_are_named(self):
        for name, value in {
            "sender_id": "", "receiver_id": "x" * 16, "version": "003", "separators": "**~",
            "time_zone": "Moon/Base", "usage": "maybe", "settle": "soon", "inbox": "../x",
            "charset": "ebcdic",
        }.items():  # fmt: skip
            with self.assertRaisesRegex(ConfigurationError, name):
                profile_of({**SETTINGS, name: value})


@tagged("post_install", "-at_install")
class TestEdiAnnouncement(BaseCase):
    """943: what will arrive."""

    def lines(self):
        told = {"sku": "A", "name": "Product A", "quantity": Decimal(5)}
        return (AnnouncedLine(external_id="1", lots=("L1",), **told),)

    def test_a_suppliers_delivery(self):
        command = AnnounceReceipt(
            reference="WH/IN/7", location_external_id="MAIN", lines=self.lines(), supplier="Acme",
            expected_at=datetime(2026, 5, 9, 8, tzinfo=timezone.utc), carrier="FEDX",
            trackings=(Tracking(number="T1"),),
        )  # fmt: skip
        text = text_of(write_announcement(speller(), command), "943")
        for segment in ("W06*F*WH/IN/7*20260509~", "N1*SF*Acme~", "N1*ST**92*MAIN~", "N9*2I*T1~",
                        "G62*17*20260509~", "W27*M*FEDX~", "W04*5*EA**VN*A~", "N9*LI*1~",
                        "N9*LT*L1~", "W03*5~"):  # fmt: skip
            self.assertIn(segment, text)

    def test_a_customers_return_is_told_as_one(self):
        command = AnnounceReturn(
            reference="RET/1", location_external_id="MAIN", lines=self.lines(),
            order_external_id="WH/OUT/1",
        )  # fmt: skip
        text = text_of(write_announcement(speller(), command), "943")
        self.assertIn("W06*C*RET/1~", text)
        self.assertIn("N9*CO*WH/OUT/1~", text)


@tagged("post_install", "-at_install")
class TestEdiAnswer(BaseCase):
    """997: what we say of what we read."""

    def test_a_verdict_is_read_as_it_was_written(self):
        group = Group(("GS", "SW", "A", "B", "20260504", "1200", "77", "X", "004010"))
        fault = Fault("wrong", "W12", 4, 3, "6")
        verdicts = [SetVerdict("945", "0001"), SetVerdict("945", "0002", (fault,))]
        segments = write_997(group, verdicts)
        self.assertIn(("AK3", "W12", "4", "", "8"), segments)
        self.assertIn(("AK4", "3", "", "6"), segments)
        self.assertEqual(segments[-1], ("AK9", "P", "2", "2", "1"))
        told = read_997(read_back(segments, "997"))
        self.assertEqual([(n.set, n.accepted) for n in told], [("0001", True), ("0002", False)])

    def test_remarks_do_not_refuse(self):
        group = Group(("GS", "SW", "A", "B", "20260504", "1200", "77", "X", "004010"))
        fault = Fault("odd", "W03", 9, fatal=False, code="8")
        segments = write_997(group, [SetVerdict("945", "0001", (fault,))])
        self.assertIn(("AK5", "E", "5"), segments)
        self.assertEqual(segments[-1][1], "E")
