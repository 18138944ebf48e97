"""What tests of the ShipBob provider share: signed events, objects of the API, a fake of it."""

import gzip
import json
import os
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from odoo.addons.retail_connector_base.providers import (
    HttpClient,
    HttpResponse,
    ProviderContext,
    RawRequest,
    StoredMessage,
    strict_json,
)

from ..providers.shipbob import ShipBobProvider
from ..providers.shipbob.http import ShipBobHttp
from ..providers.shipbob.node import Node
from ..providers.shipbob.signature import ID, SIGNATURE, TIME, TOPIC, sign

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
URL = "https://odoo.example/retail/v1/hooks/key"
NOW = datetime(2026, 4, 2, 12, tzinfo=timezone.utc)
CHANNEL = "100102"


def contracts_root() -> Path | None:
    """Return ShipBob's folder of the contracts, ``None`` where it is absent."""
    default = Path(__file__).resolve().parents[3] / "shared" / "contracts"
    root = Path(os.environ.get("RETAIL_CONTRACTS") or default) / "3pl" / "shipbob"
    return root if root.is_dir() else None


def sample(name: str) -> Any:
    """Return the content of a published sample."""
    return json.loads((contracts_root() / "samples" / f"{name}.json").read_text())


def specification(version: str) -> dict[str, Any]:
    """Return a version of the published specification."""
    with gzip.open(contracts_root() / f"openapi-{version}.json.gz") as file:
        return json.load(file)


def signed(
    body: bytes, topic: str | None = "order.shipped", secret: str = SECRET, name: str = "msg_1",
    moment: datetime = NOW, **headers: str,
) -> RawRequest:  # fmt: skip
    """Return a webhook as ShipBob sends it."""
    stamp = str(int(moment.timestamp()))
    told = {ID: name, TIME: stamp, SIGNATURE: sign(secret, name, stamp, body)}
    if topic is not None:
        told[TOPIC] = topic
    return RawRequest(body, {**told, **headers}, NOW, URL)


def node(shown: Mapping[str, Any]) -> Node:
    """Return a content as it is read."""
    return Node(strict_json.loads(json.dumps(shown).encode()))


def item(number: int, units: int, **values: Any) -> dict[str, Any]:
    """Return units of a stock item."""
    return {
        "id": number, "name": f"Item {number}", "quantity": units, "quantity_committed": units,
        "lot": None, "expiration_date": None, "serial_numbers": None, **values,
    }  # fmt: skip


def product(sku: str, *items: dict[str, Any], number: int = 1) -> dict[str, Any]:
    """Return a product of a shipment."""
    return {
        "id": number, "reference_id": sku, "sku": f"SB-{sku}", "name": sku,
        "inventory_items": list(items),
    }  # fmt: skip


def shipment(number: int = 7, status: str = "Completed", *products: Any, **values: Any) -> Any:
    """Return a shipment of order 5, by default one that left."""
    return {
        "id": number, "order_id": 5, "reference_id": "REL-1", "status": status,
        "status_details": [], "created_date": "2026-04-01T08:00:00.1234567+00:00",
        "last_update_at": "2026-04-02T10:00:00.5+00:00",
        "actual_fulfillment_date": "2026-04-02T09:30:00Z", "location": {"id": 10, "name": "MV"},
        "products": list(products) or [product("MUG", item(81, 2))],
        "tracking": {"carrier": "USPS", "carrier_service": "Ground", "tracking_number": "9400",
                     "tracking_url": "https://t.example/9400"},
        "measurements": {"total_weight_oz": 16}, "parent_cartons": [], **values,
    }  # fmt: skip


def order(*shipments: Any, status: str = "Processing", wanted: Any = None, **values: Any) -> Any:
    """Return order 5 of our channel."""
    asked = {"MUG": 2} if wanted is None else wanted
    return {
        "id": 5, "reference_id": "REL-1", "order_number": "#1001", "status": status,
        "created_date": "2026-04-01T08:00:00+00:00", "channel": {"id": int(CHANNEL), "name": "Us"},
        "products": [{"id": at, "reference_id": sku, "sku": sku, "quantity": units}
                     for at, (sku, units) in enumerate(asked.items(), 1)],
        "shipments": list(shipments), "recipient": {"name": "Jane", "email": "jane@example.com"},
        **values,
    }  # fmt: skip


def detail(name: str, number: int, words: str = "", *messages: str) -> dict[str, Any]:
    """Return a detail of a shipment's status."""
    return {
        "id": number, "name": name, "description": words or None,
        "extra_information": {"validation_messages": list(messages) or None},
    }  # fmt: skip


class FakeHttp(HttpClient):
    """Answers as a function says, and remembers what was sent: method, path, content.

    A function returns the content of an answer, ``(status, content)``, or an error to be raised.
    """

    def __init__(self, answer: Callable[[str, str, dict[str, Any]], Any]) -> None:
        super().__init__(correlation_id="test")
        self.calls: list[tuple[str, str, dict[str, Any]]] = []
        self._answer = answer

    def request(self, method, url, **options):
        """Override: answer here."""
        path = url.partition("/2026-01/")[2]
        content = dict(options.get("json") or options.get("params") or {})
        self.calls.append((method, path, content))
        found = self._answer(method, path, content)
        if isinstance(found, Exception):
            raise found
        status, body = found if isinstance(found, tuple) else (200, found)
        answer = HttpResponse(status, {}, json.dumps(body).encode())
        harmless = options.get("idempotent")
        harmless = method in ("GET", "PUT", "DELETE") if harmless is None else harmless
        try:
            ShipBobHttp._raise_for_status(answer, url, harmless)
        except Exception as error:
            error.status = status
            raise
        return answer

    def sent(self, method: str, path: str = "") -> list[dict[str, Any]]:
        """Return what was sent by a method, to a path."""
        return [c for m, p, c in self.calls if m == method and (not path or p == path)]


def provider(
    http: HttpClient | None = None, secrets: tuple[str, ...] = (SECRET,), **settings: str
) -> ShipBobProvider:
    """Return the provider of an account."""
    held = {"access_token": ("PAT",), "webhook_secret": secrets}
    known = {"channel_id": CHANNEL, **settings}
    return ShipBobProvider(ProviderContext(known, held, http or HttpClient(), lambda: NOW))


def parsed(adapter: ShipBobProvider, message: Any) -> Any:
    """Return what a message is read as; its place in the queues must be the same."""
    found = adapter.parse(StoredMessage(message.topic, message.kind, message.body, message.headers))
    told = (message.kind, message.entity_key)
    if told != (found.kind, found.entity_key):
        raise AssertionError(f"{told} is not what was read: {found!r}")
    return found


def heard(topic: str, shown: Mapping[str, Any]) -> list[Any]:
    """Return all that a webhook is read as."""
    adapter = provider()
    messages = adapter.verify(signed(json.dumps(shown).encode(), topic)).messages
    return [parsed(adapter, message) for message in messages if message.kind]
