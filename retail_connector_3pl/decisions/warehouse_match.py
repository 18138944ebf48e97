"""Which warehouse in Odoo a third party's warehouse is."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A warehouse of either side, with what it may be known by."""

    key: object
    code: str
    name: str


def proposed(theirs: Iterable[Place], ours: Iterable[Place]) -> dict[object, object]:
    """Return our key by theirs where code or name say that they are one place, beyond doubt.

    A place is proposed once: where two could be it, none is. Our only free warehouse is not
    proposed for that reason alone: a company that ships itself has one, too.
    """
    theirs, ours = list(theirs), list(ours)
    pairs = [(place.key, other.key) for place in theirs for other in ours if _same(place, other)]
    return {
        left: right
        for left, right in pairs
        if _count(pairs, 0, left) == 1 and _count(pairs, 1, right) == 1
    }


def _same(place: Place, other: Place) -> bool:
    return bool(_words(place) & _words(other))


def _words(place: Place) -> set[str]:
    return {" ".join(word.casefold().split()) for word in (place.code, place.name)} - {""}


def _count(pairs: list[tuple[object, object]], side: int, key: object) -> int:
    return sum(pair[side] == key for pair in pairs)
