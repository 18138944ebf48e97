"""By when a warehouse sends what it is told at some moment: its cut-off and its working days."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

# A warehouse that never works is a mistake that must not hang anybody.
LONGEST_REST = 366
MONDAY_TO_FRIDAY = frozenset(range(5))


@dataclass(frozen=True)
class Rhythm:
    """When a warehouse works. ``cutoff`` is local time, ``None`` for the end of the day.

    ``days`` are weekdays (Monday is 0), ``closed`` are days off. What is told before the cut-off of
    a working day leaves that day.
    """

    zone: str = "UTC"
    cutoff: time | None = None
    days: frozenset[int] = MONDAY_TO_FRIDAY
    closed: Collection[date] = field(default=frozenset())

    def works_on(self, day: date) -> bool:
        """Tell whether the warehouse sends anything on a day."""
        return day.weekday() in self.days and day not in self.closed


@dataclass(frozen=True)
class Promise:
    """``cutoff_at``: told until then (UTC, exclusive) it leaves by ``ship_by`` (UTC)."""

    cutoff_at: datetime
    ship_by: datetime


def promise(told_at: datetime, rhythm: Rhythm) -> Promise:
    """Return by when what is told at a moment (with its time zone) leaves.

    Raises ``ValueError`` for a warehouse that never works.
    """
    zone = ZoneInfo(rhythm.zone)
    first = told_at.astimezone(zone).date()
    for ahead in range(LONGEST_REST):
        day = first + timedelta(days=ahead)
        cutoff_at = _cutoff_of(day, rhythm, zone)
        if rhythm.works_on(day) and told_at < cutoff_at:
            return Promise(cutoff_at, _end_of(day, zone))
    raise ValueError("the warehouse works on no day of the coming year")


def _cutoff_of(day: date, rhythm: Rhythm, zone: ZoneInfo) -> datetime:
    if rhythm.cutoff is None:
        return _midnight(day + timedelta(days=1), zone)
    return datetime.combine(day, rhythm.cutoff, zone).astimezone(timezone.utc)


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the last second of a day: a date that people read in local time."""
    return _midnight(day + timedelta(days=1), zone) - timedelta(seconds=1)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(timezone.utc)


def dates_of(text: str | None) -> frozenset[date]:
    """Return the days of a list like “2026-12-24, 2026-12-25”. Raises ``ValueError``."""
    parts = (text or "").replace(";", ",").replace("\n", ",").split(",")
    return frozenset(date.fromisoformat(part.strip()) for part in parts if part.strip())
