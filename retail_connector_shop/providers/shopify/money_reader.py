"""Amounts of one order, in its two currencies."""

from dataclasses import dataclass
from decimal import Decimal

from odoo.addons.retail_connector_base.canonical import Money, MoneySet

from .node import Node


@dataclass(frozen=True)
class MoneyReader:
    """Reads amounts of an order whose shop and presentment currency are known."""

    currency: str
    presentment: str

    def amount(self, node: Node, key: str, set_key: str | None = None) -> MoneySet | None:
        """Return an amount from its ``…_set``, else from the plain field; ``None`` without both.

        The plain field is in the shop's currency. Old API versions have no sets; the amount then
        stands for both sides, which is right for orders in the shop's own currency only.
        """
        pair = node.child(set_key or f"{key}_set")
        if pair is not None and pair.raw:
            return pair.sides(self.currency, self.presentment)
        plain = node.decimal(key)
        if plain is None:
            return None
        if self.presentment != self.currency:
            raise node.wrong(set_key or f"{key}_set", "is missing")
        return self.both(plain, plain)

    def required(self, node: Node, key: str) -> MoneySet:
        """Return an amount that must be there."""
        found = self.amount(node, key)
        if found is None:
            raise node.wrong(key, "is missing")
        return found

    def or_zero(self, node: Node, key: str) -> MoneySet:
        """Return an amount, zero when it is absent."""
        return self.amount(node, key) or self.zero

    @property
    def zero(self) -> MoneySet:
        """Nothing, in both currencies."""
        return self.both(Decimal(0), Decimal(0))

    def both(self, shop: Decimal, presentment: Decimal) -> MoneySet:
        """Return a set of two amounts."""
        return MoneySet(
            shop=Money(amount=shop, currency=self.currency),
            presentment=Money(amount=presentment, currency=self.presentment),
        )

    def total(self, amounts: "list[MoneySet]") -> MoneySet:
        """Return the sum of amounts."""
        return sum(amounts, self.zero)

    def times(self, amount: MoneySet, factor: Decimal) -> MoneySet:
        """Return an amount times a number, unrounded."""
        return self.both(amount.shop.amount * factor, amount.presentment.amount * factor)


def is_positive(amount: MoneySet) -> bool:
    """Tell whether there is money on either side."""
    return amount.shop.amount > 0 or amount.presentment.amount > 0


def is_zero(amount: MoneySet) -> bool:
    """Tell whether there is no money on both sides."""
    return not amount.shop.amount and not amount.presentment.amount
