"""The life of an order: its states and the events that told of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .identifiers import seeded_uuid
from .order import Order


@dataclass(frozen=True)
class State:
    """One state of an order and the webhook topics that announced it."""

    order: Order
    topics: tuple[str, ...]
    fulfilment_id: int | None = None


@dataclass
class History:
    """All states of one order; ``updated_at`` increases strictly from one to the next."""

    states: list[State] = field(default_factory=list)

    @property
    def id(self) -> int:
        """The order's identifier."""
        return self.states[0].order.id

    @property
    def kind(self) -> str:
        """The name of the recipe."""
        return self.states[0].order.kind

    @property
    def current(self) -> Order:
        """The order as it is now."""
        return self.states[-1].order

    def append(
        self, order: Order, topics: tuple[str, ...], fulfilment_id: int | None = None
    ) -> None:
        """Add a state, which must be newer than the last."""
        if self.states and order.updated_at <= self.current.updated_at:
            raise ValueError("an order's updated_at must increase")
        self.states.append(State(order, topics, fulfilment_id))


@dataclass(frozen=True)
class Event:
    """A topic and the state it tells of.

    ``fulfilment_id`` names the fulfilment that a ``fulfillments/…`` topic is about.
    Topics of one state share the event id, as a merchant's one action does in the real shop.
    """

    topic: str
    order: Order
    event_id: str
    fulfilment_id: int | None = None

    @property
    def updated_at(self) -> datetime:
        """When the state came about."""
        return self.order.updated_at


@dataclass(frozen=True)
class MoneyEvent(Event):
    """An event about money: more than the state of an order, so it bears its own content."""

    content: Mapping[str, Any] = field(default_factory=dict, compare=False)
    at: datetime | None = None

    @property
    def updated_at(self) -> datetime:
        """When the money moved."""
        return self.at or self.order.updated_at


def events_of(seed: object, history: History) -> list[Event]:
    """Return the events of one order, oldest first."""
    return [
        Event(
            topic,
            state.order,
            seeded_uuid(f"{seed}:event:{history.id}:{index}"),
            state.fulfilment_id,
        )
        for index, state in enumerate(history.states)
        for topic in state.topics
    ]
