"""Taking files so that exactly one reader has them, and putting them away afterwards.

A claimed delivery is a folder of its own below ``claimed/<reader>``. Who reads under that name next
takes up what was left there: a poll runs once at a time. Where renaming is one step, the first one
to rename the header's file has the delivery. Object stores only copy and delete: there the first
one to create a marker has it, for a while; what a dead reader left is taken over under the next
number.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from ..errors import ConfigurationError
from .sets import HEADER, FileSet
from .store import Store, token

CLAIMED, ARCHIVE, QUARANTINE, LEASES = "claimed", "archive", "quarantine", "leases"
LEASE = timedelta(minutes=10)


class Claims:
    """The claimed deliveries of one reader.

    ``inbox`` is the sub-folder that files are dropped into, the folder itself without one. With
    ``done_suffix`` each delivery has a marker beside it, which goes when it is claimed.
    """

    def __init__(
        self,
        store: Store,
        reader: str,
        clock: Callable[[], datetime],
        inbox: tuple[str, ...] = (),
        done_suffix: str = "",
        archive: str = ARCHIVE,
    ) -> None:
        self.store, self.clock = store, clock
        self.inbox, self.done_suffix, self.archive_folder = inbox, done_suffix, archive
        self.folder = (CLAIMED, reader)

    @property
    def now(self) -> datetime:
        """The present moment: reading takes long."""
        return self.clock()

    def left(self) -> list[str]:
        """Return what was claimed and not put away, oldest first."""
        return self.store.folders(*self.folder)

    def take(self, files: FileSet) -> str | None:
        """Claim a delivery; return the claim's name, ``None`` when another one was faster."""
        claim = token(self.now)
        took = self._rename if self.store.renames else self._lease
        if not took(files.name, claim):
            self.store.remove_folder(*self.folder, claim)
            return None
        self.complete(claim, files)
        return claim

    def complete(self, claim: str, files: FileSet) -> None:
        """Fetch the other files of a claimed delivery, those that are still where they were."""
        for part, entry in files.files.items():
            if part != HEADER:
                self._fetch(entry.name, claim)
        if self.done_suffix:
            self.store.remove(*self.inbox, f"{files.name}{self.done_suffix}")

    def _fetch(self, name: str, claim: str) -> None:
        try:
            self.store.move((*self.inbox, name), (*self.folder, claim, name))
        except FileNotFoundError:
            return

    def _rename(self, name: str, claim: str) -> bool:
        try:
            self.store.move((*self.inbox, name), (*self.folder, claim, name))
        except FileNotFoundError:
            return False
        return True

    def _lease(self, name: str, claim: str) -> bool:
        """Copy and delete under a marker. Only who made the marker may do it."""
        marker = self._marker(name)
        if marker is None:
            return False
        try:
            self._copy(name, claim)
        except FileNotFoundError:
            return False
        finally:
            # The file is gone by now: who looked before finds nothing to copy.
            for old in self._markers(name):
                self.store.remove(LEASES, old)
        return True

    def _copy(self, name: str, claim: str) -> None:
        """Copy, then delete what was copied; a file that was replaced meanwhile stays."""
        store, source = self.store, self.store.path(*self.inbox, name)
        before = store.fs.info(source)
        store.fs.copy(source, store.path(*self.folder, claim, name))
        store.fs.invalidate_cache()
        if _identity(store.fs.info(source)) == _identity(before):
            store.remove(*self.inbox, name)

    def _marker(self, name: str) -> str | None:
        """Make the marker of a file; ``None`` while another reader's holds."""
        found = self._markers(name)
        number = 1
        if found:
            last = found[-1]
            if self._since(last) > self.now - LEASE:
                return None
            number = int(last.rpartition(".")[2]) + 1
        marker = f"{self._stem(name)}.{number:06}"
        try:
            made = self.store.make_new(self.now.isoformat().encode(), LEASES, marker)
        except (NotImplementedError, TypeError, ValueError):
            raise ConfigurationError(
                "This storage cannot tell who is first: it is not read by several servers safely."
            ) from None
        return marker if made else None

    def _markers(self, name: str) -> list[str]:
        stem = f"{self._stem(name)}."
        return sorted(e.name for e in self.store.files(LEASES) if e.name.startswith(stem))

    def _stem(self, name: str) -> str:
        return hashlib.sha256("/".join((*self.inbox, name)).encode()).hexdigest()[:32]

    def _since(self, marker: str) -> datetime:
        try:
            with self.store.open(LEASES, marker) as file:
                return datetime.fromisoformat(file.read(64).decode())
        except (FileNotFoundError, ValueError):
            return self.now

    # Afterwards

    def archive(self, claim: str) -> None:
        """Put a delivery away whose messages are stored."""
        self._put_away(claim, self.archive_folder)

    def quarantine(self, claim: str) -> None:
        """Put a delivery aside that cannot be read as a whole."""
        self._put_away(claim, QUARANTINE)

    def _put_away(self, claim: str, folder: str) -> None:
        for entry in self.store.files(*self.folder, claim):
            target = (folder, f"{self.now:%Y-%m}", f"{claim}-{entry.name}")
            self.store.move((*self.folder, claim, entry.name), target)
        self.store.remove_folder(*self.folder, claim)


def _identity(info: dict) -> tuple:
    names = ("ETag", "etag", "generation", "size", "created", "mtime", "LastModified")
    return tuple(str(info.get(name)) for name in names)
