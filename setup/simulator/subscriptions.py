"""The webhook subscriptions that an app has made."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from threading import RLock
from typing import Any

from .identifiers import Ids

# Resources whose name has two words.
TWO_WORDS = (
    "FULFILLMENT_ORDERS", "INVENTORY_LEVELS", "INVENTORY_ITEMS", "DRAFT_ORDERS",
    "ORDER_TRANSACTIONS", "TENDER_TRANSACTIONS",
)  # fmt: skip


@dataclass(frozen=True)
class Subscription:
    """Where events of one topic go. ``topic`` is written as in API enums: ORDERS_CREATE."""

    id: int
    topic: str
    uri: str
    created_at: datetime
    updated_at: datetime
    include_fields: tuple[str, ...] = ()
    filter: str | None = None
    name: str | None = None

    @property
    def header_topic(self) -> str:
        """The topic as the webhook's header writes it: orders/create."""
        return topic_header(self.topic)


def topic_header(topic: str) -> str:
    """Return the header form of an enum topic; some resources have two words in their name."""
    for prefix in TWO_WORDS:
        if topic.startswith(prefix + "_"):
            return f"{prefix.lower()}/{topic[len(prefix) + 1 :].lower()}"
    return topic.lower().replace("_", "/", 1)


class Subscriptions:
    """The register of subscriptions."""

    def __init__(self) -> None:
        self._ids, self._lock = Ids(), RLock()
        self._by_id: dict[int, Subscription] = {}

    def __iter__(self) -> Iterator[Subscription]:
        with self._lock:
            return iter(list(self._by_id.values()))

    def get(self, number: int) -> Subscription | None:
        """Return a subscription by its number."""
        return self._by_id.get(number)

    def targets(self, topic: str) -> list[str]:
        """Return the addresses that want a topic (in its header form)."""
        return [item.uri for item in self if item.header_topic == topic]

    def create(self, topic: str, values: Mapping[str, Any]) -> Subscription | str:
        """Add a subscription; returns the complaint when it cannot be."""
        with self._lock:
            uri = values.get("uri") or values.get("callbackUrl") or ""
            complaint = self._complaint(uri, topic)
            if complaint:
                return complaint
            now = datetime.now(timezone.utc)
            number = self._ids.next("WebhookSubscription")
            made = Subscription(number, topic, uri, now, now, **_options(values))
            self._by_id[number] = made
            return made

    def update(self, number: int, values: Mapping[str, Any]) -> Subscription | str:
        """Change a subscription; returns the complaint when it cannot be."""
        with self._lock:
            found = self._by_id.get(number)
            if not found:
                return "Webhook subscription does not exist"
            uri = values.get("uri") or values.get("callbackUrl") or found.uri
            complaint = self._complaint(uri, found.topic, number)
            if complaint:
                return complaint
            now = datetime.now(timezone.utc)
            changed = replace(found, uri=uri, updated_at=now, **_options(values))
            self._by_id[number] = changed
            return changed

    def delete(self, number: int) -> bool:
        """Remove a subscription; false when there is none."""
        with self._lock:
            return self._by_id.pop(number, None) is not None

    def _complaint(self, uri: str, topic: str, own: int | None = None) -> str | None:
        if not uri.startswith(("http://", "https://")):
            return "Address is invalid"
        taken = ((item.topic, item.uri) for item in self._by_id.values() if item.id != own)
        return "Address for this topic has already been taken" if (topic, uri) in taken else None


def _options(values: Mapping[str, Any]) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if "includeFields" in values:
        options["include_fields"] = tuple(values["includeFields"] or ())
    for name in ("filter", "name"):
        if name in values:
            options[name] = values[name]
    return options
