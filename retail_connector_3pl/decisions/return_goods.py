"""Which units that came back move in Odoo, and where to. Values without a database."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

NOTHING = Decimal(0)
UNDECIDED = "undecided"
# From this rank on a source has the goods in its hands: several such tell of different units.
HOLDER = 3


@dataclass(frozen=True)
class Goods:
    """Units of one line as one source tells of them. ``source`` names it, ``rank`` weighs it.

    ``moved`` of them have moved in Odoo and lie at ``place``; they belong at ``wanted``.
    """

    key: int
    line: int
    source: str
    rank: int
    quantity: Decimal
    wanted: str = UNDECIDED
    moved: Decimal = NOTHING
    place: str | None = None
    lot: str | None = None


@dataclass(frozen=True)
class Part:
    """Some units of one row, and where they lie (``place``) or go (``wanted``)."""

    key: int
    quantity: Decimal
    place: str | None = None
    wanted: str = UNDECIDED


@dataclass
class Plan:
    """What is to be done.

    ``takes``: units that moved as another source told of them now stand for this one's, as
    (from, to, quantity). ``comes``: units to take in. ``shifts``: units to put elsewhere.
    ``surplus``: units that moved beyond what is told, by line. ``stays``: units that were put away
    and are told to belong elsewhere. ``counts``: the rows that are believed.
    """

    counts: frozenset[int] = frozenset()
    takes: list[tuple[int, int, Decimal]] = field(default_factory=list)
    comes: list[Part] = field(default_factory=list)
    shifts: list[Part] = field(default_factory=list)
    surplus: dict[int, Decimal] = field(default_factory=dict)
    stays: list[Part] = field(default_factory=list)


def believed(rows: Iterable[Goods]) -> frozenset[int]:
    """Return the rows of the sources that know best: the same units are never counted twice.

    All who have goods in their hands, else the one of the weightiest sources that tells of most.
    """
    told = [row for row in rows if row.quantity > 0]
    if not told:
        return frozenset()
    best = max(row.rank for row in told)
    if best >= HOLDER:
        return frozenset(row.key for row in told if row.rank >= HOLDER)
    by_source: dict[str, Decimal] = defaultdict(Decimal)
    for row in told:
        if row.rank == best:
            by_source[row.source] += row.quantity
    chosen = max(sorted(by_source), key=by_source.__getitem__)
    return frozenset(row.key for row in told if row.rank == best and row.source == chosen)


def plan(rows: Iterable[Goods]) -> Plan:
    """Return what moves, given all that was told and all that has moved.

    Carried out, and asked again, it says that nothing is left to do.
    """
    rows = list(rows)
    found = Plan(counts=believed(rows))
    for line in dict.fromkeys(row.line for row in rows):
        _plan_line(found, [row for row in rows if row.line == line])
    return found


def _plan_line(found: Plan, rows: list[Goods]) -> None:
    ours = [row for row in rows if row.key in found.counts]
    others = {row.key: row.moved for row in rows if row.key not in found.counts and row.moved > 0}
    by_key = {row.key: row for row in rows}
    for row in ours:
        left = row.quantity - row.moved
        for key in _alike_first(row, others, by_key):
            part = min(left, others[key])
            if part > 0:
                found.takes.append((key, row.key, part))
                others[key] -= part
                left -= part
                _place(found, row, part, by_key[key].place)
        if left > 0:
            found.comes.append(Part(row.key, left, wanted=row.wanted))
        _place(found, row, min(row.moved, max(row.quantity, NOTHING)), row.place)
    surplus = sum(others.values(), NOTHING) + sum(
        (max(row.moved - row.quantity, NOTHING) for row in ours), NOTHING
    )
    if surplus > 0:
        found.surplus[rows[0].line] = surplus


def _alike_first(row: Goods, others: dict[int, Decimal], by_key: dict[int, Goods]) -> list[int]:
    """Return the rows to take over from: of the same lot, and of the same place first."""

    def unlike(key: int) -> tuple[bool, bool, int]:
        other = by_key[key]
        return other.lot != row.lot, other.place != row.wanted, key

    return sorted(
        (key for key in others if by_key[key].lot in (row.lot, None) or row.lot is None),
        key=unlike,
    )


def _place(found: Plan, row: Goods, units: Decimal, place: str | None) -> None:
    """Note where units that have moved belong."""
    if units <= 0 or place is None or place == row.wanted:
        return
    part = Part(row.key, units, place, row.wanted)
    (found.shifts if place == UNDECIDED else found.stays).append(part)
