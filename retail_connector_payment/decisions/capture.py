"""What of an order's authorised money is to be taken now."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum


class CaptureOn(str, Enum):
    """When authorised money is taken. ``MANUAL``: by the gateway, or in it."""

    MANUAL = "manual"
    SHIPMENT = "shipment"
    CONFIRMATION = "confirmation"


@dataclass(frozen=True)
class Part:
    """One line of an order: what it costs, and how much of it has left.

    ``ordered`` is 0 for a charge that does not leave by itself (shipping, a service).
    """

    total: Decimal
    ordered: Decimal = Decimal(0)
    delivered: Decimal = Decimal(0)


def shipped_value(parts: Sequence[Part], unit: Decimal) -> tuple[Decimal, bool]:
    """Return what the goods that left cost, to the currency's ``unit``, and whether all has left.

    Charges that do not leave go with the first parcel.
    """
    goods = [part for part in parts if part.ordered]
    if not any(part.delivered > 0 for part in goods):
        return Decimal(0), False
    whole = all(part.delivered >= part.ordered for part in goods)
    if whole:
        return sum((part.total for part in parts), Decimal(0)), True
    charges = sum((part.total for part in parts if not part.ordered), Decimal(0))
    left = sum((part.total * min(part.delivered / part.ordered, 1) for part in goods), Decimal(0))
    return (charges + left).quantize(unit), False


def share_out(wanted: Decimal, rests: Sequence[Decimal]) -> list[Decimal]:
    """Return what is taken of each authorisation: never more than its rest, the first one first."""
    taken = []
    for rest in rests:
        part = max(min(wanted, rest), Decimal(0))
        taken.append(part)
        wanted -= part
    return taken
