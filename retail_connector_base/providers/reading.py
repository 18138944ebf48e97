"""Reading a payload: whatever goes wrong becomes the one error that says so."""

from collections.abc import Callable
from decimal import Context, localcontext
from typing import TypeVar

from pydantic import ValidationError

from .errors import MalformedPayloadError

Read = TypeVar("Read")

# Sums and products of bounded numbers stay exact.
_EXACT = Context(prec=100)


def understood(read: Callable[[], Read]) -> Read:
    """Return what a function reads, computed exactly.

    Raises nothing but ``MalformedPayloadError`` for content that does not fit; no value of it gets
    into the text.
    """
    try:
        with localcontext(_EXACT):
            return read()
    except ValidationError as error:
        fields = sorted({_field(entry["loc"]) for entry in error.errors(include_input=False)})
        raise MalformedPayloadError(f"Not usable in {error.title}: {', '.join(fields)}.") from None
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise MalformedPayloadError(
            f"The content cannot be computed with ({type(error).__name__})."
        ) from None


def _field(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) or "the whole"
