"""Reads dropped files one by one into pages. A file is put away when its last page is stored.

Between two pages the caller commits. Whatever dies in between leaves the file claimed; the next run
reads on behind the last page, and what is read twice is known by its identity.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from ..errors import TransientError
from ..provider import Page
from ..request import ReceivedMessage
from .claim import Claims
from .sets import FileSet, age_key, is_finished_name, is_settled, matched
from .store import Entry

PAGE = 100
PAGE_BYTES = 2 * 2**20
# Files of one run: the rest comes with the next one.
MOST_FILES = 2_000


class DropPoll(ABC):
    """One run over the files of a folder; each is a delivery of its own."""

    def __init__(
        self, claims: Claims, pattern: str, settle: timedelta, clock: Callable[[], datetime]
    ) -> None:
        self.claims, self.store = claims, claims.store
        self.pattern, self.settle, self.clock = pattern, settle, clock

    @abstractmethod
    def messages(self, path: tuple[str, ...], entry: Entry) -> Iterator[ReceivedMessage]:
        """Yield the messages of a claimed file, always the same in the same order."""

    @abstractmethod
    def stored(self, entry: Entry) -> bool:
        """Do what is to be done once all messages are stored; tell whether the file was readable.

        What was not goes to the quarantine, the rest to the archive.
        """

    def is_whole(self, entry: Entry) -> bool:
        """Tell whether a file that rests is all there."""
        return True

    def pages(self, cursor: str) -> Iterator[Page]:
        """Yield pages: first of what is claimed already, then of what is new."""
        claim, _colon, done = cursor.rpartition(":")
        for left in self.claims.left():
            yield from self._delivery(left, int(done) if left == claim else 0)
        for entry in self._new():
            taken = self.claims.take(FileSet.of(entry))
            if taken:
                yield from self._delivery(taken, 0)

    def _new(self) -> Iterator[Entry]:
        """Yield the files that may be read, in the order of their age."""
        now, known = self.clock(), self.store.files(*self.claims.inbox)
        names = {entry.name for entry in known}
        found = [e for e in known if is_finished_name(e.name) and self._fits(e.name)]
        found.sort(key=lambda entry: (age_key(entry), entry.name))
        for entry in found[:MOST_FILES]:
            if self._is_complete(entry, names, now) and self.is_whole(entry):
                yield entry

    def _fits(self, name: str) -> bool:
        suffix = self.claims.done_suffix
        if suffix and name.endswith(suffix):
            return False
        return matched(name, self.pattern) is not None

    def _is_complete(self, entry: Entry, names: set[str], now: datetime) -> bool:
        if self.claims.done_suffix:
            return f"{entry.name}{self.claims.done_suffix}" in names
        return is_settled(entry, now, self.settle)

    # One file

    def _delivery(self, claim: str, behind: int) -> Iterator[Page]:
        try:
            yield from self._read(claim, behind)
        except FileNotFoundError:
            # A reader that was taken for dead was not: it stored the same messages.
            raise TransientError("Another reader was faster with a file.") from None

    def _read(self, claim: str, behind: int) -> Iterator[Page]:
        entries = self.store.files(*self.claims.folder, claim)
        if not entries:
            self.store.remove_folder(*self.claims.folder, claim)
            return
        entry = entries[0]
        path = (*self.claims.folder, claim, entry.name)
        yield from self._pages(claim, self.messages(path, entry), behind)
        if self.store.size(*path) != entry.size:
            raise TransientError(f"“{entry.name}” is still being written.")
        if self.stored(entry):
            self.claims.archive(claim)
        else:
            self.claims.quarantine(claim)

    def _pages(
        self, claim: str, messages: Iterator[ReceivedMessage], behind: int
    ) -> Iterator[Page]:
        batch: list[ReceivedMessage] = []
        ordinal, size = 0, 0
        for ordinal, message in enumerate(messages, 1):
            if ordinal <= behind:
                continue
            batch.append(message)
            size += len(message.body)
            if len(batch) >= PAGE or size > PAGE_BYTES:
                yield Page(tuple(batch), f"{claim}:{ordinal}")
                batch, size = [], 0
        if batch:
            yield Page(tuple(batch), f"{claim}:{ordinal}")
