"""Having an effect once, although answers get lost.

Stripe gives the first answer to an idempotency key again to whoever sends the key again, also when
it was a failure or a refusal. So a key whose request is over, and which had no effect, is used up:
the next one of the command's keys takes its place. While a request may still be at work its key is
never changed.
"""

import hashlib
from collections.abc import Callable
from typing import Any

from odoo.addons.retail_connector_base.providers import CommandResult

from .http import ReplayedFailureError, ReplayedRefusalError

LONGEST_KEY = 255
KEYS = 10


def idempotency_key(key: str, number: int) -> str:
    """Return the command's key of a number, short enough for Stripe."""
    name = key if not number else f"{key}#{number}"
    if len(name) <= LONGEST_KEY and name.isascii() and name.isprintable():
        return name
    return hashlib.sha256(name.encode()).hexdigest()


def once(
    key: str,
    send: Callable[[str], dict[str, Any]],
    look_up: Callable[[], CommandResult | None],
    result: Callable[[dict[str, Any]], CommandResult],
) -> CommandResult:
    """Send with the command's first key that is not used up.

    Raises the last answer's error when all are: somebody tried this command very often in a day.
    """
    for number in range(KEYS):
        try:
            return result(send(idempotency_key(key, number)))
        except (ReplayedFailureError, ReplayedRefusalError):
            found = look_up()
            if found is not None or number == KEYS - 1:
                if found is None:
                    raise
                return found
    raise AssertionError("unreachable")
