"""Writing X12: texts that fit their elements, and interchanges around sets.

The library writes segments and trailers with their counts; it neither pads ISA nor guards texts.
"""

import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from pyx12.segment import Segment
from pyx12.x12file import X12Writer

from odoo.addons.retail_connector_base.providers import RejectedError

from .profile import Profile

# A segment: its name and its elements, those at the end may be empty.
Written = tuple[str, ...]


@dataclass(frozen=True)
class WrittenSet:
    """A set to be written: its code and its segments, without ST and SE."""

    code: str
    number: str
    segments: tuple[Written, ...]


@dataclass(frozen=True)
class WrittenGroup:
    """A functional group to be written: GS01, GS06 and its sets."""

    code: str
    number: str
    sets: tuple[WrittenSet, ...]


class Speller:
    """Spells texts, numbers and times as X12 elements of one partner."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        own = profile.separators
        self._taken = {*own.element, *own.component, *own.segment, *own.repetition}

    def text(self, value: str | None, longest: int, name: str, cut: bool = False) -> str:
        """Return a text without separators. Raises ``RejectedError`` for one that does not fit.

        X12 has no way to write a separator within a text: it becomes a blank. ``cut``: what is too
        long loses its end, where that does no harm.
        """
        text = self._spelled(value or "", name)
        text = "".join(" " if c in self._taken or not c.isprintable() else c for c in text)
        text = " ".join(text.split())
        if len(text) > longest and not cut:
            raise RejectedError(f"{name} has more than {longest} characters.")
        return text[:longest].rstrip()

    def reference(self, value: str | None, longest: int, name: str) -> str:
        """Return what identifies something: it is written exactly, or not at all."""
        text = self.text(value, longest, name)
        if text != (value or ""):
            raise RejectedError(f"{name} has characters that cannot be written.")
        return text

    def lines(self, value: str | None, longest: int, most: int, name: str) -> list[str]:
        """Return a text in pieces of a length, at its blanks."""
        pieces: list[str] = []
        for word in self.text(value, 10_000, name, cut=True).split():
            while len(word) > longest:
                pieces.append(word[:longest])
                word = word[longest:]
            if pieces and len(pieces[-1]) + 1 + len(word) <= longest:
                pieces[-1] = f"{pieces[-1]} {word}"
            else:
                pieces.append(word)
        if len(pieces) > most:
            raise RejectedError(f"{name} has more than {most} × {longest} characters.")
        return pieces

    def _spelled(self, text: str, name: str) -> str:
        if self.profile.charset != "ascii":
            text = unicodedata.normalize("NFC", text)
        else:
            text = _plain(text)
        try:
            text.encode(self.profile.charset)
        except UnicodeEncodeError:
            raise RejectedError(f"{name} has letters that the warehouse cannot read.") from None
        return text

    def number(self, value: Decimal, longest: int, name: str) -> str:
        """Return a number without exponent and trailing zeros."""
        text = format(value, "f")
        text = text.rstrip("0").rstrip(".") if "." in text else text
        if len(text.replace("-", "").replace(".", "")) > longest:
            raise RejectedError(f"{name} has more than {longest} digits.")
        return text

    def day(self, moment: datetime | date | None) -> str:
        """Return the day of a moment at the warehouse."""
        if isinstance(moment, datetime):
            moment = moment.astimezone(self.profile.zone).date()
        return f"{moment:%Y%m%d}" if moment else ""


# Letters that have no base letter of their own.
_SPELLED = {
    "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D",
    "ł": "l", "Ł": "L", "þ": "th", "Þ": "Th", "ð": "d", "Ð": "D", "ı": "i", "–": "-", "—": "-",
    "‘": "'", "’": "'", "“": '"', "”": '"', "…": "...", "\u00a0": " ", "№": "No.",
}  # fmt: skip


def _plain(text: str) -> str:
    """Return a text whose letters have lost their accents."""
    text = "".join(_SPELLED.get(char, char) for char in text)
    apart = unicodedata.normalize("NFKD", text)
    return "".join(char for char in apart if not unicodedata.combining(char))


def interchange(
    profile: Profile, number: int, moment: datetime, groups: Sequence[WrittenGroup]
) -> bytes:
    """Return an interchange: its header, groups and trailers with their counts."""
    own = profile.separators
    out = io.StringIO()
    writer = X12Writer(out, own.segment, own.element, own.component, "", own.repetition or "^")
    # A line each, unless lines are what ends segments.
    writer.eol = "" if own.segment in "\r\n" else "\n"
    for written in _segments(profile, number, moment, groups):
        writer.Write(_segment(profile, written))
    return out.getvalue().encode(profile.charset)


def _segments(
    profile: Profile, number: int, moment: datetime, groups: Sequence[WrittenGroup]
) -> Iterable[Written]:
    local = moment.astimezone(profile.zone)
    standard = profile.separators.repetition or "U"
    control = f"{number:09}"
    yield (
        "ISA", "00", " " * 10, "00", " " * 10,
        profile.sender[0].ljust(2), profile.sender[1].ljust(15),
        profile.receiver[0].ljust(2), profile.receiver[1].ljust(15),
        f"{local:%y%m%d}", f"{local:%H%M}", standard, profile.interchange_version, control,
        "0", profile.usage, profile.separators.component,
    )  # fmt: skip
    for group in groups:
        yield (
            "GS", group.code, profile.sender_code, profile.receiver_code,
            f"{local:%Y%m%d}", f"{local:%H%M}", group.number, "X", profile.version,
        )  # fmt: skip
        for each in group.sets:
            yield ("ST", each.code, each.number)
            yield from each.segments
            yield ("SE", "", "")
        yield ("GE", "", "")
    yield ("IEA", "", "")


def _segment(profile: Profile, written: Written) -> Segment:
    """Return a segment without the empty elements at its end."""
    elements = list(written)
    while len(elements) > 1 and not elements[-1]:
        elements.pop()
    own = profile.separators
    text = own.element.join(elements)
    return Segment(text, own.segment, own.element, own.component)
