"""The flows that a provider offers."""

from dataclasses import dataclass
from enum import Enum


class Direction(str, Enum):
    """Towards Odoo, or away from it."""

    IN = "in"
    OUT = "out"


class Mode(str, Enum):
    """How a flow is set going. An event flow may be polled as well, as its safety net."""

    EVENT = "event"
    POLL = "poll"
    BATCH = "batch"


@dataclass(frozen=True)
class FlowSpec:
    """One domain in one direction, with the schedule it starts out with.

    ``tier``: 1 seconds, 2 minutes, 3 batch. ``interval`` is minutes between two polls, 0 for none.
    Of an outgoing state, ``interval`` is minutes between two full comparisons. ``topics`` are the
    provider's names of the events that belong to the flow. A flow that ``starts_paused`` would
    overwrite what the channel holds: a person starts it.
    """

    kind: str
    direction: Direction = Direction.IN
    mode: Mode = Mode.EVENT
    tier: int = 1
    interval: int = 0
    topics: tuple[str, ...] = ()
    starts_paused: bool = False
