"""Reading Shopify's JSON: global ids, and amounts that come in two currencies."""

import re
from typing import ClassVar

from odoo.addons.retail_connector_base.canonical import Money, MoneySet
from odoo.addons.retail_connector_base.providers.json_node import JsonNode


class Node(JsonNode):
    """A JSON object of Shopify's. An id may be a global one (``gid://shopify/Order/1``)."""

    identifiers: ClassVar[re.Pattern[str]] = re.compile(
        r"(?:gid://shopify/\w+/)?(\d{1,20})(?:\?.*)?", re.ASCII
    )

    def money(self, key: str, currency: str) -> Money:
        """Return a money object, which must be in the expected currency."""
        node = self.child(key)
        if node is None:
            raise self.wrong(key, "is missing")
        # Orders say currency_code, transactions currency (webhook schemas of 2026-04).
        found = node.currency("currency_code") or node.currency("currency")
        if found != currency:
            raise self.wrong(key, "is not in the order's currency")
        amount = node.decimal("amount")
        if amount is None:
            raise node.wrong("amount", "is missing")
        return Money(amount=amount, currency=currency)

    def sides(self, currency: str, presentment: str) -> MoneySet:
        """Return this ``shop_money``/``presentment_money`` pair as amounts."""
        return MoneySet(
            shop=self.money("shop_money", currency),
            presentment=self.money("presentment_money", presentment),
        )
