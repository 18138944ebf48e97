"""The lines of a ticket: goods, charges, and what comes back.

Source: the schemas ``OrderLineItem``, ``OrderServiceCharge``, ``OrderReturn`` and
developer.squareup.com/docs/orders-api/order-returns-exchanges: a return is an order of its own, or
a part of the order that it is exchanged for; a refund of a bare amount is one custom line.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from odoo.addons.retail_connector_base.canonical import LineKind, TicketLine

from .node import Node
from .order_amounts import OrderAmounts
from .vocabulary import APPORTIONED, LINE_KINDS

# What Square calls the variation of an item that has only one.
_ONLY_ONE = ("Regular", "")
_FINEST = 10
Goods = Mapping[str, Node]


class LineReader:
    """Reads the lines of one order.

    ``goods`` are the variations of the catalogue by their id, where they were asked for; ``cards``
    the numbers of gift cards by the line that sold them.
    """

    def __init__(self, amounts: OrderAmounts, goods: Goods, cards: Mapping[str, str]) -> None:
        self._amounts = amounts
        self._goods = goods
        self._cards = cards

    def lines(self, order: Node) -> Iterator[TicketLine]:
        """Yield what was sold and charged, then what came back."""
        yield from self._goods_of(order, "line_items", 1)
        yield from self._charges_of(order, "service_charges", 1)
        for part in order.children("returns"):
            source = part.text("source_order_id")
            yield from self._goods_of(part, "return_line_items", -1, source)
            yield from self._charges_of(part, "return_service_charges", -1, source)

    def total(self, order: Node) -> Decimal:
        """Return what all lines come to, with tax."""
        sums = [self._amounts.total(line) for line in _lines(order, "line_items")]
        sums += [self._amounts.total(charge) for charge in _charges(order, "service_charges")]
        for part in order.children("returns"):
            sums += [-self._amounts.total(line) for line in _lines(part, "return_line_items")]
            returned = _charges(part, "return_service_charges")
            sums += [-self._amounts.total(charge) for charge in returned]
        return sum(sums, Decimal(0))

    def _goods_of(
        self, owner: Node, key: str, sign: int, source: str | None = None
    ) -> Iterator[TicketLine]:
        for line in _lines(owner, key):
            yield self._line(line, sign, source)

    def _line(self, line: Node, sign: int, source: str | None) -> TicketLine:
        amounts = self._amounts
        quantity = line.number("quantity")
        discount = amounts.amount(line, "total_discount_money")
        variation = line.text("catalog_object_id")
        known = self._goods.get(variation or "") or Node({})
        uid = line.text("uid") or line.path
        word = line.text("item_type")
        return TicketLine(
            external_id=uid,
            kind=_kind(word, variation),
            title=_title(line),
            sku=known.text("sku"),
            barcode=known.text("upc"),
            variant_external_id=variation,
            quantity=sign * quantity,
            unit_price=_exact(amounts.after(line) + discount, quantity),
            discount=sign * discount,
            taxes=amounts.tax_lines(line, sign),
            promotions=amounts.promotions(line),
            original_ticket_external_id=source,
            original_line_external_id=line.text("source_line_item_uid") if source else None,
            gift_card_code=self._cards.get(uid),
            note=_note(line, word),
        )

    def _charges_of(
        self, owner: Node, key: str, sign: int, source: str | None = None
    ) -> Iterator[TicketLine]:
        for charge in _charges(owner, key):
            yield TicketLine(
                external_id=charge.text("uid") or charge.path,
                kind=LineKind.FEE,
                title=charge.text("name") or "Service charge",
                quantity=Decimal(sign),
                unit_price=self._amounts.after(charge),
                taxes=self._amounts.tax_lines(charge, sign),
                original_ticket_external_id=source,
                original_line_external_id=(
                    charge.text("source_service_charge_uid") if source else None
                ),
            )


def _lines(owner: Node, key: str) -> Iterator[Node]:
    """Yield lines; those of quantity 0 are removed when an order is completed."""
    return (line for line in owner.children(key) if line.number("quantity"))


def _charges(owner: Node, key: str) -> Iterator[Node]:
    """Yield charges of their own: apportioned ones are in the lines' totals."""
    for charge in owner.children(key):
        words = (charge.text("treatment_type"), charge.text("calculation_phase"))
        if not any((word or "").startswith(APPORTIONED) for word in words):
            yield charge


def _kind(word: str | None, variation: str | None) -> LineKind:
    """Return what a line sells; an item that is in no catalogue was typed in."""
    if word in ("ITEM", None) or word not in LINE_KINDS:
        return LineKind.PRODUCT if variation else LineKind.CUSTOM
    return LINE_KINDS[word]


def _exact(total: Decimal, quantity: Decimal) -> Decimal:
    """Return the price of a unit. Of measured goods it may be endless."""
    return round(total / quantity, _FINEST)


def _title(line: Node) -> str:
    name, variation = line.text("name") or "", line.text("variation_name") or ""
    if variation in _ONLY_ONE or variation == name:
        return name
    return f"{name} ({variation})" if name else variation


def _note(line: Node, word: str | None) -> str | None:
    """Return what was written and chosen, and a type of line that is not known here."""
    parts = [line.text("note")]
    parts += [_modifier(one) for key in _MODIFIERS for one in line.children(key)]
    parts += [f"item_type: {word}"] if word and word not in LINE_KINDS else []
    return "\n".join(part for part in parts if part) or None


_MODIFIERS = ("modifiers", "return_modifiers")


def _modifier(node: Node) -> str | None:
    name, count = node.text("name"), node.text("quantity")
    return f"{count} × {name}" if name and count not in (None, "1") else name


def variations_of(order: dict[str, Any]) -> set[str]:
    """Return the catalogue's ids of what an order (as it came) names."""
    found = {row.get("catalog_object_id") for row in rows_of(order)}
    return {number for number in found if isinstance(number, str) and number}


def rows_of(order: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the lines of an order (as it came), sold and returned."""
    rows = dicts(order, "line_items")
    for part in dicts(order, "returns"):
        rows += dicts(part, "return_line_items")
    return rows


def dicts(row: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """Return the objects of a list as it came; what is none is left to whoever reads it."""
    value = row.get(key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
