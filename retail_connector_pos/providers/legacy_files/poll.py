"""Reads deliveries into pages. A delivery is put away when its last page is stored, not before.

Between two pages the caller commits. Whatever dies in between leaves the delivery claimed; the next
run reads on behind the last page, and what is read twice is known by its content.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from odoo.addons.retail_connector_base.providers import (
    ConfigurationError,
    Page,
    ReceivedMessage,
    TransientError,
)
from odoo.addons.retail_connector_base.providers.file_drop import Entry, FileSet, Store
from odoo.addons.retail_connector_base.providers.file_drop.lines import WholeFileError

from ...decisions.legacy_layout import HEADER, Layout
from ..legacy_common import MessageMaker
from .claim import Claims
from .delivery import Delivery, Found, Opener
from .sets import sets_of

PAGE = 100
PAGE_BYTES = 2 * 2**20
# Deliveries of one run: the rest comes with the next one.
MOST_DELIVERIES = 2_000
# How long the other files of a delivery may be missing before a person should know.
PATIENCE = timedelta(hours=1)


class Poll:
    """One run over the deliveries of a layout."""

    def __init__(self, store: Store, layout: Layout, clock: Callable[[], datetime]) -> None:
        self.store, self.layout, self.clock = store, layout, clock
        self.claims = Claims(store, layout, clock)
        self.messages = MessageMaker(layout, clock())

    def pages(self, cursor: str) -> Iterator[Page]:
        """Yield pages: first of what is claimed already, then of what is new."""
        claim, _colon, done = cursor.rpartition(":")
        for left in self.claims.left():
            yield from self._delivery(left, int(done) if left == claim else 0)
        for files in self._new():
            taken = self.claims.take(files)
            if taken:
                yield from self._delivery(taken, 0)
        self._complain()

    def _new(self) -> Iterator[FileSet]:
        found = sets_of(self.layout, self.store.files(), self.clock())
        yield from [each for each in found if not each.missing][:MOST_DELIVERIES]

    def _complain(self) -> None:
        """Raise ``ConfigurationError`` for deliveries that stay incomplete, after all others."""
        now = self.clock()
        for each in sets_of(self.layout, self.store.files(), now):
            modified = each.files[HEADER].modified
            if each.missing and modified and now - modified > PATIENCE:
                raise ConfigurationError(f"“{each.name}” waits for “{each.missing[0]}”.")

    # One delivery

    def _delivery(self, claim: str, behind: int) -> Iterator[Page]:
        """Yield a delivery's pages; it is put away once the last one was stored."""
        try:
            yield from self._read(claim, behind)
        except FileNotFoundError:
            # A reader that was taken for dead was not: it stored the same messages.
            raise TransientError("Another reader was faster with a file.") from None

    def _read(self, claim: str, behind: int) -> Iterator[Page]:
        files = self._files(claim)
        if files is None:
            return
        if not any(entry.size for entry in files.files.values()):
            self.claims.archive(claim)
            return
        try:
            yield from self._pages(claim, files, behind)
        except WholeFileError as error:
            yield self._refusal(claim, files, str(error))
            self.claims.quarantine(claim)
        else:
            self._check_size(claim, files)
            self.claims.archive(claim)

    def _files(self, claim: str) -> FileSet | None:
        """Return the files of a claimed delivery, after fetching those that were left behind."""
        inside = self._inside(claim)
        if inside is None:
            return self._rescued(claim)
        if inside.missing:
            wanted = {name.lower() for name in inside.missing}
            for entry in self.store.files():
                if entry.name.lower() in wanted:
                    self.store.move((entry.name,), (*self.claims.folder, claim, entry.name))
            inside = self._inside(claim)
        if inside.missing:
            raise ConfigurationError(f"“{inside.name}” waits for “{inside.missing[0]}”.")
        return inside

    def _inside(self, claim: str) -> FileSet | None:
        entries = [
            Entry(entry.name, entry.size) for entry in self.store.files(*self.claims.folder, claim)
        ]
        found = _sets(self.layout, entries, self.clock())
        return found[0] if found else None

    def _rescued(self, claim: str) -> None:
        """Give back what was claimed without its header, or drop a claim that holds nothing."""
        for entry in self.store.files(*self.claims.folder, claim):
            self.store.move((*self.claims.folder, claim, entry.name), (entry.name,))
        self.store.remove_folder(*self.claims.folder, claim)

    def _pages(self, claim: str, files: FileSet, behind: int) -> Iterator[Page]:
        batch: list[ReceivedMessage] = []
        last = behind
        for found in self._open(claim, files).found(behind):
            last = found.ordinal
            message = self._message(found)
            if message:
                batch.append(message)
            if len(batch) >= PAGE or sum(len(m.body) for m in batch) > PAGE_BYTES:
                yield Page(tuple(batch), f"{claim}:{last}")
                batch = []
        if batch:
            yield Page(tuple(batch), f"{claim}:{last}")

    def _message(self, found: Found) -> ReceivedMessage | None:
        if found.record is None:
            return self.messages.of_text(found.text, found.problem, found.where)
        return self.messages.of_record(found.record, found.where)

    def _open(self, claim: str, files: FileSet) -> Delivery:
        def opener(name: str) -> Opener:
            return lambda: self.store.open(*self.claims.folder, claim, name)

        opened = {part: (entry.name, opener(entry.name)) for part, entry in files.files.items()}
        return Delivery(self.layout, opened)

    def _refusal(self, claim: str, files: FileSet, problem: str) -> Page:
        names = ", ".join(f"{e.name} ({e.size} B)" for e in files.files.values())
        text = f"{names} – {problem}"
        message = self.messages.of_text(text, f"A whole file is put aside: {problem}", files.name)
        return Page((message,), f"{claim}:0")

    def _check_size(self, claim: str, files: FileSet) -> None:
        """Raise ``TransientError`` for a delivery that grew while it was read: it is read again."""
        for entry in files.files.values():
            if self.store.size(*self.claims.folder, claim, entry.name) != entry.size:
                raise TransientError(f"“{entry.name}” is still being written.")


def _sets(layout: Layout, entries: list[Entry], now: datetime) -> list[FileSet]:
    """Return the deliveries among claimed files: whether they are complete was seen before."""
    bare = replace(layout, files=replace(layout.files, done_suffix="", settle=0))
    return sets_of(bare, entries, now)
