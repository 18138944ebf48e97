"""The fulfilment centres that the account may use.

Source: ``GET /location``, the schema ``LocationViewModel``.
"""

from odoo.addons.retail_connector_base.providers import Location, TransientError

from .client import ShipBobClient


def read_warehouses(client: ShipBobClient) -> tuple[Location, ...]:
    """Return the centres that goods may be sent from or to."""
    rows = client.get("location", IncludeInactive=False, AccessGranted=True)
    if not isinstance(rows, list):
        raise TransientError("ShipBob's answer is not a list.")
    return tuple(
        Location(
            external_id=str(row["id"]),
            name=str(row.get("name") or row.get("abbreviation") or row["id"]),
            active=row.get("is_active", True) and row.get("access_granted", True),
        )
        for row in rows
        if isinstance(row, dict) and row.get("id")
    )
