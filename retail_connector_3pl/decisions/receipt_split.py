"""Where the units that came belong: to goods that were expected, or beyond them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum


class Part(str, Enum):
    """What units that came are."""

    # Somebody moved them by hand already.
    MOVED = "moved"
    # They were expected, and still open.
    EXPECTED = "expected"
    # More than is open.
    EXTRA = "extra"


@dataclass(frozen=True)
class Expected:
    """An announced line: units that are still open, and units moved by hand."""

    key: int
    open: Decimal
    moved: Decimal = Decimal()


@dataclass(frozen=True)
class Share:
    """Units for one announced line, ``None`` where no line is of their item."""

    part: Part
    key: int | None
    quantity: Decimal


def shares(quantity: Decimal, lines: Sequence[Expected]) -> list[Share]:
    """Split units that came over the announced lines of their item, in order.

    The sum of the shares is ``quantity``. What exceeds all of them belongs to the last line.
    """
    found: list[Share] = []
    rest = quantity
    for part in (Part.MOVED, Part.EXPECTED):
        for line in lines:
            available = line.moved if part is Part.MOVED else line.open
            taken = min(rest, max(available, Decimal()))
            if taken > 0:
                found.append(Share(part, line.key, taken))
                rest -= taken
    if rest > 0:
        found.append(Share(Part.EXTRA, lines[-1].key if lines else None, rest))
    return found


def is_over(announced: Decimal, received: Decimal, tolerance_percent: Decimal) -> bool:
    """Tell whether more came than was announced and is tolerated."""
    return received > announced * (1 + tolerance_percent / 100)


def taken_back(
    quantity: Decimal, moved: Sequence[tuple[int, Decimal]]
) -> list[tuple[int, Decimal]]:
    """Return which moves (key, units) give back units that did not come after all, latest first.

    ``moved`` is in order of the moves. Raises ``ValueError`` if they did not move that much.
    """
    found, rest = [], quantity
    for key, available in reversed(moved):
        share = min(rest, available)
        if share > 0:
            found.append((key, share))
            rest -= share
    if rest > 0:
        raise ValueError("more is taken back than came")
    return found
