"""A time that moves only when it is told to."""

from datetime import datetime, timedelta, timezone


class Clock:
    """Returns its time (UTC) when called."""

    def __init__(self, time: datetime | None = None) -> None:
        self.time = time or datetime(2026, 4, 2, 12, tzinfo=timezone.utc)

    def __call__(self) -> datetime:
        return self.time

    def pass_by(self, seconds: float = 0, days: float = 0) -> None:
        """Let time pass."""
        self.time += timedelta(days=days, seconds=seconds)
