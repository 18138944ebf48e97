"""Which subscription hears of which event."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Wish:
    """What a subscription wants to hear of; an empty set wants all.

    ``channels`` are the backends that orders and customers come from; ``every_order`` wants also
    those that come from no channel. ``categories`` include those below the chosen ones.
    """

    subscription_id: int
    backend_id: int
    company_id: int
    types: frozenset[str]
    channels: frozenset[int] = frozenset()
    brands: frozenset[int] = frozenset()
    warehouses: frozenset[int] = frozenset()
    categories: frozenset[int] = frozenset()
    every_order: bool = False


@dataclass(frozen=True)
class Facts:
    """What an event has to do with; ``None`` where the question does not arise."""

    type: str
    company_id: int
    channels: frozenset[int] | None = None
    brands: frozenset[int] | None = None
    warehouses: frozenset[int] | None = None
    categories: frozenset[int] | None = None


def wants(wish: Wish, facts: Facts) -> bool:
    """Tell whether a subscription hears of an event. Companies never hear of one another."""
    return (
        wish.company_id == facts.company_id
        and facts.type in wish.types
        and (facts.channels is None or bool(facts.channels) or wish.every_order)
        and _meets(wish.channels, facts.channels)
        and _meets(wish.brands, facts.brands)
        and _meets(wish.warehouses, facts.warehouses)
        and _meets(wish.categories, facts.categories)
    )


def _meets(wanted: frozenset[int], found: frozenset[int] | None) -> bool:
    return not wanted or found is None or not wanted.isdisjoint(found)
