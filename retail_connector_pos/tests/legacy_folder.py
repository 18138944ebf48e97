"""What holds for every folder that files are dropped into."""

import gzip
import threading
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from unittest.mock import patch

from odoo.addons.retail_connector_base.providers import (
    ConfigurationError,
    MalformedPayloadError,
    TransientError,
)
from odoo.addons.retail_connector_base.providers.file_drop import lines

from ..decisions.legacy_layout import Part, Rule
from ..providers.legacy_files import poll
from ..providers.legacy_files.claim import Claims
from .legacy_kit import (
    NOW,
    csv_text,
    file_layout,
    file_provider,
    header_rules,
    keys_of,
    messages_of,
    parsed,
)

# What is put before the name of a file that is put away.
TOKEN = len("20260412T120000-123456789-12345678-")


class LegacyFolder:
    """What holds for every folder; a subclass says how to reach one."""

    def setUp(self):
        super().setUp()
        self.open_folder()

    def provider(self, layout=None, now=NOW, **settings):
        layout = layout or file_layout()
        return file_provider(self.url, layout, now, self.secrets, **{**self.settings, **settings})

    def fetched(self, provider=None, cursor=""):
        return messages_of((provider or self.provider()).fetch("pos_ticket", cursor))

    def folder(self, name):
        """Return the names of the files below one of our folders, without what we put before."""
        return sorted(path.split("/")[-1][TOKEN:] for path in self.names() if path.startswith(name))

    def inbox(self):
        """Return the names of what lies in the folder itself."""
        return sorted(path for path in self.names() if "/" not in path)

    # Reading

    def test_a_file_is_read_and_archived(self):
        self.drop("sales_1.csv", csv_text((1, "10"), (2, "5.50")))
        provider = self.provider()
        messages = self.fetched(provider)
        self.assertEqual(keys_of(messages), ["pos_ticket:1", "pos_ticket:2"])
        self.assertEqual(str(parsed(provider, messages[1]).total), "5.50")
        self.assertEqual(messages[1].headers["from"], "sales_1.csv:3")
        self.assertEqual((self.inbox(), self.folder("archive")), ([], ["sales_1.csv"]))

    def test_other_files_are_left_alone(self):
        names = ["notes.txt", "sales_1.csv.part", ".sales_2.csv", "sales_3.csv.tmp", "x_sales_.csv"]
        for name in names:
            self.drop(name, csv_text((1, "10")))
        self.assertEqual(self.fetched(), [])
        self.assertEqual(self.inbox(), sorted(names))

    def test_nothing_is_archived_before_its_messages_are_stored(self):
        """Between two pages the caller commits; what dies before that finds the file claimed."""
        self.drop("sales_1.csv", csv_text((1, "10")))
        pages = self.provider().fetch("pos_ticket", "")
        first = next(pages)
        self.assertEqual((self.inbox(), self.folder("archive")), ([], []))
        self.assertEqual(len(self.names()), 1)
        pages.close()
        self.assertEqual(self.folder("archive"), [])
        again = self.fetched()
        self.assertEqual([m.event_id for m in again], [m.event_id for m in first.messages])
        self.assertEqual(self.folder("archive"), ["sales_1.csv"])

    def test_a_poll_goes_on_behind_its_last_page(self):
        with patch.object(poll, "PAGE", 2):
            self.drop("sales_1.csv", csv_text(*((n, "10") for n in range(1, 6))))
            pages = self.provider().fetch("pos_ticket", "")
            first = next(pages)
            pages.close()
            rest = self.fetched(cursor=first.cursor)
        self.assertEqual(keys_of(rest), [f"pos_ticket:{n}" for n in (3, 4, 5)])

    def test_the_same_file_dropped_twice_tells_nothing_new(self):
        self.drop("sales_1.csv", csv_text((1, "10")))
        first = self.fetched()
        self.drop("sales_1.csv", csv_text((1, "10")))
        again = self.fetched(self.provider(now=NOW + timedelta(hours=1)))
        self.assertEqual(first[0].event_id, again[0].event_id)
        self.assertEqual(self.folder("archive"), ["sales_1.csv", "sales_1.csv"])

    def test_another_file_of_the_same_name_is_another_file(self):
        self.drop("sales_1.csv", csv_text((1, "10")))
        first = self.fetched()
        self.drop("sales_1.csv", csv_text((1, "12")))
        (again,) = self.fetched()
        self.assertEqual(first[0].entity_key, again.entity_key)
        self.assertNotEqual(first[0].event_id, again.event_id)

    def test_two_states_in_one_file_are_told_in_their_order(self):
        layout = file_layout(format="jsonl", shape="nested", pattern="*.jsonl")
        row = '{"id": "1", "store": "S", "till": "T", "at": "2026-04-12", "total": %s}\n'
        layout = type(layout)("pos_ticket", (layout.header, Part("lines", path="none"),
                                             layout.parts[2]), files=layout.files)  # fmt: skip
        self.drop("a.jsonl", row % 10 + row % 12)
        first, second = self.fetched(self.provider(layout))
        self.assertEqual(first.entity_key, second.entity_key)
        self.assertLess(first.observed_at, second.observed_at)

    # What is wrong with files

    def test_one_bad_row_stops_nobody(self):
        text = csv_text((1, "10"), (2, "x"), (3, "5"))
        self.drop("sales_1.csv", text + "4,S1,R1,2026-04-12 10:00:00,5,A,1,5,one cell too many\n")
        provider = self.provider()
        messages = self.fetched(provider)
        self.assertEqual(keys_of(messages)[:3], [f"pos_ticket:{n}" for n in (1, 2, 3)])
        self.assertEqual(parsed(provider, messages[2]).external_id, "3")
        for message in (messages[1], messages[3]):
            with self.assertRaises(MalformedPayloadError) as caught:
                parsed(provider, message)
            self.assertNotIn("x", str(caught.exception).split(":")[-1].split())
        self.assertIn(b"one cell too many", messages[3].body)
        self.assertEqual(self.folder("archive"), ["sales_1.csv"])

    def test_what_was_quarantined_is_read_after_the_layout_was_mended(self):
        text = csv_text((1, "10")).replace("2026-04-12 10:00:00", "12.04.2026 10:00")
        self.drop("sales_1.csv", text)
        (message,) = self.fetched()
        with self.assertRaises(MalformedPayloadError):
            parsed(self.provider(), message)
        layout = file_layout()
        rules = tuple(
            Rule("sold_at", ("at",), formats=("%d.%m.%Y %H:%M",)) if r.target == "sold_at" else r
            for r in header_rules()
        )
        head = Part("header", rules, key=("id",), pattern="sales_*.csv")
        mended = type(layout)("pos_ticket", (head, *layout.parts[1:]), files=layout.files)
        self.assertEqual(parsed(self.provider(mended), message).external_id, "1")

    def test_an_open_quotation_mark_swallows_one_line_only(self):
        bad = csv_text((1, "10"), (2, "10"), (3, "10")).replace("2,S1", '2,"S1')
        self.drop("sales_1.csv", bad)
        self.assertEqual(
            [key.split(":")[0] for key in keys_of(self.fetched())],
            ["pos_ticket", "pos_ticket", "record"],
        )

    def test_bytes_of_another_encoding_are_shown(self):
        text = csv_text((1, "10"), (2, "10")).replace("2,S1", "2,Sü").encode("cp1252")
        self.drop("sales_1.csv", text)
        provider = self.provider()
        good, bad = self.fetched(provider)
        self.assertEqual(parsed(provider, good).external_id, "1")
        with self.assertRaisesRegex(MalformedPayloadError, "encoded"):
            parsed(provider, bad)

    def test_a_byte_order_mark_is_no_part_of_the_first_name(self):
        self.drop("sales_1.csv", csv_text((1, "10")).encode("utf-8-sig"))
        self.assertEqual(keys_of(self.fetched()), ["pos_ticket:1"])

    def test_an_empty_file_is_archived(self):
        self.drop("sales_1.csv", b"")
        self.drop("sales_2.csv", csv_text())
        self.assertEqual(self.fetched(), [])
        self.assertEqual(self.folder("archive"), ["sales_1.csv", "sales_2.csv"])

    def test_a_compressed_file_is_put_aside_and_shown(self):
        self.drop("sales_1.csv", gzip.compress(b"0" * 10_000_000))
        self.drop("sales_2.csv", csv_text((1, "10")))
        bad, good = self.fetched()
        with self.assertRaisesRegex(MalformedPayloadError, "compressed"):
            parsed(self.provider(), bad)
        self.assertEqual(good.entity_key, "pos_ticket:1")
        self.assertEqual(self.folder("quarantine"), ["sales_1.csv"])

    def test_columns_that_are_there_twice_cannot_be_read(self):
        self.drop("sales_1.csv", "id,id\n1,2\n")
        (bad,) = self.fetched()
        with self.assertRaisesRegex(MalformedPayloadError, "twice"):
            parsed(self.provider(), bad)

    def test_a_line_without_an_end_costs_no_memory(self):
        self.drop("sales_1.csv", csv_text((1, "10")) + "9" * 5_000_000)
        with patch.object(lines, "LONGEST_LINE", 2**14):
            good, bad = self.fetched()
        self.assertEqual(good.entity_key, "pos_ticket:1")
        self.assertLess(len(bad.body), 100_000)

    def test_an_object_that_is_nested_deeply_stops_nobody(self):
        layout = file_layout(format="jsonl", shape="nested", pattern="*.jsonl")
        layout = replace(layout, parts=(layout.header, Part("lines", path="none"), layout.parts[2]))
        good = '{"id": "1", "store": "S", "till": "T", "at": "2026-04-12", "total": 1}\n'
        deep = "".join('{"id": ' + "[" * n + "]" * n + "}\n" for n in (30, 300, 900, 90_000))
        self.drop("a.jsonl", deep + good)
        messages = self.fetched(self.provider(layout))
        self.assertEqual((len(messages), messages[-1].entity_key), (5, "pos_ticket:1"))

    def test_headers_of_rows_that_are_gone_are_named(self):
        layout = self.three_files()
        self.drop("h_1.csv", "id,store,till,at,total\n1,S,T,2026-04-12,10\n")
        self.drop("l_1.csv", "sale,sku,qty,price\n1,A,1,10\n2,B,1,10\n")
        self.drop("t_1.csv", "sale,how,amt\n1,cash,10\n,card,5\n")
        provider = self.provider(layout)
        ticket, *bad = self.fetched(provider)
        self.assertEqual(len(parsed(provider, ticket).lines), 1)
        self.assertEqual(len(bad), 2)
        self.assertEqual(self.folder("archive"), ["h_1.csv", "l_1.csv", "t_1.csv"])

    def three_files(self):
        names = {"id": "id", "store": "store"}
        layout = file_layout(shape="files")
        lines_ = Part("lines", layout.parts[1].rules, key=("sale",), pattern="l_*.csv")
        tenders = Part(
            "tenders", (Rule("method", ("how",)), Rule("amount", ("amt",))),
            key=("sale",), pattern="t_*.csv",
        )  # fmt: skip
        head = Part("header", layout.header.rules, key=(names["id"],), pattern="h_*.csv")
        return type(layout)("pos_ticket", (head, lines_, tenders), key="3", files=layout.files)

    def test_files_that_belong_together_are_waited_for(self):
        layout = self.three_files()
        self.drop("h_1.csv", "id,store,till,at,total\n1,S,T,2026-04-12,10\n")
        self.drop("l_1.csv", "sale,sku,qty,price\n1,A,1,10\n")
        self.assertEqual(self.fetched(self.provider(layout)), [])
        with self.assertRaisesRegex(ConfigurationError, "t_1.csv"):
            late = datetime.now(timezone.utc) + timedelta(hours=2)
            self.fetched(self.provider(layout, now=late))
        self.drop("t_1.csv", "sale,how,amt\n1,cash,10\n")
        self.assertEqual(keys_of(self.fetched(self.provider(layout))), ["pos_ticket:1"])

    def test_a_delivery_whose_reader_died_while_claiming_is_completed(self):
        layout = self.three_files()
        self.drop("h_1.csv", "id,store,till,at,total\n1,S,T,2026-04-12,10\n")
        self.drop("l_1.csv", "sale,sku,qty,price\n1,A,1,10\n")
        self.drop("t_1.csv", "sale,how,amt\n1,cash,10\n")
        provider = self.provider(layout)
        dying = patch.object(Claims, "complete", side_effect=TransientError("dead"))
        with dying, self.assertRaises(TransientError):
            self.fetched(provider)
        self.assertEqual(self.inbox(), ["l_1.csv", "t_1.csv"])
        (message,) = self.fetched(provider)
        self.assertTrue(parsed(provider, message).tenders)

    def test_a_marker_says_that_a_file_is_complete(self):
        provider = self.provider(file_layout(done_suffix=".done"))
        self.drop("sales_1.csv", csv_text((1, "10")))
        self.assertEqual(self.fetched(provider), [])
        self.drop("sales_1.csv.done", b"")
        self.assertEqual(len(self.fetched(provider)), 1)
        self.assertEqual(self.inbox(), [])

    def test_a_file_that_grows_while_it_is_read_is_read_again(self):
        self.drop("sales_1.csv", csv_text((1, "10")))
        provider = self.provider()
        pages = provider.fetch("pos_ticket", "")
        next(pages)
        (claimed,) = self.names()
        self.drop(claimed, csv_text((1, "10"), (2, "10")))
        with self.assertRaises(TransientError):
            next(pages)
        self.assertEqual(len(self.fetched(provider)), 2)
        self.assertEqual(self.folder("archive"), ["sales_1.csv"])

    # Two readers

    def test_each_file_is_claimed_by_one_of_two_readers(self):
        count = self.race_files
        for number in range(count):
            self.drop(f"sales_{number}.csv", csv_text((number, "10")))
        found, start = [[], []], threading.Barrier(2)

        def work(index):
            provider = self.provider(file_layout(key=f"reader-{index}"))
            start.wait()
            found[index] = keys_of(self.fetched(provider))

        threads = [threading.Thread(target=work, args=(index,)) for index in (0, 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(
            sorted(found[0] + found[1]), sorted(f"pos_ticket:{n}" for n in range(count))
        )
        self.assertEqual(self.inbox(), [])

    def test_a_reader_that_was_taken_for_dead_comes_again_later(self):
        self.drop("sales_1.csv", csv_text((1, "10")))
        slow = self.provider().fetch("pos_ticket", "")
        first = next(slow)
        (again,) = self.fetched()
        self.assertEqual(again.event_id, first.messages[0].event_id)
        with self.assertRaises(TransientError):
            next(slow)
        self.assertEqual(self.folder("archive"), ["sales_1.csv"])

    # Looking

    def test_a_preview_moves_nothing(self):
        self.drop("sales_1.csv", csv_text((1, "10"), (2, "x")))
        before = self.names()
        good, bad = self.provider().sample(file_layout(), 5)
        self.assertEqual((good.canonical.external_id, good.errors), ("1", ()))
        self.assertTrue(bad.errors and '"x"' in bad.raw)
        self.assertEqual(self.provider().columns(file_layout(), "header")[:2], ["id", "store"])
        self.assertEqual(self.names(), before)

    def test_a_preview_without_files_says_what_is_missing(self):
        with self.assertRaisesRegex(ConfigurationError, "sales_"):
            self.provider().sample(file_layout(), 5)

    def test_the_connection_test_leaves_nothing_behind(self):
        report = self.provider().test_connection()
        self.assertIn("deliveries", str(report.details))
        self.assertEqual(self.names(), [])
