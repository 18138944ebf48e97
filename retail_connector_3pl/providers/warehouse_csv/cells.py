"""What cells say: numbers, moments, days and words, as the warehouse writes them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

_PLAIN = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,9})?")
_FORMAT = re.compile(r"(?:[^%]|%[YymdHIMSfpjzZ%]){1,60}")
UTC = ZoneInfo("UTC")
TRUE = frozenset(["1", "true", "yes", "y", "t", "x"])
FALSE = frozenset(["", "0", "false", "no", "n", "f"])


class CellError(ValueError):
    """A cell that cannot be read. The text names its column and quotes nothing."""


@dataclass(frozen=True)
class Notation:
    """How a warehouse writes: the decimal sign, thousands, dates, clock and its own words."""

    decimal_sign: str = "."
    thousands: str = ""
    formats: tuple[str, ...] = ("iso",)
    zone: ZoneInfo = UTC
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Cells:
    """One row by our names of its columns."""

    row: Mapping[str, str]
    columns: Mapping[str, str]
    notation: Notation

    def text(self, name: str) -> str:
        """Return a cell without blanks around it, empty where there is none."""
        return (self.row.get(self.columns.get(name, name)) or "").strip()

    def required(self, name: str) -> str:
        """Return a cell that must hold something."""
        found = self.text(name)
        if not found:
            raise CellError(f"the column “{self.columns.get(name, name)}” is empty")
        return found

    def word(self, name: str) -> str:
        """Return a word of ours: theirs by the table of words, else as it is, in small letters."""
        found = self.text(name)
        return self.notation.words.get(found.lower(), found).lower()

    def flag(self, name: str) -> bool:
        """Return a truth value."""
        found = self.word(name)
        if found not in TRUE | FALSE:
            raise self._wrong(name, "says neither yes nor no")
        return found in TRUE

    def number(self, name: str) -> Decimal | None:
        """Return a number, ``None`` for an empty cell."""
        text = self.text(name)
        if not text:
            return None
        try:
            return number_of(text, self.notation)
        except ValueError:
            raise self._wrong(name, "holds no number as declared") from None

    def quantity(self, name: str) -> Decimal:
        """Return a number that must be there and must not be negative."""
        found = self.number(name)
        if found is None or found < 0:
            raise self._wrong(name, "holds no quantity")
        return found

    def moment(self, name: str) -> datetime | None:
        """Return a moment in UTC; a day alone is its noon."""
        text = self.text(name)
        if not text:
            return None
        found = self._moment(name, text)
        return found.astimezone(timezone.utc)

    def day(self, name: str) -> date | None:
        """Return a day."""
        text = self.text(name)
        return self._moment(name, text).date() if text else None

    def _moment(self, name: str, text: str) -> datetime:
        for form in self.notation.formats:
            try:
                found = _by_format(text[:60], form)
            except (ValueError, OverflowError):
                continue
            if found.tzinfo is None:
                found = found.replace(tzinfo=self.notation.zone)
            return found
        raise self._wrong(name, "holds no time as declared")

    def _wrong(self, name: str, what: str) -> CellError:
        return CellError(f"the column “{self.columns.get(name, name)}” {what}")


def number_of(text: str, notation: Notation) -> Decimal:
    """Return a number as a system writes it: a sign before or behind. Raises ``ValueError``."""
    text = text.replace("\u00a0", " ").strip()
    if len(text) > 40:
        raise ValueError("long")
    if text.endswith(("-", "+")) and not text.startswith(("-", "+")):
        text = text[-1] + text[:-1].rstrip()
    text = text.removeprefix("+").strip()
    if notation.thousands:
        text = _without_thousands(text, notation)
    if notation.decimal_sign == ",":
        if "." in text:
            raise ValueError("point")
        text = text.replace(",", ".")
    text = re.sub(r"^(-?)\.", r"\g<1>0.", text).removesuffix(".")
    if not _PLAIN.fullmatch(text):
        raise ValueError("number")
    return Decimal(text)


def _without_thousands(text: str, notation: Notation) -> str:
    """Take separators out, but only where they part groups of three digits."""
    whole, sign, rest = text.partition(notation.decimal_sign)
    groups = whole.removeprefix("-").split(notation.thousands)
    if len(groups) > 1 and not (
        1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    ):
        raise ValueError("thousands")
    minus = "-" if whole.startswith("-") else ""
    return minus + "".join(groups) + sign + rest


def _by_format(text: str, form: str) -> datetime:
    if form == "iso":
        found = datetime.fromisoformat(re.sub(r"[Zz]$", "+00:00", text))
        return found.replace(hour=12) if len(text) <= 10 else found
    found = datetime.strptime(text, form)
    return found if "%H" in form or "%I" in form else found.replace(hour=12)


def is_format(form: str) -> bool:
    """Tell whether a format of times may be declared."""
    return form == "iso" or bool("%" in form and _FORMAT.fullmatch(form))
