"""Reading EasyPost's JSON. Source: docs.easypost.com/docs (ids with a prefix, ISO 8601 times)."""

import re
from datetime import datetime, timezone
from typing import ClassVar

from odoo.addons.retail_connector_base.providers.json_node import JsonNode


class Node(JsonNode):
    """A JSON object of EasyPost's."""

    identifiers: ClassVar[re.Pattern[str]] = re.compile(r"([A-Za-z]+_[A-Za-z0-9]{1,64})", re.ASCII)

    def moment(self, key: str) -> datetime | None:
        """Override: some carriers' details have no offset; they count as UTC."""
        value = self.raw.get(key)
        if isinstance(value, str) and value:
            try:
                found = datetime.fromisoformat(value.replace("Z", "+00:00"))
            except ValueError:
                raise self.wrong(key, "is not a time") from None
            if found.tzinfo is None:
                return found.replace(tzinfo=timezone.utc)
        return super().moment(key)
