"""The webhook endpoint: one for all our events, made, repaired, and its doubles removed.

Source: docs.stripe.com/api/webhook_endpoints. Stripe makes the signing secret and tells it once, in
the answer that creates the endpoint. It is not kept from there: who creates an endpoint enters its
secret from the Dashboard, where it can always be shown.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from odoo.addons.retail_connector_base.providers import SubscriptionReport

from .client import StripeClient

PATH = "webhook_endpoints"
ALL = "*"


def synchronise(client: StripeClient, url: str, topics: Sequence[str]) -> SubscriptionReport:
    """Make one endpoint send our topics to ``url``; a second run changes nothing."""
    ours = [row for row in client.every(PATH) if _is_ours(row, url)]
    if not ours:
        client.post(
            PATH,
            url=url,
            enabled_events=sorted(topics),
            api_version=client.version,
            description="Odoo",
        )
        return SubscriptionReport(created=tuple(topics))
    # Of several the oldest at our address is kept: its secret is the one that was entered.
    ours.reverse()
    ours.sort(key=lambda row: (row.get("url") != url, not _is_right(row, url, topics)))
    first, *others = ours
    for row in others:
        client.delete(PATH, row["id"])
    removed = tuple(topics) if others else ()
    if _is_right(first, url, topics):
        return SubscriptionReport(present=tuple(topics), removed=removed)
    client.post(PATH, first["id"], url=url, enabled_events=sorted(topics), disabled=False)
    return SubscriptionReport(repaired=tuple(topics), removed=removed)


def _is_ours(row: dict[str, Any], url: str) -> bool:
    """Tell whether an endpoint leads to this backend, perhaps by an address we had before."""
    return urlsplit(str(row.get("url") or "")).path == urlsplit(url).path


def _is_right(row: dict[str, Any], url: str, topics: Sequence[str]) -> bool:
    enabled = row.get("enabled_events") or ()
    wanted = enabled == [ALL] or set(enabled) == set(topics)
    return row.get("url") == url and row.get("status") == "enabled" and wanted
