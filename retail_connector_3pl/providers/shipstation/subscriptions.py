"""The webhook. Source: the operations ``list_webhooks`` and ``create_webhook``.

The API takes one address for an event: one that somebody else has set up is not taken away.
"""

from odoo.addons.retail_connector_base.providers import RejectedError, SubscriptionReport

from .client import ShipStationClient

EVENT = "track"
PATH = ("environment", "webhooks")


def synchronise(client: ShipStationClient, url: str, wanted: bool) -> SubscriptionReport:
    """Have news of parcels sent to ``url``."""
    ours = [row for row in client.list(*PATH) if row.get("url") == url]
    present = [row for row in ours if row.get("event") == EVENT]
    if not wanted:
        for row in present:
            client.tell(*PATH, str(row["webhook_id"]), method="DELETE")
        return SubscriptionReport(removed=(EVENT,) if present else ())
    if present:
        return SubscriptionReport(present=(EVENT,))
    try:
        client.post(*PATH, body={"event": EVENT, "url": url}, harmless=True)
    except RejectedError as error:
        if error.status == 409:
            return SubscriptionReport(missing=(EVENT,))
        raise
    return SubscriptionReport(created=(EVENT,))
