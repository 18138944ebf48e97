import os
import shutil
import tempfile
import tracemalloc
from datetime import datetime, timedelta, timezone
from pathlib import Path
from unittest.mock import patch

import fsspec

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.providers import (
    ConfigurationError,
)
from odoo.addons.retail_connector_base.providers.file_drop import (
    Entry,
    address_of,
    matched,
    opened,
)

from ..providers.legacy_files.claim import Claims
from ..providers.legacy_files.sets import sets_of
from .legacy_folder import LegacyFolder
from .legacy_kit import (
    NOW,
    csv_text,
    file_layout,
    file_provider,
    keys_of,
)


@tagged("post_install", "-at_install")
class TestLegacyLocalFolder(LegacyFolder, BaseCase):
    """A folder on this machine."""

    secrets, settings = {}, {}
    race_files = 60

    def open_folder(self):
        self.root = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)
        patcher = patch.dict(os.environ, {"RETAIL_CONNECTOR_FOLDERS": str(self.root)})
        patcher.start()
        self.addCleanup(patcher.stop)
        (self.root / "drop").mkdir()
        self.url = f"file://{self.root}/drop"

    def drop(self, name, content):
        data = content.encode() if isinstance(content, str) else content
        (self.root / "drop" / name).write_bytes(data)

    def names(self):
        base = self.root / "drop"
        return sorted(str(p.relative_to(base)) for p in base.rglob("*") if p.is_file())

    def test_folders_that_nobody_opened_are_refused(self):
        for url in ("file:///etc", f"file://{self.root}/../..", "file:///", str(self.root) + "x"):
            with self.assertRaises(ConfigurationError):
                file_provider(url, file_layout()).test_connection()
        with patch.dict(os.environ):
            del os.environ["RETAIL_CONNECTOR_FOLDERS"]
            with self.assertRaisesRegex(ConfigurationError, "operator"):
                self.provider().test_connection()

    def test_a_link_leads_nowhere(self):
        (self.root / "secret.csv").write_text(csv_text((1, "10")))
        (self.root / "drop" / "sales_1.csv").symlink_to(self.root / "secret.csv")
        self.assertEqual(self.fetched(), [])

    def test_addresses_with_more_than_a_folder_are_refused(self):
        for url in ("zip://x::file:///tmp", "http://host/x", "ftp://host/x", "sftp://host/x",
                    "sftp://user:canary@host/x", "s3://bucket/x", "memory://x?a=b"):  # fmt: skip
            with self.assertRaises(ConfigurationError) as caught:
                file_provider(url, file_layout(), host_key="ssh-ed25519 AAAA").test_connection()
            self.assertNotIn("canary", str(caught.exception))

    def test_young_files_are_left_to_grow(self):
        self.drop("sales_1.csv", csv_text((1, "10")))
        modified = datetime.fromtimestamp(
            (self.root / "drop" / "sales_1.csv").stat().st_mtime, timezone.utc
        )
        layout = file_layout(settle=30)
        for seconds, expected in ((10, 0), (31, 1)):
            late = modified + timedelta(seconds=seconds)
            self.assertEqual(len(self.fetched(self.provider(layout, now=late))), expected)

    def test_a_large_file_is_read_with_little_memory(self):
        with (self.root / "drop" / "sales_1.csv").open("w") as file:
            file.write(csv_text())
            for number in range(3_000):
                file.write(f"{number},S1,R1,2026-04-12 10:00:00,10,A,1,{'10'.rjust(4_000)}\n")
        tracemalloc.start()
        try:
            count = sum(len(page.messages) for page in self.provider().fetch("pos_ticket", ""))
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        self.assertEqual(count, 3_000)
        self.assertLess(peak, 4_000_000)


@tagged("post_install", "-at_install")
class TestLegacyObjectStore(LegacyFolder, BaseCase):
    """A store that cannot rename: fsspec's memory stands for it."""

    secrets, settings = {}, {}
    race_files = 40
    url = "memory://drop/in"

    def open_folder(self):
        self.fs = fsspec.filesystem("memory")
        self.fs.store.clear()
        self.fs.makedirs("/drop/in", exist_ok=True)

    def drop(self, name, content):
        data = content.encode() if isinstance(content, str) else content
        self.fs.pipe_file(f"/drop/in/{name}", data)

    def names(self):
        return sorted(name[len("/drop/in/") :] for name in self.fs.find("/drop/in"))

    def test_no_marker_is_left(self):
        self.drop("sales_1.csv", csv_text((1, "10")))
        self.fetched()
        self.assertEqual([name for name in self.names() if name.startswith("leases")], [])

    def test_a_file_under_another_readers_marker_is_left(self):
        self.drop("sales_1.csv", csv_text((1, "10")))
        other = self._claims(file_layout(key="other"), NOW)
        self.assertTrue(other._marker("sales_1.csv"))
        self.assertEqual(self.fetched(), [])
        self.assertEqual(len(self.fetched(self.provider(now=NOW + timedelta(minutes=11)))), 1)

    def test_a_dead_readers_marker_is_taken_over_by_one(self):
        first = self._claims(file_layout(key="dead"), NOW)
        self.assertTrue(first._marker("a"))
        late = NOW + timedelta(minutes=11)
        second, third = (self._claims(file_layout(key=key), late) for key in ("b", "c"))
        self.assertTrue(second._marker("a"))
        self.assertIsNone(third._marker("a"))

    def test_a_file_that_was_replaced_while_it_was_copied_is_not_lost(self):
        self.drop("sales_1.csv", csv_text((1, "10")))
        claims = self._claims(file_layout(), NOW)
        copy = claims.store.fs.copy

        def replaced(*args, **kwargs):
            copy(*args, **kwargs)
            self.drop("sales_1.csv", csv_text((2, "20"), (3, "30")))

        (files,) = sets_of(file_layout(), claims.store.files(), NOW)
        with patch.object(claims.store.fs, "copy", replaced):
            self.assertTrue(claims.take(files))
        self.assertEqual(keys_of(self.fetched()), [f"pos_ticket:{n}" for n in (1, 2, 3)])

    def _claims(self, layout, now):
        with opened(address_of(self.provider().context)) as store:
            return Claims(store, layout, lambda: now)


@tagged("post_install", "-at_install")
class TestLegacySets(BaseCase):
    """Which files are one delivery."""

    def test_names_are_matched_by_their_star(self):
        self.assertEqual(matched("SALES_7.CSV", "sales_*.csv"), "7")
        self.assertIsNone(matched("sales_.csvx", "sales_*.csv"))
        self.assertIsNone(matched("a_b", "a_b*_b"))

    def test_files_come_in_the_order_of_their_age(self):
        entries = [
            Entry("sales_1.csv", 1, NOW - timedelta(hours=1)),
            Entry("sales_2.csv", 1, NOW - timedelta(hours=2)),
        ]
        found = sets_of(file_layout(), entries, NOW)
        self.assertEqual([each.name for each in found], ["sales_2.csv", "sales_1.csv"])

    def test_a_clock_that_is_ahead_does_not_hold_files_back(self):
        entries = [Entry("sales_1.csv", 1, NOW + timedelta(days=1))]
        self.assertEqual(len(sets_of(file_layout(settle=30), entries, NOW)), 1)
