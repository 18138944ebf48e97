"""Reading ShipBob's JSON: ids are numbers, times have up to seven decimals and mostly a zone.

Source: the OpenAPI specification of 2026-01, and the samples of its contracts.
"""

import re
from datetime import date, datetime
from decimal import Decimal

from odoo.addons.retail_connector_base.providers.json_node import JsonNode

_FRACTION = re.compile(r"\.(\d+)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_ZONE = re.compile(r"(?:[Zz]|[+-]\d\d:?\d\d)$")


class Node(JsonNode):
    """A JSON object of ShipBob's."""

    def moment(self, key: str) -> datetime | None:
        """Override: six decimals are kept; a time without a zone is in UTC."""
        value = self.raw.get(key)
        if not isinstance(value, str) or not value.strip():
            return super().moment(key)
        text = _FRACTION.sub(lambda found: f".{found[1][:6]:0<6}", value.strip())
        text = f"{text}T00:00:00" if _DAY.fullmatch(text) else text
        text = text if _ZONE.search(text) else f"{text}+00:00"
        return JsonNode({key: text}, self.path).moment(key)

    def day(self, key: str) -> date | None:
        """Return the day of a date or a time."""
        value = self.text(key)
        if value is None:
            return None
        try:
            return date.fromisoformat(value[:10])
        except ValueError:
            raise self.wrong(key, "is not a day") from None

    def texts(self, key: str) -> tuple[str, ...]:
        """Override: lists of the published examples hold nothing where there is no text."""
        value = self.raw.get(key)
        if isinstance(value, list):
            value = [one for one in value if one is not None]
        return JsonNode({key: value}, self.path).texts(key)

    def units(self, key: str) -> Decimal:
        """Return a quantity of units, 0 when it is absent."""
        found = self.number(key)
        if found < 0:
            raise self.wrong(key, "is negative")
        return found

    def newest(self, *keys: str) -> datetime | None:
        """Return the latest of some times, ``None`` without any."""
        return max(filter(None, (self.utc(key) for key in keys)), default=None)

    def inner(self, key: str) -> "Node":
        """Return an object, an empty one when it is absent."""
        return self.child(key) or Node({}, self._path(key))
