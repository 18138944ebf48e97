"""The locations of a shop."""

from dataclasses import dataclass

FIRST_LOCATION = 655_441_491


@dataclass(frozen=True)
class Place:
    """Where goods lie and where they are sent from."""

    id: int
    name: str
    active: bool = True
    fulfils_online_orders: bool = True


def make_places(names: tuple[str, ...]) -> tuple[Place, ...]:
    """Return one location per name; the first one serves the orders."""
    return tuple(Place(FIRST_LOCATION + index, name) for index, name in enumerate(names))
