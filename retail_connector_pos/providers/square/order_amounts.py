"""What an order's amounts are written in: its currency, its taxes, whether prices have them.

Source: developer.squareup.com/docs/orders-api/apply-taxes-and-discounts. Taxes are ``ADDITIVE`` or
``INCLUSIVE`` one by one; an order may mix them. ``total_money`` of a line is what is collected for
it, taxes of both kinds included, so every line can be told with or without.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from odoo.addons.retail_connector_base.canonical import TicketTax, minor_unit

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

    ``included`` is whether unit prices include tax: where all taxes do, and where an order that
    mixes them can be told so only.
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
        found = cls(
            currency=_currency(order),
            included=kinds == {INCLUSIVE},
            taxes={_uid(tax): (tax.text("name") or "", _rate(tax)) for tax in taxes},
            names={
                _uid(one): one.text("name") or ""
                for one in _listed(order, "discounts", "return_discounts")
            },
        )
        if INCLUSIVE in kinds and not found.included and found._reads_better_with_tax(order):
            return replace(found, included=True)
        return found

    def _reads_better_with_tax(self, order: Node) -> bool:
        """Tell whether the taxes of an order that mixes them follow from prices with tax only.

        Either way of telling it loses parts of a cent on some lines.
        """
        parts = list(_taxed(order))
        return not all(map(self._follows_without, parts)) and all(map(self._follows_with, parts))

    def _follows_without(self, part: Node) -> bool:
        base = self.total(part) - self.amount(part, "total_tax_money")
        return self._follows(part, base)

    def _follows_with(self, part: Node) -> bool:
        rates = [self._rate_of(tax) for tax in part.children("applied_taxes")]
        return self._follows(part, self.total(part) / (1 + sum(rates, ZERO)))

    def _follows(self, part: Node, base: Decimal) -> bool:
        unit = minor_unit(self.currency)
        return all(
            (base * self._rate_of(tax)).quantize(unit, ROUND_HALF_UP)
            == self.amount(tax, "applied_money")
            for tax in part.children("applied_taxes")
        )

    def _rate_of(self, applied: Node) -> Decimal:
        return self.taxes.get(applied.text("tax_uid") or "", ("", ZERO))[1]

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
        """Return a tax that no line names: the only one, else the rate that amounts show."""
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


def _taxed(order: Node) -> Iterator[Node]:
    """Yield what has taxes: lines and charges, sold and returned."""
    for key, return_key in (
        ("line_items", "return_line_items"),
        ("service_charges", "return_service_charges"),
    ):
        yield from _listed(order, key, return_key)


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
