"""What tests of the Shopify provider share: a shop, its secret, signed requests, a fake API."""

import json
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from odoo.addons.retail_connector_base.providers import (
    HttpClient,
    ProviderContext,
    RawRequest,
    StoredMessage,
)
from odoo.addons.retail_connector_base.providers.http_response import HttpResponse
from odoo.addons.retail_connector_base.providers.signature import hmac_sha256_base64

from ..providers.shopify import ShopifyProvider
from ..providers.shopify.parse import parse

SHOP = "retail-connector.myshopify.com"
SECRET = "hush"
NOW = datetime(2026, 4, 2, 16, tzinfo=timezone.utc)
SETTINGS = {"shop_domain": SHOP, "client_id": "client", "api_version": "2026-04"}


def signed(
    body: bytes,
    topic: str = "orders/create",
    secret: str = SECRET,
    event_id: str = "event-1",
    **headers: str,
) -> RawRequest:
    """Return a webhook as Shopify sends it."""
    sent = {
        "x-shopify-topic": topic,
        "x-shopify-hmac-sha256": hmac_sha256_base64(secret, body).decode(),
        "x-shopify-shop-domain": SHOP,
        "x-shopify-api-version": "2026-04",
        "x-shopify-webhook-id": f"webhook-{event_id}",
        "x-shopify-event-id": event_id,
        "x-shopify-triggered-at": "2026-04-02T14:00:01.123456789Z",
    }
    sent.update({f"x-shopify-{name.replace('_', '-')}": value for name, value in headers.items()})
    return RawRequest(body, {k: v for k, v in sent.items() if v}, NOW)


def read(payload: Any, topic: str = "orders/create", **headers: str) -> Any:
    """Return what a payload of a topic is read as."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return parse(StoredMessage(topic, None, body, headers))


def read_polled(node: dict[str, Any], zone: str = "America/New_York") -> Any:
    """Return what a polled order is read as, in a shop of a time zone."""
    return read({"order": node, "shop": {"ianaTimezone": zone}}, "poll/orders")


class FakeHttp(HttpClient):
    """Answers as a function says, and remembers what was sent."""

    def __init__(self, answer: Callable[[str, dict[str, Any]], Any]) -> None:
        super().__init__(correlation_id="test")
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.tokens: list[str] = []
        self.costs: list[float] = []
        self._answer = answer

    def request(self, method, url, **options):
        if url.endswith("/admin/oauth/access_token"):
            content = self._answer("token", options["data"])
        else:
            sent = json.loads(json.dumps(options["json"]))
            self.calls.append((sent["operationName"], sent["variables"]))
            self.costs.append(options["cost"])
            self.tokens.append(options["headers"]["X-Shopify-Access-Token"])
            content = self._answer(sent["operationName"], sent["variables"])
        return HttpResponse(200, {}, json.dumps(content).encode())


def provider(http: HttpClient | None = None, **secrets: Any) -> ShopifyProvider:
    """Return the provider of the shop, with a fixed token unless told otherwise."""
    held = {"client_secret": (SECRET,), "access_token": ("shpat_fixed",), **secrets}
    return ShopifyProvider(ProviderContext(SETTINGS, held, http or HttpClient(), lambda: NOW))
