import os
import shutil
import tempfile
import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path
from unittest.mock import patch

import fsspec

from odoo.tests import BaseCase, tagged

from ..canonical import TrackParcel
from ..providers import CommandResult, ProviderContext, RejectedError, UnknownOutcomeError
from ..providers.errors import TransientError
from ..providers.file_drop import (
    Claims,
    CommandFiles,
    DropPoll,
    Entry,
    Outbox,
    Records,
    address_of,
    opened,
)
from ..providers.http_client import HttpClient
from ..providers.request import ReceivedMessage
from .sftp_server import PASSWORD, USER, SftpServer

NOW = datetime(2026, 5, 4, 12, tzinfo=timezone.utc)


class Lines(DropPoll):
    """A message for each line."""

    def messages(self, path, entry):
        for line in (self.store.content(*path) or b"").splitlines():
            yield ReceivedMessage(line.decode(), "line", "order", line, f"line:{line.decode()}")

    def stored(self, entry):
        return not entry.name.startswith("bad")


class Letters(CommandFiles[str]):
    """A line for each parcel."""

    def draft(self, command):
        if command.number == "bad":
            raise RejectedError("That is no number.")
        return command.number

    def name(self, keys, drafts):
        return {"file": f"parcels-{keys}.txt"}

    def content(self, drafts, record, at):
        return "\n".join([f"{at:%H:%M}", *drafts]).encode()

    def result(self, command, record):
        return CommandResult((command.number,), details={"file": record["file"]})


class DropFolder:
    """What holds for every kind of folder; a subclass says how to reach one."""

    secrets, settings = {}, {}

    def setUp(self):
        super().setUp()
        self.open_folder()
        context = ProviderContext(
            {"folder_url": self.url, **self.settings}, self.secrets, HttpClient(), lambda: NOW
        )
        manager = opened(address_of(context))
        self.store = manager.__enter__()
        self.addCleanup(manager.__exit__, None, None, None)
        self.now = NOW

    def poll(self, pattern="*.txt", **options):
        claims = Claims(self.store, "lines", lambda: self.now, ("in",), **options)
        return Lines(claims, pattern, timedelta(0), lambda: self.now)

    def polled(self, **options):
        pages = self.poll(**options).pages("")
        return [message.event_id for page in pages for message in page.messages]

    def letters(self):
        return Letters(
            Outbox(self.store, ("out",)), Records(self.store, "control"), lambda: self.now
        )

    def below(self, *folder):
        """Return the names of the files in a folder."""
        return [entry.name for entry in self.store.files(*folder)]

    # Numbers and records

    def test_a_file_is_made_by_one_of_many(self):
        made = []

        def work(number):
            if self.store.make_new(str(number).encode(), "control", "one"):
                made.append(number)

        if not self.store.renames or self.store.address.protocol == "sftp":
            for number in range(4):
                work(number)
        else:
            threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self.assertEqual(len(made), 1)
        self.assertEqual(self.store.content("control", "one"), str(made[0]).encode())
        self.assertEqual(self.below("control"), ["one"])

    def test_a_number_belongs_to_its_key_for_ever(self):
        records = Records(self.store, "control")
        numbers = {key: records.draw("numbers", key, 7) for key in "abcde"}
        self.assertEqual(len(set(numbers.values())), 5)
        again = {key: Records(self.store, "control").draw("numbers", key, 7) for key in "edcba"}
        self.assertEqual(again, numbers)

    def test_what_is_kept_is_found_until_it_is_forgotten(self):
        records = Records(self.store, "control")
        self.assertIsNone(records.kept("sent", "a/b:c"))
        records.keep("sent", "a/b:c", {"x": "é"})
        records.keep("sent", "other", {"x": 2})
        self.assertEqual(records.kept("sent", "a/b:c"), {"x": "é"})
        self.assertEqual(len(records.all("sent")), 2)
        records.forget("sent", "a/b:c")
        self.assertIsNone(records.kept("sent", "a/b:c"))

    # Files of commands

    def test_commands_are_written_once(self):
        letters, command = self.letters(), TrackParcel(number="1Z")
        (first,) = letters.send([(command, "k1")])
        self.assertEqual(first.external_ids, ("1Z",))
        (name,) = self.below("out")
        self.store.remove("out", name)
        self.assertEqual(self.letters().send([(command, "k1")]), [first])
        self.assertEqual(self.below("out"), [])
        self.assertEqual(self.letters().look_up(command, "k1"), first)
        self.assertEqual(self.below("sent", "2026-05"), [name])

    def test_what_cannot_be_written_holds_nobody_up(self):
        commands = [(TrackParcel(number=n), n) for n in ("1", "bad", "2")]
        answers = self.letters().send(commands)
        self.assertIsInstance(answers[1], RejectedError)
        (name,) = self.below("out")
        self.assertEqual(self.store.content("out", name), b"12:00\n1\n2")

    def test_a_file_that_was_not_shown_is_withdrawn_when_somebody_asks(self):
        letters, command = self.letters(), TrackParcel(number="1Z")
        failing = patch.object(Outbox, "_show", side_effect=TransientError("gone"))
        with failing, self.assertRaises(UnknownOutcomeError):
            letters.send([(command, "k1")])
        self.assertIsNone(letters.look_up(command, "k1"))
        self.assertEqual((self.below("out"), self.below("sending")), ([], []))
        self.now += timedelta(hours=1)
        letters.send([(command, "k1")])
        (name,) = self.below("out")
        self.assertEqual(self.store.content("out", name), b"12:00\n1Z")

    # Files that are read

    def drop(self, name, text):
        self.store.put(text.encode(), "in", name)

    def test_files_are_read_and_put_away(self):
        self.drop("a.txt", "1\n2")
        self.drop("bad.txt", "3")
        self.drop("other.csv", "4")
        self.assertEqual(sorted(self.polled()), ["1", "2", "3"])
        self.assertEqual(self.below("in"), ["other.csv"])
        self.assertEqual(len(self.below("archive", "2026-05")), 1)
        self.assertEqual(len(self.below("quarantine", "2026-05")), 1)

    def test_a_marker_says_that_a_file_is_complete(self):
        self.drop("a.txt", "1")
        self.assertEqual(self.polled(done_suffix=".done"), [])
        self.drop("a.txt.done", "")
        self.assertEqual(self.polled(done_suffix=".done", pattern="*"), ["1"])
        self.assertEqual(self.below("in"), [])

    def test_a_run_that_died_is_taken_up_behind_its_last_page(self):
        self.drop("a.txt", "1\n2\n3")
        with patch("odoo.addons.retail_connector_base.providers.file_drop.poll.PAGE", 1):
            pages = self.poll().pages("")
            cursor = next(pages).cursor
            pages.close()
            rest = [m.event_id for page in self.poll().pages(cursor) for m in page.messages]
        self.assertEqual(rest, ["2", "3"])


