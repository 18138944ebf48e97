"""What a receipt tells, line by line, such that two versions of it can be compared."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from odoo.addons.retail_connector_base.canonical import GoodsReceipt, ReceiptLine, ReceiptState

# What has not arrived, or never will, has no quantity, whatever its lines say.
NOTHING_CAME = (ReceiptState.EXPECTED, ReceiptState.CANCELLED)


@dataclass(frozen=True)
class ToldLine:
    """Units of one item in one condition (and of one lot) that a receipt took in so far.

    ``key`` names it within the receipt, the same in every version. ``quantity`` is in ``unit``.
    """

    key: str
    external_id: str | None
    reference: str | None
    sku: str | None
    condition: str
    quantity: Decimal
    unit: str | None = None
    lot: str | None = None
    expires_on: date | None = None


def told_lines(receipt: GoodsReceipt) -> list[ToldLine]:
    """Return what a receipt says has come, one entry a key, in its order.

    Lots of a line are entries of their own; what a line has beyond its lots has none. A line
    without an id is known by our reference of it or its item, and by its place among the like.
    """
    if receipt.state in NOTHING_CAME:
        return []
    found: dict[str, ToldLine] = {}
    seen: Counter[tuple[str, str]] = Counter()
    for line in receipt.lines:
        name = line.external_id or _nameless(line, seen)
        for part in _parts(line, name):
            before = found.get(part.key)
            so_far = before.quantity if before else Decimal()
            found[part.key] = replace(part, quantity=part.quantity + so_far)
    return list(found.values())


def _nameless(line: ReceiptLine, seen: Counter[tuple[str, str]]) -> str:
    name = f"~{line.line_reference or line.sku or ''}"
    seen[name, line.condition.value] += 1
    place = seen[name, line.condition.value]
    return name if place == 1 else f"{name}~{place}"


def _parts(line: ReceiptLine, name: str) -> Iterable[ToldLine]:
    whole = ToldLine(
        key="",
        external_id=line.external_id,
        reference=line.line_reference,
        sku=line.sku,
        condition=line.condition.value,
        quantity=line.quantity,
        unit=line.unit,
    )
    for lot in line.lots:
        yield replace(
            whole,
            key=_key(name, line, lot.number),
            quantity=lot.quantity,
            lot=lot.number,
            expires_on=lot.expires_on,
        )
    rest = line.quantity - sum((lot.quantity for lot in line.lots), Decimal())
    if rest or not line.lots:
        yield replace(whole, key=_key(name, line, ""), quantity=rest)


def _key(name: str, line: ReceiptLine, lot: str) -> str:
    return f"{name}|{line.condition.value}|{lot}"
