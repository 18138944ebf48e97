"""What a channel's word about a quantity means, when Odoo is the one that publishes it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

# Clocks of two systems may differ by this much: what is older than that is old for certain.
CLOCK_SKEW = timedelta(seconds=60)
# A lower figure mostly is a sale whose order is on its way: most have been imported by then.
PATIENCE = timedelta(seconds=60)


class Word(str, Enum):
    """What to do about it."""

    KNOWN = "known"  # what it was told, or what it holds after the sales that were imported
    OLD = "old"  # said before it was told something else
    RAISED = "raised"  # it could sell more than Odoo allows: read it at once
    LOWERED = "lowered"  # a sale in flight, most likely: read it if that is not imported soon


@dataclass(frozen=True)
class Told:
    """What a channel was told of an item at a location, in whole units.

    ``expected`` is what it holds once its sales are imported; ``attempted`` is what is being told
    at this moment (``None``: nothing). ``at`` is when it acknowledged (UTC).
    """

    acknowledged: int
    expected: int
    attempted: int | None = None
    at: datetime | None = None


def judge_word(told: Told, said: float | None, at: datetime | None = None) -> Word:
    """Judge that a channel said at a moment to hold ``said``; ``None``: it does not count it."""
    known = {told.acknowledged, told.expected}
    if told.attempted is not None:
        known.add(told.attempted)
    if said in known:
        return Word.KNOWN
    if at and told.at and at + CLOCK_SKEW < told.at:
        return Word.OLD
    return Word.RAISED if said is not None and said > max(known) else Word.LOWERED
