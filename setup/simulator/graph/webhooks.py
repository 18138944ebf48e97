"""Webhook subscriptions in the API: the list, and the three mutations."""

from collections.abc import Mapping
from typing import Any

from ..identifiers import gid
from ..settings import API_VERSION, utc
from ..subscriptions import Subscription, Subscriptions
from .listing import Listing
from .money import Node


def subscription_node(item: Subscription) -> Node:
    """Return a WebhookSubscription."""
    return {
        "__typename": "WebhookSubscription",
        "id": gid("WebhookSubscription", item.id),
        "legacyResourceId": str(item.id),
        "apiVersion": {"displayName": API_VERSION, "handle": API_VERSION, "supported": True},
        "callbackUrl": item.uri,
        "createdAt": utc(item.created_at),
        "endpoint": {"__typename": "WebhookHttpEndpoint", "callbackUrl": item.uri},
        "filter": item.filter,
        "format": "JSON",
        "includeFields": list(item.include_fields),
        "metafieldNamespaces": [],
        "metafields": [],
        "name": item.name,
        "topic": item.topic,
        "updatedAt": utc(item.updated_at),
        "uri": item.uri,
    }


def subscription_list(subscriptions: Subscriptions, arguments: Mapping[str, Any]) -> Listing:
    """Return the subscriptions of some topics or of one address."""
    topics = arguments.get("topics")
    uri = arguments.get("uri") or arguments.get("callbackUrl")
    chosen = [
        item
        for item in subscriptions
        if (not topics or item.topic in topics) and (not uri or item.uri == uri)
    ]
    sorts = {"CREATED_AT": lambda item: item.created_at}
    return Listing(chosen, subscription_node, lambda item: item.id, sorts)


def _payload(outcome: Subscription | str) -> Node:
    if isinstance(outcome, str):
        error = {"field": ["webhookSubscription", "uri"], "message": outcome}
        return {"webhookSubscription": None, "userErrors": [error]}
    return {"webhookSubscription": subscription_node(outcome), "userErrors": []}


def mutations(subscriptions: Subscriptions) -> dict[str, Any]:
    """Return the mutations by name; each takes the arguments of its field."""

    def create(topic: str, webhookSubscription: Mapping[str, Any]) -> Node:
        return _payload(subscriptions.create(topic, webhookSubscription))

    def update(id: str, webhookSubscription: Mapping[str, Any]) -> Node:
        return _payload(subscriptions.update(int(id.rsplit("/", 1)[-1]), webhookSubscription))

    def delete(id: str) -> Node:
        if subscriptions.delete(int(id.rsplit("/", 1)[-1])):
            return {"deletedWebhookSubscriptionId": id, "userErrors": []}
        error = {"field": ["id"], "message": "Webhook subscription does not exist"}
        return {"deletedWebhookSubscriptionId": None, "userErrors": [error]}

    return {
        "webhookSubscriptionCreate": create,
        "webhookSubscriptionUpdate": update,
        "webhookSubscriptionDelete": delete,
    }
