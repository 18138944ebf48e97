"""Idempotency keys: the first answer is given again, whatever it was.

Source: docs.stripe.com/api/idempotent_requests: parameters are compared; what failed validation or
met another request at work is not kept.
"""

from dataclasses import dataclass
from threading import Lock
from typing import Any

from .problem import Problem

Answer = tuple[int, Any]


@dataclass
class Entry:
    """What was asked with a key, and the answer once there is one."""

    asked: Any
    answer: Answer | None = None


class Keys:
    """The idempotency keys that were seen."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._lock = Lock()

    def begin(self, key: str, asked: Any) -> Answer | None:
        """Take a key for a request; return the answer to give again. Raises ``Problem``."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                self._entries[key] = Entry(asked)
                return None
            if entry.answer is None:
                text = "There is currently another in-progress request using this key."
                raise Problem(409, "idempotency_key_in_use", text, "idempotency_error")
            if entry.asked != asked:
                text = "Keys can only be used with the same parameters they were first used with."
                raise Problem(400, "idempotency_error", text, "idempotency_error")
            return entry.answer

    def finish(self, key: str, answer: Answer) -> None:
        """Keep the answer of a key."""
        with self._lock:
            self._entries[key].answer = answer

    def forget(self, key: str) -> None:
        """Let a key be used as if it never had been."""
        with self._lock:
            self._entries.pop(key, None)

    def forget_all(self) -> None:
        """Let a day or more go by: Stripe removes keys then."""
        with self._lock:
            self._entries.clear()
