"""Numbers that are missing in a register's day, also where it started to count anew."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

NAMED = 20


@dataclass(frozen=True)
class Gap:
    """Ticket numbers from ``first`` to ``last`` of which nothing is known."""

    first: int
    last: int

    @property
    def count(self) -> int:
        """How many numbers are missing."""
        return self.last - self.first + 1

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"


def gaps(numbers: Sequence[int], first: int | None = None, last: int | None = None) -> list[Gap]:
    """Return what is missing between ``first`` and ``last``, the bounds that the register tells.

    ``numbers`` are in the order of their sale: where they fall below all of their run, the register
    was restarted and counts anew. Without bounds only what lies between known numbers is missing.
    """
    known = set(numbers)
    found = [
        gap
        for low, high in _bounded(_runs(numbers), first, last)
        for gap in _missing(known, low, high)
    ]
    return sorted(set(found), key=lambda gap: (gap.first, gap.last))


def between_days(previous: int | None, first: int | None) -> Gap | None:
    """Return what is missing between the last number of one day and the first of the next."""
    if previous is None or first is None or first <= previous + 1:
        return None
    return Gap(previous + 1, first - 1)


def named(found: Iterable[Gap]) -> str:
    """Return gaps in words, the first ones where there are many."""
    words = [str(gap) for gap in found]
    more = ", …" if len(words) > NAMED else ""
    return ", ".join(words[:NAMED]) + more


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Return (lowest, highest) of each run between restarts."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if not runs or number < runs[-1][0]:
            runs.append((number, number))
        else:
            low, high = runs[-1]
            runs[-1] = (low, max(high, number))
    return runs


def _bounded(
    runs: list[tuple[int, int]], first: int | None, last: int | None
) -> list[tuple[int, int]]:
    """Stretch the first and the last run to the register's bounds; add those not met at all."""
    bounded = list(runs)
    if not bounded:
        if first is None or last is None:
            return []
        return [(first, last)] if first <= last else [(first, first), (min(1, last), last)]
    if first is not None:
        low, high = bounded[0]
        if first <= high:
            bounded[0] = (min(low, first), high)
        else:
            bounded.insert(0, (first, first))
    if last is not None:
        low, high = bounded[-1]
        if last >= low:
            bounded[-1] = (low, max(high, last))
        else:
            bounded.append((min(1, last), last))
    return bounded


def _missing(known: set[int], low: int, high: int) -> list[Gap]:
    """Return what of a run is not known; costs as much as is known, however wide the run is."""
    found, expected = [], low
    for number in sorted(number for number in known if low <= number <= high):
        if number > expected:
            found.append(Gap(expected, number - 1))
        expected = number + 1
    if expected <= high:
        found.append(Gap(expected, high))
    return found
