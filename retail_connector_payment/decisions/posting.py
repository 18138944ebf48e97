"""When and on what day something is posted, without a database."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from odoo.addons.retail_connector_base.canonical import BalanceCategory

from .ledger import AT_ONCE, Role

LONGEST_PAUSE = timedelta(hours=1)
KEY_LENGTH = 120

# What stands on the customer's account, so that it matters which order it belongs to.
OF_AN_ORDER: frozenset[BalanceCategory] = frozenset(
    category for category, role in AT_ONCE.items() if role is Role.RECEIVABLE
)


def local_day(moment: datetime, zone: str) -> date:
    """Return the day on which a moment (UTC, without a time zone) lies in a time zone."""
    return moment.replace(tzinfo=timezone.utc).astimezone(ZoneInfo(zone)).date()


def first_open_day(day: date, locks: Iterable[date]) -> date:
    """Return the day itself, or the first one after all the lock dates that it violates."""
    return max([day, *(lock + timedelta(days=1) for lock in locks)])


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait before what failed this many times is tried again."""
    return min(timedelta(minutes=2 ** min(attempts, 16)), LONGEST_PAUSE)


def cause_key(text: str) -> str:
    """Return what makes two failures the same cause: their text without its numbers."""
    return re.sub(r"[\d\W_]+", " ", text).strip().lower()[:KEY_LENGTH]
