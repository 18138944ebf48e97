"""What a mutation refuses: ``userErrors``, each with the field that it is about."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from odoo.addons.retail_connector_base.providers import RejectedError, TransientError
from odoo.addons.retail_connector_base.providers.redaction import redact_text

_IN_PROGRESS = "IDEMPOTENCY_CONCURRENT_REQUEST"
# What the code says in words: the errors of some mutations have no code.
_IN_PROGRESS_TEXT = "request is currently in progress"


@dataclass(frozen=True)
class UserError:
    """One refusal. ``index`` is the place of the entry that it is about in the input's list."""

    code: str
    text: str
    index: int | None = None


def payload_of(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the payload of a mutation. Raises ``TransientError`` when there is none."""
    payload = data.get(name)
    if not isinstance(payload, dict):
        raise TransientError(f"{name} was answered without a result.")
    return payload


def user_errors(payload: Mapping[str, Any], argument: str = "") -> list[UserError]:
    """Return what a payload refuses; indexes are those of the list ``argument``.

    Raises ``TransientError`` while the same request is still at work.
    """
    found = [
        UserError(
            str(entry.get("code") or ""),
            redact_text(str(entry.get("message") or entry.get("code") or "refused")),
            _index(entry.get("field"), argument),
        )
        for entry in payload.get("userErrors") or ()
        if isinstance(entry, dict)
    ]
    if any(_is_in_progress(error) for error in found):
        raise TransientError("The shop is still at work on the same request.", retry_after=1.0)
    return found


def require_none(errors: Collection[UserError]) -> None:
    """Raise ``RejectedError`` with the texts of all errors, if there are any."""
    if errors:
        raise RejectedError(join(errors))


def join(errors: Collection[UserError]) -> str:
    """Return the texts of errors, each once."""
    return "; ".join(dict.fromkeys(error.text for error in errors))


def _is_in_progress(error: UserError) -> bool:
    return error.code == _IN_PROGRESS or (not error.code and _IN_PROGRESS_TEXT in error.text)


def _index(path: Any, argument: str) -> int | None:
    """Return the number that follows the argument's name in a path of fields."""
    if not isinstance(path, list) or argument not in path:
        return None
    rest = path[path.index(argument) + 1 :]
    text = str(rest[0]) if rest else ""
    return int(text) if text.isascii() and text.isdigit() else None
