"""Mutations that write all of a list or nothing: what is refused is left out, the rest repeated."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from .user_errors import UserError

Item = TypeVar("Item")
Result = TypeVar("Result")


def settle(
    items: Sequence[Item],
    send: Callable[[Sequence[Item]], list[UserError]],
    done: Result,
    refused: Callable[[Item, list[UserError]], Result],
) -> list[Result]:
    """Return a result for each item, in their order.

    ``send`` writes items and returns what was refused of them, by their index in what it was
    given. An error about no item in particular refuses them all.
    """
    results: dict[int, Result] = {}
    rest = list(range(len(items)))
    while rest:
        errors = send([items[place] for place in rest])
        if not errors:
            results.update(dict.fromkeys(rest, done))
            break
        by_place: dict[int, list[UserError]] = {}
        for error in errors:
            if error.index is not None and error.index < len(rest):
                by_place.setdefault(rest[error.index], []).append(error)
        bad = by_place or dict.fromkeys(rest, errors)
        results.update({place: refused(items[place], found) for place, found in bad.items()})
        rest = [place for place in rest if place not in bad]
    return [results[place] for place in range(len(items))]
