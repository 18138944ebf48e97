"""Reading the segments of one set: elements, numbers, dates and loops; what is wrong is noted."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timezone
from decimal import Decimal

from .check import faults_of
from .fault import (
    BAD_CHARACTER,
    BAD_DATE,
    MISSING_ELEMENT,
    MISSING_SEGMENT,
    Fault,
    SetError,
)
from .profile import Profile
from .wire import RawSet

_NUMBER = re.compile(r"-?(?:[0-9]{1,15}(?:\.[0-9]{0,9})?|\.[0-9]{1,9})")
# Rough dates of an interchange: its century is not told.
_CENTURY = 2000


@dataclass(frozen=True)
class Segment:
    """One segment; ``position`` counts from ST, which is 1."""

    name: str
    elements: tuple[str, ...]
    position: int

    def get(self, number: int) -> str:
        """Return an element without blanks around it, empty where there is none."""
        found = self.elements[number - 1] if number <= len(self.elements) else ""
        return found.strip()


Loop = list[Segment]


@dataclass(frozen=True)
class Envelope:
    """What the envelope says of a set. ``written_at`` is when its group was written, UTC."""

    sender: str
    receiver: str
    interchange: str
    group: str
    set: str
    written_at: datetime | None = None

    @property
    def identity(self) -> str:
        """The control numbers and who drew them."""
        return f"{self.sender}/{self.interchange}/{self.group}/{self.set}"


class SetReader:
    """The segments of one set between ST and SE, and all that is found wrong with them."""

    def __init__(self, raw: RawSet, envelope: Envelope, profile: Profile) -> None:
        self.raw, self.envelope, self.profile = raw, envelope, profile
        self.faults: list[Fault] = faults_of(raw)
        element = raw.separators.element
        found = (
            (segment.split(element), position) for position, segment in enumerate(raw.segments, 1)
        )
        self.segments = [Segment(parts[0], tuple(parts[1:]), at) for parts, at in found]
        self.body: Loop = [s for s in self.segments if s.name not in ("ST", "SE")]

    # Finding

    def first(self, name: str, among: Sequence[Segment] | None = None) -> Segment | None:
        """Return the first segment of a name."""
        found = self.body if among is None else among
        return next((segment for segment in found if segment.name == name), None)

    def required(self, name: str) -> Segment:
        """Return the first segment of a name. Raises ``SetError`` where there is none."""
        segment = self.first(name)
        if segment is None:
            self.wrong(Fault(f"The segment {name} is missing.", name, 2, code=MISSING_SEGMENT))
            raise SetError(self.faults)
        return segment

    def split(self, name: str, among: Iterable[Segment]) -> tuple[Loop, list[Loop]]:
        """Return what stands before the first segment of a name, and the loops it begins.

        What stands between LS and LE belongs to the loop around it.
        """
        head: Loop = []
        loops: list[Loop] = []
        inside = False
        for segment in among:
            inside = segment.name != "LE" and (inside or segment.name == "LS")
            if segment.name == name and not inside:
                loops.append([])
            (loops[-1] if loops else head).append(segment)
        return head, loops

    # Elements

    def text(self, segment: Segment, number: int) -> str:
        """Return an element that must be there."""
        found = segment.get(number)
        if not found:
            self._element(segment, number, MISSING_ELEMENT, "is empty")
        return found

    def number(self, segment: Segment, number: int) -> Decimal | None:
        """Return a number, ``None`` where the element is empty."""
        found = segment.get(number)
        if not found:
            return None
        if not _NUMBER.fullmatch(found):
            self._element(segment, number, BAD_CHARACTER, "is no number")
            return None
        return Decimal(found if found[-1] != "." else found[:-1])

    def day(self, segment: Segment, number: int) -> date | None:
        """Return a date (CCYYMMDD or YYMMDD), ``None`` where the element is empty."""
        found = segment.get(number)
        if not found:
            return None
        day = day_of(found)
        if day is None:
            self._element(segment, number, BAD_DATE, "is no date")
        return day

    def moment(self, segment: Segment, day: int, clock: int) -> datetime | None:
        """Return a moment in UTC; noon of the day where no time is told."""
        found = self.day(segment, day)
        return self.at(found, segment.get(clock)) if found else None

    def at(self, day: date, clock: str = "") -> datetime:
        """Return a moment of the warehouse's own clock in UTC.

        Of a day alone: the moment the file was written if that was the same day, else noon.
        """
        written = self.envelope.written_at
        if not clock and written and written.astimezone(self.profile.zone).date() == day:
            return written
        at = time_of(clock) or time(12)
        return datetime.combine(day, at, self.profile.zone).astimezone(timezone.utc)

    # Noting

    def wrong(self, fault: Fault) -> None:
        """Note what is wrong, once."""
        if fault not in self.faults:
            self.faults.append(fault)

    def remark(self, segment: Segment, text: str) -> None:
        """Note what a person should know; the set is used all the same."""
        self.wrong(Fault(text, segment.name, segment.position, code="8", fatal=False))

    def refuse(self, segment: Segment, number: int, code: str, text: str) -> None:
        """Note an element that makes the set unusable."""
        self.wrong(Fault(text, segment.name, segment.position, number, code))

    def _element(self, segment: Segment, number: int, code: str, what: str) -> None:
        name = f"{segment.name}{number:02}"
        self.refuse(segment, number, code, f"Segment {segment.position}: {name} {what}.")

    def stop_if_wrong(self) -> None:
        """Raise ``SetError`` with all that was noted, if anything of it is fatal."""
        if any(fault.fatal for fault in self.faults):
            raise SetError(self.faults)


def day_of(text: str) -> date | None:
    """Return a date as X12 writes it, ``None`` for what is none."""
    if not re.fullmatch(r"[0-9]{6}|[0-9]{8}", text):
        return None
    year = int(text[:-4]) + (_CENTURY if len(text) == 6 else 0)
    try:
        return date(year, int(text[-4:-2]), int(text[-2:]))
    except ValueError:
        return None


def time_of(text: str) -> time | None:
    """Return a time as X12 writes it (HHMM, HHMMSS, with hundredths), ``None`` for none."""
    if not re.fullmatch(r"[0-9]{4}(?:[0-9]{2}){0,2}", text):
        return None
    try:
        return time(int(text[:2]), int(text[2:4]), int(text[4:6] or 0))
    except ValueError:
        return None
