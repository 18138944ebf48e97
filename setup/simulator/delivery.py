"""One webhook, ready to be sent."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone

from .history import Event, MoneyEvent
from .rest import fulfilment_event_json, order_json
from .settings import API_VERSION, ShopSettings


@dataclass(frozen=True)
class Delivery:
    """Bytes and headers of a webhook.

    ``intent``: genuine, duplicate, late, forged, truncated or junk. Only what is not ``forged`` is
    sent again when it is not accepted.
    """

    topic: str
    event_id: str
    body: bytes
    headers: Mapping[str, str]
    intent: str = "genuine"


def sign(body: bytes, secret: str) -> str:
    """Return the base64 HMAC-SHA256 of a body."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def body_of(event: Event, settings: ShopSettings) -> bytes:
    """Return the raw body that tells of an event."""
    if isinstance(event, MoneyEvent):
        content = dict(event.content)
    elif event.topic.startswith("fulfillments/"):
        parcel = event.order.fulfilment(event.fulfilment_id)
        content = fulfilment_event_json(parcel, event.order, settings)
    else:
        content = order_json(event.order, settings)
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True)
class Envelope:
    """Signs for one shop. ``now`` is fixed for tests that compare headers."""

    domain: str
    secret: str
    now: datetime | None = None

    def seal(
        self, topic: str, event_id: str, webhook_id: str, body: bytes,
        triggered: datetime | None = None, intent: str = "genuine",
    ) -> Delivery:  # fmt: skip
        """Return a signed delivery, triggered now unless another moment is given."""
        moment = triggered or self.now or datetime.now(timezone.utc)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Shopify-Captain-Hook",
            "X-Shopify-Topic": topic,
            "X-Shopify-Hmac-Sha256": sign(body, self.secret),
            "X-Shopify-Shop-Domain": self.domain,
            "X-Shopify-API-Version": API_VERSION,
            "X-Shopify-Webhook-Id": webhook_id,
            "X-Shopify-Event-Id": event_id,
            "X-Shopify-Triggered-At": moment.strftime("%Y-%m-%dT%H:%M:%S.%f000Z"),
        }
        return Delivery(topic, event_id, body, headers, intent)
