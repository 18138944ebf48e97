"""Which sold units a return gives back: never more than were sold and are not back yet."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class SoldLine:
    """A line of an original ticket: ``returned`` of its ``quantity`` came back before."""

    key: Hashable
    external_id: str | None
    product: Hashable
    quantity: Decimal
    returned: Decimal = Decimal(0)


@dataclass(frozen=True)
class Part:
    """A quantity (positive) that is given back of one sold line."""

    key: Hashable
    quantity: Decimal


@dataclass(frozen=True)
class Taken:
    """What a return takes of sold lines; ``missing`` is what was not sold, or is back already.

    ``contested`` tells that it would have been there, had not another return of the same batch
    taken it. Where something is missing, nothing is taken.
    """

    parts: tuple[Part, ...] = ()
    missing: Decimal = Decimal(0)
    contested: bool = False


class ReturnBook:
    """What is left of sold lines while the returns of one batch are looked at, one by one."""

    def __init__(self, lines: Iterable[SoldLine]) -> None:
        self._lines = tuple(lines)
        self._claims: dict[Hashable, dict[Hashable, Decimal]] = {}

    def take(
        self,
        owner: Hashable,
        keys: Iterable[Hashable],
        line_id: str | None,
        product: Hashable,
        quantity: Decimal,
    ) -> Taken:
        """Take a quantity off the lines with these keys, for a return.

        ``line_id`` names the line where the register knows it; otherwise lines of the same product
        give: the one that has just this quantity left, or the first with enough, or several.
        """
        wanted = set(keys)
        lines = [line for line in self._lines if line.key in wanted]
        fitting = [line for line in lines if _fits(line, line_id, product)]
        parts, missing = _spread(self._left(fitting, self._claims), quantity)
        if missing:
            own = {owner: self._claims.get(owner, {})}
            _parts, without_others = _spread(self._left(fitting, own), quantity)
            return Taken(missing=missing, contested=not without_others)
        claims = self._claims.setdefault(owner, {})
        for part in parts:
            claims[part.key] = claims.get(part.key, Decimal(0)) + part.quantity
        return Taken(tuple(parts))

    def _left(self, lines, claims) -> dict[Hashable, Decimal]:
        def claimed(key):
            return sum((of_owner.get(key, Decimal(0)) for of_owner in claims.values()), Decimal(0))

        return {
            line.key: max(line.quantity - line.returned - claimed(line.key), Decimal(0))
            for line in lines
        }


def _fits(line: SoldLine, line_id: str | None, product: Hashable) -> bool:
    return line.external_id == line_id if line_id else line.product == product


def _spread(left: dict[Hashable, Decimal], quantity: Decimal) -> tuple[list[Part], Decimal]:
    """Return the parts that make up a quantity, and what is missing to it."""
    exact = [key for key, units in left.items() if units == quantity]
    enough = [key for key, units in left.items() if units >= quantity]
    if exact or enough:
        return [Part((exact or enough)[0], quantity)], Decimal(0)
    parts = []
    for key, units in left.items():
        part = min(units, quantity)
        if part > 0:
            parts.append(Part(key, part))
            quantity -= part
    return parts, quantity
