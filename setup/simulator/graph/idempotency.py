"""Idempotency keys: one operation, one effect, however often it is asked for."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from ..fulfilment import RefusedError
from .money import Node


@dataclass
class Entry:
    """What a key stands for. ``answer`` is absent while the mutation is being carried out."""

    fingerprint: str
    answer: Node | None = None


class Idempotency:
    """The keys that an app has used.

    A key stays bound to its first arguments, even when the mutation was refused: the vendor asks
    for a new key for every distinct request.
    """

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._lock = Lock()

    def begin(self, key: str, mutation: str, arguments: Mapping[str, Any]) -> Node | None:
        """Return the stored answer, or ``None`` for a new key; raises what the vendor refuses."""
        fingerprint = json.dumps([mutation, arguments], sort_keys=True, default=str)
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                self._entries[key] = Entry(fingerprint)
                return None
            if entry.fingerprint != fingerprint:
                raise RefusedError(
                    "The same idempotency key cannot be used with different operation parameters.",
                    None, "IDEMPOTENCY_KEY_PARAMETER_MISMATCH",
                )  # fmt: skip
            if entry.answer is None:
                raise RefusedError(
                    "This request is currently in progress, please try again.",
                    None, "IDEMPOTENCY_CONCURRENT_REQUEST",
                )  # fmt: skip
            return entry.answer

    def finish(self, key: str, answer: Node) -> None:
        """Store the answer of a mutation."""
        with self._lock:
            self._entries[key].answer = answer

    def abandon(self, key: str) -> None:
        """Forget a key whose mutation ended in an error."""
        with self._lock:
            self._entries.pop(key, None)
