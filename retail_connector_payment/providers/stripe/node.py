"""Reading Stripe's JSON: whole numbers of money, seconds since 1970, ids that may be expanded."""

import re
from collections.abc import Sequence
from datetime import datetime, timezone
from decimal import Decimal
from typing import ClassVar

from odoo.addons.retail_connector_base.canonical import Money
from odoo.addons.retail_connector_base.providers.json_node import JsonNode

from .amounts import to_money

_LATEST = 253_402_300_799


class Node(JsonNode):
    """A JSON object of Stripe's."""

    identifiers: ClassVar[re.Pattern[str]] = re.compile(r"([A-Za-z0-9_]{1,200})", re.ASCII)

    def whole(self, key: str) -> int | None:
        """Return a whole number."""
        value = self.raw.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 10**15:
            raise self.wrong(key, "is not a whole number")
        return value

    def count(self, key: str) -> int:
        """Return a whole number that must be there."""
        value = self.whole(key)
        if value is None:
            raise self.wrong(key, "is missing")
        return value

    def rate(self, key: str) -> Decimal | None:
        """Return a positive factor."""
        value = self.raw.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
            raise self.wrong(key, "is not a number")
        found = Decimal(str(value))
        if not (found.is_finite() and 0 < found < 10**12):
            raise self.wrong(key, "is not a rate")
        return found

    def stamp(self, key: str) -> datetime | None:
        """Return a moment (UTC) that is written as seconds since 1970."""
        value = self.whole(key)
        if value is None:
            return None
        if not 0 <= value <= _LATEST:
            raise self.wrong(key, "is not a time")
        return datetime.fromtimestamp(value, timezone.utc)

    def code(self, key: str = "currency") -> str:
        """Return a currency, which Stripe writes in small letters."""
        value = self.required(key).upper()
        if not re.fullmatch(r"[A-Z]{3}", value, re.ASCII):
            raise self.wrong(key, "is not a currency")
        return value

    def money(self, key: str = "amount") -> Money:
        """Return an amount in the object's own currency."""
        return to_money(self.count(key), self.code())

    def amount(self, key: str) -> Decimal:
        """Return the bare amount of ``money``."""
        return self.money(key).amount

    def link(self, key: str) -> str | None:
        """Return the id of another object, which may stand there as a whole."""
        other = self.expanded(key)
        return other.identifier() if other else self.identifier(key)

    def expanded(self, key: str) -> "Node | None":
        """Return another object where it stands there as a whole."""
        return self.child(key) if isinstance(self.raw.get(key), dict) else None

    def first_text(self, keys: Sequence[str]) -> str | None:
        """Return the first of some texts that is there."""
        return next((found for found in map(self.text, keys) if found), None)
