"""Reading Square's JSON: whole numbers of money with a currency, times with up to nine decimals.

Source: the OpenAPI specification of 2025-08-20 (``Money``, RFC 3339). Events of payouts and answers
of the payout entries write ``currency_code`` where everything else writes ``currency``.
"""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from odoo.addons.retail_connector_base.canonical import Money
from odoo.addons.retail_connector_base.canonical.money import exponent
from odoo.addons.retail_connector_base.providers.json_node import JsonNode

ZERO = Decimal(0)
_NANOSECONDS = re.compile(r"\.(\d+)")


class Node(JsonNode):
    """A JSON object of Square's."""

    identifiers: ClassVar[re.Pattern[str]] = re.compile(r"([!-~]{1,255})", re.ASCII)

    def moment(self, key: str) -> datetime | None:
        """Override: parts of a second may have any number of digits; six are kept."""
        value = self.raw.get(key)
        if isinstance(value, str):
            text = _NANOSECONDS.sub(lambda found: f".{found[1][:6]:0<6}", value)
            return JsonNode({key: text}, self.path).moment(key)
        return super().moment(key)

    def day(self, key: str) -> date | None:
        """Return a day, written YYYY-MM-DD."""
        value = self.text(key)
        if value is None:
            return None
        try:
            return date.fromisoformat(value[:10])
        except ValueError:
            raise self.wrong(key, "is not a day") from None

    def whole(self, key: str) -> int | None:
        """Return a whole number."""
        value = self.raw.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 10**15:
            raise self.wrong(key, "is not a whole number")
        return value

    def code(self) -> str | None:
        """Return the currency of a ``Money``, ``None`` when it does not say."""
        return self.currency("currency" if "currency" in self else "currency_code")

    def money(self, key: str, currency: str | None = None) -> Money | None:
        """Return an amount, ``None`` when it is absent; ``currency`` is for one that names none."""
        found = self.child(key)
        number = found and found.whole("amount")
        if found is None or number is None:
            return None
        code = found.code() or currency
        if code is None:
            raise found.wrong("currency", "is missing")
        return Money(amount=Decimal(number).scaleb(-exponent(code)), currency=code)

    def required_money(self, key: str, currency: str | None = None) -> Money:
        """Return an amount that must be there."""
        found = self.money(key, currency)
        if found is None:
            raise self.wrong(key, "is missing")
        return found

    def amount(self, key: str, currency: str) -> Decimal:
        """Return an amount in a known currency, 0 when it is absent."""
        found = self.money(key, currency)
        if found is None:
            return ZERO
        if found.currency != currency:
            raise self.wrong(key, "is in another currency")
        return found.amount

    def told(self, key: str, currency: str) -> Decimal | None:
        """Return an amount in a known currency, ``None`` when it is absent."""
        return self.amount(key, currency) if self.money(key, currency) else None

    def inner(self, *keys: str) -> "Node":
        """Return an object some levels down, an empty one when a level is absent."""
        found: Node = self
        for key in keys:
            found = found.child(key) or Node({}, found._path(key))
        return found
