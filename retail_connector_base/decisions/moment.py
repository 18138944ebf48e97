"""Moments as a database without time zones keeps them: in UTC, whole seconds."""

from datetime import datetime, timezone
from typing import overload


@overload
def naive_utc(moment: datetime) -> datetime: ...


@overload
def naive_utc(moment: None) -> None: ...


def naive_utc(moment: datetime | None) -> datetime | None:
    """Return a moment (aware) in UTC without its time zone; ``None`` stays.

    On the first and the last day of the calendar, where UTC may not exist, it stays as it is.
    """
    if moment is None:
        return None
    return _in_utc(moment).replace(tzinfo=None, microsecond=0)


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(timezone.utc)
    except OverflowError:
        return moment


def text_of_moment(moment: datetime | None) -> str | None:
    """Write a moment (aware) in UTC such that texts compare as the moments do."""
    found = naive_utc(moment) if moment else None
    return found.isoformat(sep=" ") if found else None
