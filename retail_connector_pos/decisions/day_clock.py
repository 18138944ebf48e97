"""Whether a register's clock is right."""

from datetime import datetime, timedelta

AHEAD = timedelta(minutes=5)
BEHIND = timedelta(days=2)


def clock_skew(sold_at: datetime, received_at: datetime, offline: bool) -> timedelta | None:
    """Return by how much a register's clock is wrong, ``None`` where nothing says so.

    A ticket of the future proves a clock that is ahead. One of the past may have been sent late:
    only what was sold online and is days old says that the clock is behind.
    """
    ahead = sold_at - received_at
    if ahead > AHEAD:
        return ahead
    if not offline and -ahead > BEHIND:
        return ahead
    return None
