"""Stories of a third party's warehouse, and what it knows at any moment: the truth in tests.

The warehouse's own books are kept here, apart from everything that the connector computes.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from hypothesis import strategies as st

SKUS = "AB"
START_UNITS = 100

units = st.integers(1, 3)


@dataclass(frozen=True)
class Parcel:
    """Units by item that left for an order, at a minute. It may be told in two versions."""

    goods: dict[str, int]
    minute: int
    grows: bool = False


@dataclass(frozen=True)
class Sale:
    """An order: what was asked for, what left, and how its cancellation was answered."""

    asked: dict[str, int]
    parcels: tuple[Parcel, ...]
    is_accepted: bool
    cancelled: bool | None
    returned: int = 0


@dataclass(frozen=True)
class Arrival:
    """Units of an item that came in, at a minute."""

    sku: str
    units: int
    minute: int


@dataclass(frozen=True)
class Story:
    """All that happens, and in which order it is told: ``told`` numbers messages, some twice."""

    sales: tuple[Sale, ...]
    arrivals: tuple[Arrival, ...]
    lost: dict[str, int]
    counts: tuple[int, ...]
    told: tuple[int, ...] = ()
    pauses: frozenset[int] = field(default_factory=frozenset)

    def truth(self, minute: int) -> dict[str, Decimal]:
        """Return what lies on the shelf at a minute. What got lost did so before the story."""
        found = {sku: Decimal(START_UNITS - self.lost.get(sku, 0)) for sku in SKUS}
        for sale in self.sales:
            for parcel in sale.parcels:
                if parcel.minute <= minute:
                    for sku, quantity in parcel.goods.items():
                        found[sku] -= quantity
            if sale.returned and minute >= RETURNED:
                found["A"] += sale.returned
        for arrival in self.arrivals:
            if arrival.minute <= minute:
                found[arrival.sku] += arrival.units
        return found


RETURNED = 80
END = 200
minutes = st.sampled_from([10, 20, 30, 40, 50])
goods = st.dictionaries(st.sampled_from(SKUS), units, min_size=1, max_size=2)


@st.composite
def sales(draw):
    """Draw an order; what left may be less, more, or not what was asked for."""
    parcels = draw(
        st.lists(st.builds(Parcel, goods=goods, minute=minutes, grows=st.booleans()), max_size=3)
    )
    left = sum(parcel.goods.get("A", 0) for parcel in parcels)
    return Sale(
        asked=draw(goods),
        parcels=tuple(parcels),
        is_accepted=draw(st.booleans()),
        cancelled=draw(st.sampled_from([None, None, True, False])),
        returned=draw(st.integers(0, min(left, 2))),
    )


@st.composite
def stories(draw, number_of):
    """Draw a story; ``number_of(story)`` says how many messages tell it."""
    plot = draw(
        st.builds(
            Story,
            sales=st.lists(sales(), min_size=1, max_size=2).map(tuple),
            arrivals=st.lists(
                st.builds(Arrival, sku=st.sampled_from(SKUS), units=units, minute=minutes),
                max_size=2,
            ).map(tuple),
            lost=st.dictionaries(st.sampled_from(SKUS), st.integers(1, 2), max_size=1),
            counts=st.lists(minutes, max_size=1).map(tuple),
        )
    )
    numbers = range(number_of(plot))
    order = draw(st.permutations(numbers))
    again = draw(st.lists(st.sampled_from(order), max_size=3)) if order else []
    told = (*order, *again)
    pauses = draw(st.frozensets(st.integers(0, len(told)), max_size=4))
    return Story(plot.sales, plot.arrivals, plot.lost, plot.counts, told, pauses)
