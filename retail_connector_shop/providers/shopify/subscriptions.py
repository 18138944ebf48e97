"""Webhook subscriptions: the missing are created, the wrong repaired, the double removed.

The API shows an app its own subscriptions only; of these, those that lead to our path are ours.
Source: shopify.dev, GraphQL ``webhookSubscriptions`` (2026-04: ``uri`` replaces ``callbackUrl``).
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from odoo.addons.retail_connector_base.providers import SubscriptionReport

from . import documents
from .client import ShopifyClient
from .paging import walk


def synchronise(client: ShopifyClient, url: str, topics: Sequence[str]) -> SubscriptionReport:
    """Make the subscriptions to our topics all point to ``url``; a second run changes nothing."""
    wanted = {topic.upper().replace("/", "_"): topic for topic in topics}
    existing = _existing(client, url)
    present, created, repaired, removed = [], [], [], []
    settings = {"uri": url, "format": "JSON", "includeFields": [], "filter": ""}
    for enum, topic in wanted.items():
        ours = sorted(existing.pop(enum, []), key=lambda node: not _is_right(node, url))
        if not ours:
            client.change(
                documents.SUBSCRIBE,
                {"topic": enum, "subscription": {"uri": url, "format": "JSON"}},
            )
            created.append(topic)
            continue
        first, *others = ours
        if _is_right(first, url):
            present.append(topic)
        for node in others:
            client.change(documents.UNSUBSCRIBE, {"id": node["id"]})
            removed.append(topic)
        if not _is_right(first, url):
            client.change(documents.RESUBSCRIBE, {"id": first["id"], "subscription": settings})
            repaired.append(topic)
    return SubscriptionReport(tuple(present), tuple(created), tuple(repaired), tuple(removed))


def _existing(client: ShopifyClient, url: str) -> dict[str, list[dict[str, Any]]]:
    """Return our subscriptions by topic."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    pages = walk(client, documents.SUBSCRIPTIONS, {"first": 100}, ("webhookSubscriptions",))
    for nodes, _end, _data in pages:
        for node in nodes:
            if _is_ours(str(node.get("uri") or ""), url):
                found[str(node.get("topic"))].append(node)
    return found


def _is_ours(uri: str, url: str) -> bool:
    """Tell whether a subscription leads to this backend, perhaps by an address we had before."""
    return urlsplit(uri).path == urlsplit(url).path or uri == url


def _is_right(node: dict[str, Any], url: str) -> bool:
    """Tell whether a subscription sends all of the payload, as JSON, to our address."""
    return (
        node.get("uri") == url
        and node.get("format") == "JSON"
        and not node.get("includeFields")
        and not node.get("filter")
    )
