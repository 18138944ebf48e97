"""Reading the API's JSON. Source: the OpenAPI specifications (ids are ``se-…``)."""

import re
from datetime import datetime, timezone
from typing import ClassVar

from odoo.addons.retail_connector_base.providers.json_node import JsonNode


class Node(JsonNode):
    """A JSON object of the API."""

    identifiers: ClassVar[re.Pattern[str]] = re.compile(r"(se(?:-[a-z0-9]+)+)", re.ASCII)

    def moment(self, key: str) -> datetime | None:
        """Override: webhooks write some times without an offset; they count as UTC."""
        value = self.raw.get(key)
        if isinstance(value, str) and value:
            try:
                found = datetime.fromisoformat(value.replace("Z", "+00:00"))
            except ValueError:
                return super().moment(key)
            if found.tzinfo is None:
                return found.replace(tzinfo=timezone.utc)
        return super().moment(key)

    def code(self, key: str = "currency") -> str | None:
        """Return a currency, which the API writes in small letters."""
        return (self.text(key) or "").upper() or None
