import csv
import io
import json
import os
import shutil
import tempfile
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch

import fsspec

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.providers import (
    ConfigurationError,
    FeedItem,
    FeedPromotion,
    TransientError,
    Verdict,
)

from .legacy_kit import file_layout, file_provider


def item(reference, store="S1", price="10", **values):
    """Return what a store's registers should know of a product."""
    return FeedItem(
        reference=reference, store=store, variant=None, sku=reference, barcodes=("400", "401"),
        title=f'Title; "{reference}"', unit="Units", price=Decimal(price), currency="EUR",
        taxes_included=True, tax_rates=(Decimal("0.19"),), available=Decimal(3), **values,
    )  # fmt: skip


@tagged("post_install", "-at_install")
class TestLegacyFeed(BaseCase):
    """Registers that ask nobody pick their products up as files."""

    def setUp(self):
        super().setUp()
        self.root = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)
        patcher = patch.dict(os.environ, {"RETAIL_CONNECTOR_FOLDERS": str(self.root)})
        patcher.start()
        self.addCleanup(patcher.stop)

    def send(self, items, key="k1", mode="both", form="csv", url=None):
        provider = file_provider(
            url or f"file://{self.root}", file_layout(), feed_mode=mode, feed_format=form
        )
        answers = provider.change_feed(items, key)
        self.assertEqual([a.verdict for a in answers], [Verdict.DONE] * len(items))

    def rows(self, path):
        text = path.read_text()
        if path.suffix == ".jsonl":
            return [json.loads(line) for line in text.splitlines()]
        return list(csv.DictReader(io.StringIO(text)))

    def full(self, store="S1", form="csv"):
        rows = self.rows(self.root / "feed" / store / f"items.{form}")
        return {row["reference"]: row["price"] for row in rows}

    def test_changes_are_a_file_of_each_batch_and_store(self):
        self.send([item("A"), item("B", store="S2")], mode="changes")
        for store, reference in (("S1", "A"), ("S2", "B")):
            (path,) = (self.root / "feed" / store).iterdir()
            (row,) = self.rows(path)
            self.assertEqual(row["reference"], reference)
            self.assertEqual(row["title"], f'Title; "{reference}"')
            self.assertEqual((row["barcodes"], row["tax_rates"]), ("400|401", "0.19"))

    def test_the_same_key_makes_the_same_file(self):
        self.send([item("A")], "one", "changes")
        self.send([item("A")], "one", "changes")
        self.send([item("A")], "two", "changes")
        self.assertEqual(len(list((self.root / "feed" / "S1").iterdir())), 2)

    def test_the_full_file_holds_all_that_is_sold(self):
        for form in ("csv", "jsonl"):
            self.send([item("A"), item("B")], "1", "full", form)
            self.send([item("B", price="12"), item("C")], "2", "full", form)
            self.assertEqual(self.full(form=form), {"A": "10", "B": "12", "C": "10"})
            self.send([item("A", active=False)], "3", "full", form)
            self.assertEqual(self.full(form=form), {"B": "12", "C": "10"})

    def test_promotions_are_told_with_their_figures(self):
        promotion = FeedPromotion("P1", "A tenth off", percent=Decimal("0.1"))
        self.send([item("A", promotions=(promotion,))], mode="changes")
        (path,) = (self.root / "feed" / "S1").iterdir()
        (told,) = json.loads(self.rows(path)[0]["promotions"])
        self.assertEqual((told["external_id"], told["percent"]), ("P1", "0.1"))

    def test_nobody_sees_half_a_file(self):
        self.send([item("A")], "1", "full")
        with patch("os.replace", side_effect=OSError("full")), self.assertRaises(TransientError):
            self.send([item("B")], "2", "full")
        self.assertEqual(self.full(), {"A": "10"})

    def test_a_store_cannot_lead_out_of_the_folder(self):
        self.send([item("A", store="../../x"), item("B", store="a/b")], mode="both")
        outside = [path for path in self.root.rglob("*.csv") if "feed" not in path.parts]
        self.assertEqual(outside, [])
        self.assertEqual(len(list((self.root / "feed").iterdir())), 2)

    def test_an_object_store_takes_it_as_well(self):
        folder = fsspec.filesystem("memory")
        folder.store.clear()
        folder.makedirs("/till", exist_ok=True)
        self.send([item("A")], "1", "both", url="memory://till")
        self.send([item("B")], "2", "both", url="memory://till")
        self.assertEqual(folder.cat("/till/feed/S1/items.csv").count(b"\r\n"), 3)

    def test_unknown_words_are_refused(self):
        for options in ({"mode": "some"}, {"form": "xml"}):
            with self.assertRaises(ConfigurationError):
                self.send([item("A")], **options)
