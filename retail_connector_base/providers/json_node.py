"""Reading a decoded payload field by field: every error names the field, none shows its value."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timezone
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar, TypeVar

from .errors import MalformedPayloadError

Own = TypeVar("Own", bound="JsonNode")

_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,10})?", re.ASCII)


class JsonNode:
    """A JSON object and the path by which it was reached. Vendors' habits are subclasses.

    ``identifiers`` is what an id looks like; its first group is the id itself.
    """

    identifiers: ClassVar[re.Pattern[str]] = re.compile(r"(\d{1,20})", re.ASCII)

    def __init__(self, value: Any, path: str = "") -> None:
        if not isinstance(value, dict):
            raise MalformedPayloadError(f"“{path or 'The content'}” is not an object.")
        self.raw: dict[str, Any] = value
        self.path = path

    def __contains__(self, key: str) -> bool:
        return self.raw.get(key) is not None

    def _path(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def wrong(self, key: str, reason: str) -> MalformedPayloadError:
        """Return the error that a field is not as it must be."""
        return MalformedPayloadError(f"“{self._path(key)}” {reason}.")

    def text(self, key: str) -> str | None:
        """Return a text, ``None`` when it is absent or blank."""
        value = self.raw.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
            raise self.wrong(key, "is not a text")
        return str(value).strip() or None

    def required(self, key: str) -> str:
        """Return a text that must be there."""
        value = self.text(key)
        if value is None:
            raise self.wrong(key, "is missing")
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        """Return a truth value."""
        value = self.raw.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.wrong(key, "is neither true nor false")
        return value

    def identifier(self, key: str = "id") -> str | None:
        """Return an id as digits, from a number or a text."""
        value = self.raw.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise self.wrong(key, "is not an id")
        found = self.identifiers.fullmatch(str(value))
        if not found:
            raise self.wrong(key, "is not an id")
        return found[1]

    def required_identifier(self, key: str = "id") -> str:
        """Return an id that must be there."""
        value = self.identifier(key)
        if value is None:
            raise self.wrong(key, "is missing")
        return value

    def decimal(self, key: str) -> Decimal | None:
        """Return an exact number, written as a number or as a text.

        More than 15 digits before or 10 after the point cannot be an amount or a quantity.
        """
        value = self.raw.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
            raise self.wrong(key, "is not a number")
        if isinstance(value, Decimal):
            return self._bounded(key, value)
        if not _NUMBER.fullmatch(str(value)):
            raise self.wrong(key, "is not a number, or too long")
        return Decimal(value)

    def _bounded(self, key: str, value: Decimal) -> Decimal:
        with suppress(InvalidOperation):
            if value.is_finite() and value.adjusted() < 15:
                return value if value.as_tuple().exponent >= -10 else round(value, 10)
        raise self.wrong(key, "is not a number, or too long")

    def number(self, key: str) -> Decimal:
        """Return a number, 0 when it is absent."""
        return self.decimal(key) or Decimal(0)

    def currency(self, key: str) -> str | None:
        """Return an ISO 4217 code."""
        value = self.text(key)
        if value is not None and not _CURRENCY.fullmatch(value):
            raise self.wrong(key, "is not a currency")
        return value

    def moment(self, key: str) -> datetime | None:
        """Return a moment with the offset that it was written with."""
        value = self.text(key)
        if value is None:
            return None
        try:
            moment = datetime.fromisoformat(value.replace("Z", "+00:00").replace("z", "+00:00"))
            moment.astimezone(timezone.utc)
        except (ValueError, OverflowError):
            raise self.wrong(key, "is not a time") from None
        if moment.tzinfo is None:
            raise self.wrong(key, "has no time zone")
        return moment

    def utc(self, key: str) -> datetime | None:
        """Return a moment in UTC."""
        moment = self.moment(key)
        return moment and moment.astimezone(timezone.utc)

    def child(self: Own, key: str) -> Own | None:  # noqa: PYI019 - Self needs 3.11
        """Return an object inside this one, ``None`` when absent."""
        value = self.raw.get(key)
        return None if value is None else type(self)(value, self._path(key))

    def children(self: Own, key: str) -> Iterator[Own]:  # noqa: PYI019
        """Yield the objects of a list, none when it is absent."""
        value = self.raw.get(key)
        if value is None:
            return
        if not isinstance(value, list):
            raise self.wrong(key, "is not a list")
        for index, item in enumerate(value):
            yield type(self)(item, f"{self._path(key)}[{index}]")

    def texts(self, key: str) -> tuple[str, ...]:
        """Return the texts of a list."""
        value = self.raw.get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.wrong(key, "is not a list of texts")
        return tuple(value)