@tagged("post_install", "-at_install")
class TestFileDropLocal(DropFolder, BaseCase):
    """A folder on this machine."""

    def open_folder(self):
        self.root = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)
        patcher = patch.dict(os.environ, {"RETAIL_CONNECTOR_FOLDERS": str(self.root)})
        patcher.start()
        self.addCleanup(patcher.stop)
        self.url = f"file://{self.root}"

    def test_a_file_that_rests_is_read_and_a_young_one_is_not(self):
        self.drop("a.txt", "1")
        modified = self.store.files("in")[0].modified
        for seconds, expected in ((10, []), (31, ["1"])):
            self.now = modified + timedelta(seconds=seconds)
            poll = self.poll()
            poll.settle = timedelta(seconds=30)
            found = [m.event_id for page in poll.pages("") for m in page.messages]
            self.assertEqual(found, expected)

    def test_the_end_of_a_file_is_read_alone(self):
        self.drop("a.txt", "x" * 1000 + "end")
        self.assertEqual(self.store.tail(1003, 4, "in", "a.txt"), b"xend")
        self.assertEqual(self.store.tail(3, 400, "in", "a.txt")[:1], b"x")
        self.assertIsInstance(self.store.files("in")[0], Entry)


@tagged("post_install", "-at_install")
class TestFileDropObjects(DropFolder, BaseCase):
    """A store that cannot rename: fsspec's memory stands for it."""

    url = "memory://base-drop"

    def open_folder(self):
        fs = fsspec.filesystem("memory")
        fs.store.clear()
        fs.makedirs("/base-drop", exist_ok=True)


@tagged("post_install", "-at_install")
class TestFileDropSftp(DropFolder, BaseCase):
    """A real SFTP server."""

    secrets = {"password": (PASSWORD,)}

    def open_folder(self):
        self.root = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)
        server = SftpServer(self.root)
        self.addCleanup(server.stop)
        self.url = f"sftp://{USER}@127.0.0.1:{server.port}/"
        self.settings = {"host_key": server.public_key}
