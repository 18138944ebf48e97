"""Whole kits among loose parts. Values without a database."""

from collections.abc import Hashable, Mapping
from decimal import Decimal
from typing import TypeVar

Part = TypeVar("Part", bound=Hashable)


def whole_kits(units: Mapping[Part, Decimal], needs: Mapping[Part, Decimal]) -> Decimal:
    """Return how many whole kits lie in units of parts; ``needs`` are the units of one kit.

    A kit of which a part is missing is none.
    """
    if not needs:
        return Decimal(0)
    return min(units.get(part, Decimal(0)) // need for part, need in needs.items())


def without_kits(
    units: Mapping[Part, Decimal], needs: Mapping[Part, Decimal], kits: Decimal
) -> dict[Part, Decimal]:
    """Return what is left of units of parts once some kits are taken out of them."""
    left = {part: held - needs.get(part, Decimal(0)) * kits for part, held in units.items()}
    return {part: held for part, held in left.items() if held > 0}
