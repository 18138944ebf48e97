"""Files that another system picks up: written once, withdrawn or handed over, never both.

A file is staged first, then handed over by renaming. Whoever wants to know whether it was handed
over tries to withdraw it: of the two renames one finds the file, the other does not.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from ..errors import ConnectorError, TransientError, UnknownOutcomeError
from .failures import answered
from .store import Store

STAGED, WITHDRAWN, SENT = "sending", "withdrawn", "sent"


class Outbox:
    """The files that go out through a folder."""

    def __init__(self, store: Store, folder: tuple[str, ...]) -> None:
        self.store, self.folder = store, folder

    def hand_over(self, name: str, data: bytes, month: str, note: Callable[[], None]) -> None:
        """Write a file and let the other system see it; a copy is kept below ``sent/<month>``.

        ``note`` is called when it is staged: it writes what must be known of it before anybody can
        have read it. Raises ``UnknownOutcomeError`` when nobody can tell whether it was seen.
        """
        self.store.put(data, STAGED, name)
        note()
        self.store.remove(WITHDRAWN, name)
        try:
            with answered():
                self._show(name)
                self.store.put(data, SENT, month, name)
        except ConnectorError as error:
            raise UnknownOutcomeError(f"A file may or may not be there: {error}") from None

    def _show(self, name: str) -> None:
        try:
            self.store.move((STAGED, name), (*self.folder, name))
        except FileNotFoundError:
            raise TransientError("Somebody withdrew the file meanwhile.") from None

    def was_handed_over(self, name: str) -> bool:
        """Tell whether a staged file was seen; if it was not, it will not be any more."""
        if self.store.exists(WITHDRAWN, name):
            return False
        try:
            self.store.move((STAGED, name), (WITHDRAWN, name))
        except FileNotFoundError:
            return not self.store.exists(WITHDRAWN, name)
        return False


class Records:
    """Small files that remember something by name, and numbers that are drawn once.

    An adapter has no database of its own, and what it must remember outlives any process.
    """

    def __init__(self, store: Store, root: str) -> None:
        self.store, self.root = store, root

    def keep(self, folder: str, name: str, content: Mapping[str, Any]) -> None:
        """Write a record."""
        data = json.dumps(content, sort_keys=True, ensure_ascii=False).encode()
        self.store.put(data, *self._path(folder, name))

    def kept(self, folder: str, name: str) -> dict[str, Any] | None:
        """Return a record, ``None`` where there is none."""
        data = self.store.content(*self._path(folder, name))
        if data is None:
            return None
        try:
            content = json.loads(data)
        except ValueError:
            raise TransientError("A control file is being written.") from None
        return content if isinstance(content, dict) else None

    def forget(self, folder: str, name: str) -> None:
        """Remove a record."""
        self.store.remove(*self._path(folder, name))

    def all(self, folder: str) -> list[dict[str, Any]]:
        """Return the records of a folder that holds few of them."""
        found = []
        for part in self.store.folders(self.root, folder):
            for entry in self.store.files(self.root, folder, part):
                data = self.store.content(self.root, folder, part, entry.name)
                if data:
                    found.append(json.loads(data))
        return found

    def draw(self, folder: str, key: str, highest: int) -> int:
        """Return a number from 1 to ``highest`` that is this key's for ever, and no other's.

        A number is a file that only its first writer could make.
        """
        for probe in range(1_000):
            number = _candidate(key, probe, highest)
            name = f"{number:09}"
            path = (self.root, folder, name[-3:], name)
            if self.store.make_new(key.encode(), *path):
                return number
            if self.store.content(*path) == key.encode():
                return number
        raise TransientError("No number could be drawn.")

    def _path(self, folder: str, name: str) -> tuple[str, ...]:
        digest = hashlib.sha256(name.encode()).hexdigest()[:32]
        return (self.root, folder, digest[:2], f"{digest}.json")


def _candidate(key: str, probe: int, highest: int) -> int:
    text = f"{probe}:{key}".encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:8], "big") % highest + 1
