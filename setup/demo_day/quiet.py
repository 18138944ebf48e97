"""Waiting until nothing moves any more."""

import time
from collections.abc import Callable

from environment import say

from .reading import Database
from .watch import CLAIMABLE

BUSY_JOBS = """
    SELECT count(*) FROM queue_job
     WHERE state IN ('wait_dependencies', 'pending', 'enqueued', 'started')
"""
OWED = f"""
    SELECT (SELECT count(*) FROM ({CLAIMABLE}) claimable)
         + (SELECT count(*) FROM retail_inbox_message WHERE state = 'retry')
         + (SELECT count(*) FROM retail_reservation_request)
         + ({BUSY_JOBS})
"""
STILL = 2.0


def wait_until_quiet(database: Database, seconds: float, what: str = "Odoo") -> bool:
    """Wait until nothing is owed for two seconds; return False when the time is up first."""
    return wait_for(lambda: not database.value(OWED), seconds, what, still=STILL)


def wait_for(
    done: Callable[[], bool], seconds: float, what: str, *, still: float = 0, pause: float = 0.25
) -> bool:
    """Wait until something holds for ``still`` seconds; return False when the time is up first."""
    deadline, since = time.monotonic() + seconds, None
    while time.monotonic() < deadline:
        if not done():
            since = None
        elif since is None:
            since = time.monotonic()
        if since is not None and time.monotonic() - since >= still:
            return True
        time.sleep(pause)
    say(f"   {what} was not quiet after {seconds:.0f} s")
    return False
