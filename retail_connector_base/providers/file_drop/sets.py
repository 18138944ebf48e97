"""Which files of a folder belong together, and which of them are complete."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .store import UNFINISHED, Entry

# The part of a delivery that stands for all of it.
HEADER = "header"
# A file that is dated in the future was written by a clock that is wrong: age says nothing.
_FUTURE = timedelta(seconds=5)


@dataclass(frozen=True)
class FileSet:
    """The files of one delivery by their part's name; the header's stands for all."""

    files: Mapping[str, Entry]
    missing: tuple[str, ...] = ()
    markers: tuple[str, ...] = field(default=())

    @classmethod
    def of(cls, entry: Entry) -> "FileSet":
        """Return the delivery that is one file."""
        return cls({HEADER: entry})

    @property
    def head(self) -> Entry:
        """The header's file."""
        return self.files[HEADER]

    @property
    def name(self) -> str:
        """The name of the header's file."""
        return self.head.name


def matched(name: str, pattern: str) -> str | None:
    """Return what ``*`` stands for in a name, ``None`` where the name does not fit."""
    before, _star, after = pattern.lower().partition("*")
    lower = name.lower()
    fits = lower.startswith(before) and lower.endswith(after)
    if not fits or len(name) < len(before) + len(after):
        return None
    return lower[len(before) : len(name) - len(after)]


def is_finished_name(name: str) -> bool:
    """Tell whether a name is not one of a file that is being written."""
    return not name.startswith(".") and not name.lower().endswith(UNFINISHED)


def age_key(entry: Entry) -> float:
    """Return what puts files in the order of their age."""
    return entry.modified.timestamp() if entry.modified else 0.0


def is_settled(entry: Entry, now: datetime, settle: timedelta) -> bool:
    """Tell whether a file rests for long enough to be complete, as far as its age says."""
    age = now - entry.modified if entry.modified else None
    return age is None or not -_FUTURE < age < settle
