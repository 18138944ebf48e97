"""When goods count as having left."""

from datetime import datetime, timedelta

# Clocks differ by minutes.
AHEAD = timedelta(minutes=10)
OLDEST = timedelta(days=400)


def moved_at(told: datetime | None, now: datetime) -> datetime:
    """Return when goods left: as told where that is plausible, else now. Naive UTC, both.

    What lies in the future, or before the books of the last year, is a mistake of a clock.
    """
    if told is None or told > now + AHEAD or told < now - OLDEST:
        return now
    return min(told, now).replace(microsecond=0)
