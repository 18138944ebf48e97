"""JSON that others wrote: exact numbers, one error for all that is wrong, the same bytes again."""

import json
from decimal import Decimal
from typing import Any

from .errors import MalformedPayloadError


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key occurs twice")
    return result


def _constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _storable(text: str) -> bool:
    """PostgreSQL refuses NUL, and UTF-8 the halves of surrogate pairs."""
    return "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def _check_texts(root: Any) -> None:
    stack = [root]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            stack.extend(value)
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)
        elif isinstance(value, str) and not _storable(value):
            raise ValueError("a text holds NUL or half of a surrogate pair")


def loads(body: bytes) -> Any:
    """Return what a JSON body says, fractions as ``Decimal``; a byte order mark is skipped.

    Raises ``MalformedPayloadError`` for anything that is not unambiguous JSON: broken encoding or
    syntax, NaN, a key twice, NUL, nesting or integers beyond what Python reads.
    """
    try:
        text = body.decode("utf-8-sig")
        root = json.loads(
            text, parse_float=Decimal, parse_constant=_constant, object_pairs_hook=_object
        )
        if "\\u" in text or "\x00" in text:
            _check_texts(root)
    except json.JSONDecodeError as error:
        raise MalformedPayloadError(
            f"The content is no valid JSON (position {error.pos})."
        ) from None
    except UnicodeDecodeError:
        raise MalformedPayloadError("The content is not encoded in UTF-8.") from None
    except RecursionError:
        raise MalformedPayloadError("The content is nested too deeply.") from None
    except (ValueError, ArithmeticError) as error:
        reason = str(error) if "digits" not in str(error) else "a number is too long"
        raise MalformedPayloadError(f"The content is not usable: {reason}.") from None
    return root


def dumps(content: Any) -> bytes:
    """Return JSON bytes that are the same for the same content; fractions become floats."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), default=_float).encode()


def _float(value: Any) -> float:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(type(value).__name__)
