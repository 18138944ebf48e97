"""Taking files so that exactly one reader has them, and putting them away afterwards.

A claimed delivery is a folder of its own below ``claimed/<layout>``. Whoever reads that layout
next takes up what was left there: a poll runs once at a time. Where renaming is one step, the first
one to rename the header's file has the delivery. Object stores only copy and delete: there the
first one to create a marker has it, for a while; what a dead reader left is taken over under the
next number.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from odoo.addons.retail_connector_base.providers import ConfigurationError

from ...decisions.legacy_layout import HEADER, Layout
from .sets import FileSet
from .store import Store, token

CLAIMED, ARCHIVE, QUARANTINE, LEASES = "claimed", "archive", "quarantine", "leases"
LEASE = timedelta(minutes=10)


class Claims:
    """The claimed deliveries of one layout."""

    def __init__(self, store: Store, layout: Layout, clock: Callable[[], datetime]) -> None:
        self.store, self.layout, self.clock = store, layout, clock
        self.folder = (CLAIMED, layout.key or layout.kind)

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
        if self.layout.files.done_suffix:
            self.store.remove(f"{files.name}{self.layout.files.done_suffix}")

    def _fetch(self, name: str, claim: str) -> None:
        try:
            self.store.move((name,), (*self.folder, claim, name))
        except FileNotFoundError:
            return

    def _rename(self, name: str, claim: str) -> bool:
        try:
            self.store.move((name,), (*self.folder, claim, name))
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
        store, target = self.store, (*self.folder, claim, name)
        before = store.fs.info(store.path(name))
        store.fs.copy(store.path(name), store.path(*target))
        store.fs.invalidate_cache()
        if _identity(store.fs.info(store.path(name))) == _identity(before):
            store.remove(name)

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
        return hashlib.sha256(name.encode()).hexdigest()[:32]

    def _since(self, marker: str) -> datetime:
        try:
            with self.store.open(LEASES, marker) as file:
                return datetime.fromisoformat(file.read(64).decode())
        except (FileNotFoundError, ValueError):
            return self.now

    # Afterwards

    def archive(self, claim: str) -> None:
        """Put a delivery away whose messages are stored."""
        self._put_away(claim, ARCHIVE)

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
