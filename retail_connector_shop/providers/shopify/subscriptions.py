"""Webhook subscriptions: the missing are created, the wrong repaired, the double removed.

The API shows an app its own subscriptions only; of these, those that lead to our path are ours.
Source: shopify.dev, GraphQL ``webhookSubscriptions`` (2026-04: ``uri`` replaces ``callbackUrl``).
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from odoo.addons.retail_connector_base.providers import RejectedError, SubscriptionReport

from . import documents
from .client import ShopifyClient
from .paging import walk


def synchronise(client: ShopifyClient, url: str, topics: Sequence[str]) -> SubscriptionReport:
    """Make the subscriptions to our topics all point to ``url``; a second run changes nothing.

    A topic that the shop refuses (a scope may be missing) hinders no other. Raises
    ``RejectedError`` when all of them are refused.
    """
    sync = _Synchronisation(client, url)
    existing = _existing(client, url)
    for topic in topics:
        enum = topic.upper().replace("/", "_")
        ours = existing.get(enum)
        if ours:
            sync.tidy(topic, ours)
        else:
            sync.subscribe(topic, enum)
    return sync.report()


class _Synchronisation:
    """What was done so far: topics by what became of them."""

    def __init__(self, client: ShopifyClient, url: str) -> None:
        self._client = client
        self._url = url
        self._topics: dict[str, list[str]] = defaultdict(list)
        self._refusal: RejectedError | None = None

    def subscribe(self, topic: str, enum: str) -> None:
        """Subscribe to a topic."""
        variables = {"topic": enum, "subscription": {"uri": self._url, "format": "JSON"}}
        try:
            self._client.change(documents.SUBSCRIBE, variables)
        except RejectedError as error:
            self._refusal = self._refusal or error
            self._topics["missing"].append(topic)
        else:
            self._topics["created"].append(topic)

    def tidy(self, topic: str, ours: Sequence[dict[str, Any]]) -> None:
        """Keep one subscription to a topic, as it must be."""
        first, *others = sorted(ours, key=lambda node: not _is_right(node, self._url))
        for node in others:
            self._client.change(documents.UNSUBSCRIBE, {"id": node["id"]})
            self._topics["removed"].append(topic)
        if _is_right(first, self._url):
            self._topics["present"].append(topic)
            return
        wanted = {"uri": self._url, "format": "JSON", "includeFields": [], "filter": ""}
        self._client.change(documents.RESUBSCRIBE, {"id": first["id"], "subscription": wanted})
        self._topics["repaired"].append(topic)

    def report(self) -> SubscriptionReport:
        """Return what was done. Raises the refusal when nothing but that came of it."""
        if self._refusal and set(self._topics) == {"missing"}:
            raise self._refusal
        return SubscriptionReport(**{name: tuple(done) for name, done in self._topics.items()})


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
