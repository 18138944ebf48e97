import tracemalloc

import hypothesis.strategies as st
from hypothesis import given, settings

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.providers import MalformedPayloadError, StoredMessage
from odoo.addons.retail_connector_base.tests.conformance import HOSTILE

from ..providers.edi import wire
from ..providers.edi.fault import SetError
from ..providers.edi.wire import Interchange, NotX12Error, decoded, interchanges
from .edi_kit import FolderMixin, mail, parsed, reader_of, shipped

SEGMENTS = st.sampled_from(
    ["ST*945*0001", "ST*997*0002", "SE*2*0001", "SE", "GS*SW*A*B*20260504*1130*7*X*004010", "GS",
     "GE*1*7", "GE", "IEA*1*000000007", "IEA", "W06*F*O1*20260504*B1", "LX*1", "LX", "W12",
     "W12*CC*2*2*0*EA**VN*A", "W12*BP*-1*1E9*9*EA", "N9*LI*1", "N1*WH", "MAN*CP*1Z", "MAN",
     "HL*1**S", "BSN*00*1*20260504", "PRF*O1", "LIN**VN*A", "SN1**2*EA", "TA1*1*2*3*R", "LS*1",
     "LE*1", "AK1*OW*1", "AK9*A", "W03*5", "", "*", "**", "\x00", "é*ü"]
)  # fmt: skip


def shape(text):
    """Return what a text is taken apart to, without anything raised."""
    return [
        type(found).__name__ if isinstance(found, NotX12Error) else len(found.groups)
        for found in interchanges(text)
    ]


@tagged("post_install", "-at_install")
class TestEdiWire(BaseCase):
    """Headers and envelopes as they should not be."""

    def only(self, text):
        (found,) = interchanges(text)
        return found

    def test_separators_are_what_the_header_says(self):
        text = mail(shipped()).replace("*", "|").replace("~", "'").replace(">", ":")
        found = self.only(text)
        own = found.separators
        self.assertEqual((own.element, own.component, own.segment), ("|", ":", "'"))
        self.assertEqual(found.groups[0].sets[0].code, "945")

    def test_lines_of_any_kind_may_end_segments(self):
        for end in ("\n", "\r\n", "~\r\n", "~", "~\n\n", "\x1c", "\x1e\n"):
            with self.subTest(end=end):
                found = self.only(mail(shipped()).replace("~\n", end))
                self.assertEqual(len(found.groups[0].sets), 1)
                self.assertEqual(reader_of(mail(shipped()).replace("~\n", end)).faults, [])

    def test_separators_that_are_no_separators_are_refused(self):
        good = mail(shipped())
        for text in (good.replace("*>~", "**~"), good.replace("*>~", "*~~"),
                     good.replace("*>~", "*A~"), good.replace("*>~", "*> "),
                     good.replace("*", "X"), good.replace("*", " "),
                     "ISA", "ISA*", "ISA*00*", "ISA" + "*" * 15, "ISA" + "*x" * 400):  # fmt: skip
            with self.subTest(text=text[:120]):
                self.assertTrue(all(isinstance(one, NotX12Error) for one in interchanges(text)))

    def test_short_headers_are_read(self):
        text = mail(shipped())
        short = "*".join(part.strip() for part in text[:105].split("*")) + text[105:]
        self.assertEqual(self.only(short).sender, "ZZ:WAREHOUSE")

    def test_a_mark_in_front_and_a_ctrl_z_behind_mean_nothing(self):
        data = b"\xef\xbb\xbf" + mail(shipped()).encode() + b"\x1a"
        self.assertIsInstance(self.only(decoded(data)), Interchange)

    def test_an_interchange_within_another_ends_it(self):
        text = mail(shipped())
        inner = text[: text.index("\nSE*") + 1] + text
        first, second = interchanges(inner)
        self.assertEqual(first.groups[0].sets[0].fault.set_code, "2")
        self.assertIn("no IEA", first.problems[0])
        self.assertEqual((second.problems, second.groups[0].sets[0].fault), ([], None))

    def test_sets_and_groups_that_are_not_closed_are_closed_by_the_next(self):
        text = mail(shipped("O1", "B1"), shipped("O2", "B2"))
        first_end = text.index("\nSE*") + 1
        open_set = text[:first_end] + text[text.index("ST*945*0002") :]
        cut, whole = self.only(open_set).groups[0].sets
        self.assertEqual((cut.fault.set_code, whole.fault), ("2", None))
        group = text[text.index("GS*") : text.index("GE*")]
        twice = text.replace(group, group + group)
        self.assertEqual([len(g.sets) for g in self.only(twice).groups], [2, 2])
        self.assertEqual(self.only(twice).groups[0].problems, ["A group has no GE."])

    def test_segments_that_belong_nowhere_are_told(self):
        text = mail(shipped()).replace("GE*", "W06*F*LOST~\nGE*")
        self.assertIn("W06", self.only(text).groups[0].problems[0])
        bare = mail(shipped()).replace("GS*", "XX*", 1).replace("GE*", "GE*")
        self.assertTrue(any("no group" in p for g in self.only(bare).groups for p in g.problems))

    def test_a_segment_that_is_too_long_refuses_its_set_only(self):
        long = f"945: W06*F*{'9' * 50_000}~ LX*1~ W12*CC*1*1*0*EA**VN*A~"
        bad, good = self.only(mail(long, shipped())).groups[0].sets
        self.assertIn("too long", bad.fault.text)
        self.assertIsNone(good.fault)
        self.assertLess(max(map(len, bad.segments)), wire.LONGEST_SEGMENT + 1)

    def test_wrong_counts_and_numbers_are_named(self):
        for old, new, code in (("\nSE*", "\nSE*9", "4"), ("*0001~\nGE", "*0009~\nGE", "3"),
                               ("\nSE*", "\nSE*x", "4"), ("\nSE*", "\nSE**", "4")):  # fmt: skip
            reader = reader_of(mail(shipped()).replace(old, new, 1))
            self.assertIn(code, [fault.set_code for fault in reader.faults], (old, new))
            with self.assertRaises(SetError):
                reader.stop_if_wrong()

    def test_empty_segments_hide_nothing_behind_them(self):
        """The library's own reader ends there without a word."""
        text = mail(shipped("O1", "B1"), shipped("O2", "B2")).replace("LX*1~", "LX*1~~\n~")
        self.assertEqual([s.fault for s in self.only(text).groups[0].sets], [None, None])
        self.assertEqual(reader_of(text).faults, [])

    @settings(max_examples=60, deadline=None)
    @given(parts=st.lists(SEGMENTS, max_size=14), cut=st.integers(0, 60))
    def test_any_order_of_segments_is_taken_apart(self, parts, cut):
        text = mail()[:106] + "\n" + "~".join(parts) + "~"
        for found in interchanges(text[: len(text) - cut]):
            if isinstance(found, Interchange):
                for group in found.groups:
                    self.assertTrue(all(raw.segments for raw in group.sets))

    @settings(max_examples=50, deadline=None)
    @given(text=st.text(max_size=300))
    def test_any_text_is_taken_apart(self, text):
        shape(text)
        shape("ISA" + text)
        shape(mail()[:100] + text)


