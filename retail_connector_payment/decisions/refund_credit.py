"""What of a refund a credit note shows: units, parts and amounts. Values without a database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from enum import Enum

from odoo.addons.retail_connector_base.canonical import LineKind, RestockKind

# Odoo computes with binary floats.
NOISE = Decimal("0.000001")


class Part(str, Enum):
    """What an amount without units was charged as. ``AMOUNT`` belongs to no charge."""

    SHIPPING = "shipping"
    DUTY = "duty"
    TIP = "tip"
    FEE = "fee"
    AMOUNT = "amount"


# Words that channels use for it. Any other reason is an amount without lines.
WORDS = {
    "shipping": Part.SHIPPING,
    "shipping_refund": Part.SHIPPING,
    "duty": Part.DUTY,
    "duties": Part.DUTY,
    "tip": Part.TIP,
    "fee": Part.FEE,
}
LINE_KINDS = {Part.DUTY: LineKind.DUTY, Part.TIP: LineKind.TIP, Part.FEE: LineKind.FEE}


def part_of(reason: str) -> Part:
    """Return what a channel's reason for an adjustment stands for."""
    return WORDS.get(reason.strip().lower(), Part.AMOUNT)


@dataclass(frozen=True)
class Invoiced:
    """Units of one order line: on invoices, and on credit notes of either kind.

    ``credited`` are all of them; ``cancelled`` those credited because they left the order, and
    ``wanted`` is what is still wanted of the line.
    """

    invoiced: Decimal
    credited: Decimal = Decimal(0)
    cancelled: Decimal = Decimal(0)
    wanted: Decimal = Decimal(0)


@dataclass(frozen=True)
class Units:
    """Units to credit now, and units whose invoice is still to come."""

    credit: Decimal
    missing: Decimal


def units_of(restock: RestockKind, quantity: Decimal, line: Invoiced) -> Units:
    """Return how many of the refunded units of a line are credited.

    Units that left the order before they were invoiced change no invoice. All others were sold:
    what is not invoiced yet will be, and is credited then.
    """
    if restock is RestockKind.CANCEL:
        beyond = line.invoiced - line.wanted - line.cancelled
        return Units(max(min(quantity, beyond), Decimal(0)), Decimal(0))
    credit = max(min(quantity, line.invoiced - line.credited), Decimal(0))
    return Units(credit, quantity - credit)


def gross_of(amount: Decimal, tax: Decimal, included: bool) -> Decimal:
    """Return an amount with its tax; ``included`` where the order's prices hold it already."""
    return amount if included else amount + tax


def spread(amount: Decimal, weights: Sequence[Decimal], unit: Decimal) -> tuple[Decimal, ...]:
    """Divide an amount by weights (not negative) into whole units, without a remainder."""
    total = sum(weights, Decimal(0))
    if not total:
        return tuple(amount if not index else Decimal(0) for index in range(len(weights)))
    exact = [amount * weight / total for weight in weights]
    return _rounded(exact, amount, unit)


def spread_tax(
    total: Decimal, exact: Mapping[int, Decimal], unit: Decimal
) -> dict[int, Decimal] | None:
    """Divide a line's tax over its taxes, each rounded up or down from what its rate gives.

    ``None`` when that does not come to ``total``: then it is another tax, not another rounding.
    """
    amounts = _rounded(list(exact.values()), total, unit)
    rounded = dict(zip(exact, amounts, strict=True))
    near = all(abs(rounded[key] - exact[key]) < unit - NOISE for key in exact)
    return rounded if near and sum(amounts, Decimal(0)) == total else None


def _rounded(exact: list[Decimal], total: Decimal, unit: Decimal) -> tuple[Decimal, ...]:
    """Round down, then give what is missing to ``total`` where most was lost, a unit each."""
    floors = [(each / unit + NOISE).to_integral_value(ROUND_FLOOR) * unit for each in exact]
    missing = int((total - sum(floors, Decimal(0))) / unit)
    by_loss = sorted(range(len(exact)), key=lambda index: (floors[index] - exact[index], index))
    lucky = set(by_loss[:missing]) if missing > 0 else set()
    return tuple(floor + unit * (index in lucky) for index, floor in enumerate(floors))
