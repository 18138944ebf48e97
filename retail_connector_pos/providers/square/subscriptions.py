"""The webhook subscription: one for all our events, made, repaired, and its doubles removed.

Source: the operations ``CreateWebhookSubscription`` and following. Square makes the signature key;
it is not kept from the answer: who sets the subscription up enters the key from the Developer
Console, where it can always be shown.
"""

from collections.abc import Sequence
from urllib.parse import urlsplit

from odoo.addons.retail_connector_base.providers import SubscriptionReport

from .client import Row, SquareClient
from .inventory import idempotency_key

PATH = ("webhooks", "subscriptions")
NAME = "Odoo"


def synchronise(client: SquareClient, url: str, topics: Sequence[str]) -> SubscriptionReport:
    """Make one subscription send our topics to ``url``; a second run changes nothing."""
    wanted = sorted(set(topics))
    listed = client.every("subscriptions", *PATH, include_disabled=True)
    ours = [row for row in listed if _is_ours(row, url)]
    if not ours:
        _create(client, url, wanted)
        return SubscriptionReport(created=tuple(wanted))
    # Of several the oldest at our address is kept: its key is the one that was entered.
    ours.sort(key=lambda row: (row.get("notification_url") != url, str(row.get("created_at"))))
    first, *others = ours
    for row in others:
        client.delete(*PATH, str(row["id"]))
    removed = tuple(wanted) if others else ()
    if _is_right(first, url, wanted):
        return SubscriptionReport(present=tuple(wanted), removed=removed)
    body = {"subscription": _subscription(client, url, wanted)}
    client.post(*PATH, str(first["id"]), body=body, method="PUT")
    return SubscriptionReport(repaired=tuple(wanted), removed=removed)


def _create(client: SquareClient, url: str, topics: list[str]) -> None:
    moment = client.now().isoformat()
    body = {
        # Made anew after somebody deleted it: the key must differ by then.
        "idempotency_key": idempotency_key(url, moment)[:45],
        "subscription": _subscription(client, url, topics),
    }
    client.post(*PATH, body=body)


def _subscription(client: SquareClient, url: str, topics: list[str]) -> Row:
    return {
        "name": NAME,
        "enabled": True,
        "event_types": topics,
        "notification_url": url,
        "api_version": client.version,
    }


def _is_ours(row: Row, url: str) -> bool:
    """Tell whether a subscription leads to this backend, perhaps by an address we had before."""
    return urlsplit(str(row.get("notification_url") or "")).path == urlsplit(url).path


def _is_right(row: Row, url: str, topics: list[str]) -> bool:
    same = set(row.get("event_types") or ()) == set(topics)
    return bool(row.get("enabled")) and same and row.get("notification_url") == url