@tagged("post_install", "-at_install")
class TestEdiHostileFiles(FolderMixin, BaseCase):
    """Whatever is dropped becomes messages that can be shown, and stops nobody."""

    def setUp(self):
        super().setUp()
        self.open_folder()

    def test_what_is_no_x12_is_put_aside_and_shown(self):
        for number, body in enumerate(b for b in HOSTILE if b):
            self.drop(f"{number:02}.edi", body)
        self.drop("zz.edi", mail(shipped()))
        provider = self.provider()
        *bad, good = self.fetched(provider=provider)
        self.assertEqual(parsed(provider, good).order_external_id, "WH/OUT/1")
        self.assertEqual(len({m.entity_key for m in bad}), len(bad))
        for message in bad:
            with self.assertRaisesRegex(MalformedPayloadError, r"\.edi"):
                parsed(provider, message)
        self.assertEqual(self.names("archive"), ["zz.edi"])
        self.assertEqual(len(self.names("quarantine")), len(bad))

    def test_an_empty_file_is_archived(self):
        self.drop("a.edi", b"")
        self.assertEqual(self.fetched(), [])
        self.assertEqual(self.names("archive"), ["a.edi"])

    @settings(max_examples=40, deadline=None)
    @given(parts=st.lists(SEGMENTS, max_size=14), header=st.booleans())
    def test_any_segments_become_messages_that_are_read_or_refused(self, parts, header):
        text = mail()[:106] + "\n"
        text += "GS*SW*A*B*20260504*1130*7*X*004010~" if header else ""
        text += "~".join(parts) + "~"
        self.drop("a.edi", text)
        provider = self.provider(repeated_numbers="accept")
        for message in self.fetched(provider=provider):
            self.assertTrue(message.event_id and message.entity_key and message.topic)
            stored = StoredMessage(message.topic, message.kind, message.body, message.headers)
            try:
                canonical = provider.parse(stored)
            except MalformedPayloadError:
                continue
            self.assertEqual(canonical.entity_key, message.entity_key)
        self.take_out()

    def test_hostile_bodies_raise_what_they_may(self):
        for body in HOSTILE:
            with self.assertRaises(MalformedPayloadError):
                self.provider().parse(StoredMessage("x12/945", "shipment", body, {}))
        self.drop("a.edi", mail(shipped()))
        (message,) = self.fetched()
        for end in range(0, len(message.body), 7):
            with self.assertRaises(MalformedPayloadError):
                self.provider().parse(StoredMessage("x12/945", "shipment", message.body[:end], {}))

    def test_a_long_file_costs_memory_in_proportion(self):
        self.drop("a.edi", mail(*(shipped(f"O{n}", f"B{n}") for n in range(2_000))))
        size = (self.root / "drop" / "in" / "a.edi").stat().st_size
        tracemalloc.start()
        try:
            count = len(self.fetched())
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        self.assertEqual(count, 2_000)
        self.assertLess(peak, 60 * size)

    def test_brackets_and_braces_are_text(self):
        self.drop("a.edi", mail(shipped("{O1}[x]", "B/1")))
        (message,) = self.fetched()
        self.assertEqual(parsed(self.provider(), message).order_external_id, "{O1}[x]")
