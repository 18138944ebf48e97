"""What the amounts of one order are written in: its currency, its taxes, and whether prices have them.

Source: developer.squareup.com/docs/orders-api/apply-taxes-and-discounts. Taxes are ``ADDITIVE`` or
``INCLUSIVE`` one by one; an order may mix them. ``total_money`` of a line is what is collected for
it, taxes of both kinds included, so every line can be told with or without.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from odoo.addons.retail_connector_base.canonical import TicketTax

from .node import ZERO, Node

INCLUSIVE = "INCLUSIVE"
_TOTALS = (
    ("net_amounts", "total_money"),
    ("total_money",),
    ("return_amounts", "total_money"),
)


@dataclass(frozen=True)
class OrderAmounts:
    """Reads the lines of one order. ``names`` are the discounts' names, ``taxes`` title and rate.

    ``included`` is whether unit prices include tax: where all taxes do.
    """

    currency: str
    included: bool
    taxes: Mapping[str, tuple[str, Decimal]]
    names: Mapping[str, str]

    @classmethod
    def of(cls, order: Node) -> "OrderAmounts":
        """Return the reader of an order. Raises ``MalformedPayloadError`` without a currency."""
        taxes = list(_listed(order, "taxes", "return_taxes"))
        kinds = {tax.text("type") for tax in taxes}
        return cls(
            currency=_currency(order),
            included=kinds == {INCLUSIVE},
            taxes={_uid(tax): (tax.text("name") or "", _rate(tax)) for tax in taxes},
            names={
                _uid(one): one.text("name") or ""
                for one in _listed(order, "discounts", "return_discounts")
            },
        )

    def amount(self, node: Node, key: str) -> Decimal:
        """Return an amount of the order, 0 when it is absent."""
        return node.amount(key, self.currency)

    def told(self, node: Node, key: str) -> Decimal | None:
        """Return an amount of the order, ``None`` when it is absent."""
        return node.told(key, self.currency)

    def after(self, node: Node) -> Decimal:
        """Return what a line or charge costs after its discount, in the price basis."""
        total = self.total(node)
        return total if self.included else total - self.amount(node, "total_tax_money")

    def total(self, node: Node) -> Decimal:
        """Return what is collected for a line or charge."""
        told = self.told(node, "total_money")
        return self.amount(node, "applied_money") if told is None else told

    def tax_lines(self, node: Node, sign: int) -> tuple[TicketTax, ...]:
        """Return the taxes of a line or charge, signed."""
        lines = [
            self._tax(part.text("tax_uid") or "", self.amount(part, "applied_money"), sign)
            for part in node.children("applied_taxes")
        ]
        whole = self.amount(node, "total_tax_money")
        if not lines and whole:
            lines = [self._unnamed(whole, self.total(node) - whole, sign)]
        return tuple(lines)

    def _tax(self, uid: str, amount: Decimal, sign: int) -> TicketTax:
        title, rate = self.taxes.get(uid, ("", ZERO))
        return TicketTax(title=title, rate=rate, amount=sign * amount)

    def _unnamed(self, amount: Decimal, base: Decimal, sign: int) -> TicketTax:
        """Return a tax that no line names: the order's only one, else the rate that amounts show."""
        if len(self.taxes) == 1:
            return self._tax(next(iter(self.taxes)), amount, sign)
        rate = round(amount / base, 4) if base else ZERO
        return TicketTax(title="", rate=rate, amount=sign * amount)

    def promotions(self, node: Node) -> tuple[str, ...]:
        """Return the names of the discounts of a line."""
        uids = [part.text("discount_uid") or "" for part in node.children("applied_discounts")]
        return tuple(dict.fromkeys(self.names.get(uid) or uid for uid in uids))


def _uid(node: Node) -> str:
    return node.text("uid") or ""


def _rate(tax: Node) -> Decimal:
    """Return a percentage as a fraction."""
    return tax.number("percentage") / 100


def _listed(order: Node, key: str, return_key: str) -> Iterator[Node]:
    """Yield what an order and its returns list."""
    yield from order.children(key)
    for part in order.children("returns"):
        yield from part.children(return_key)


def _currency(order: Node) -> str:
    """Return the currency of an order, which it does not name itself."""
    for *path, key in _TOTALS:
        found = order.inner(*path).child(key)
        if found is not None and found.code():
            return str(found.code())
    for key in ("tenders", "line_items"):
        for part in order.children(key):
            for name in ("amount_money", "total_money", "base_price_money"):
                found = part.child(name)
                if found is not None and found.code():
                    return str(found.code())
    raise order.wrong("total_money", "has no currency")
