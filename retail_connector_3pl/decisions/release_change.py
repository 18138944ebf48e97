"""What a warehouse is to send of an order that changed after its release."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Held:
    """One line of a release, in the product's unit.

    ``told`` is what the warehouse was told in all, ``shipped`` what has left of that, ``open`` what
    Odoo still wants to send, ``reserved`` what of it lies ready.
    """

    key: str
    told: float
    shipped: float
    open: float
    reserved: float


def changes_of(lines: Iterable[Held]) -> dict[str, float]:
    """Return what is wanted in all, by line.

    Less is asked for at once, more only as far as there is stock. What has left is never taken
    back, and more than was asked having left is no wish of ours.
    """
    return {line.key: _wanted(line) for line in lines}


def _wanted(line: Held) -> float:
    if line.shipped >= line.told:
        return line.told
    left = line.told - line.shipped
    return line.shipped + min(line.open, max(left, line.reserved))
