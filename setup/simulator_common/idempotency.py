"""Idempotency keys of what succeeded: its answer is given again, another request is refused."""

from threading import Lock
from typing import Any


class Keys:
    """The keys that were seen, with what was asked and answered."""

    def __init__(self) -> None:
        self._entries: dict[str, tuple[Any, Any]] = {}
        self._lock = Lock()

    def known(self, key: str, asked: Any) -> tuple[bool, Any]:
        """Return whether a key was used before, and its answer. Raises ``KeyError`` if for else."""
        with self._lock:
            if key not in self._entries:
                return False, None
            before, answer = self._entries[key]
        if before != asked:
            raise KeyError(key)
        return True, answer

    def keep(self, key: str, asked: Any, answer: Any) -> None:
        """Remember the answer to a key."""
        with self._lock:
            self._entries[key] = (asked, answer)

    def all(self) -> list[str]:
        """Return the keys in the order of their first use."""
        with self._lock:
            return list(self._entries)
