"""What tests of the Square provider share: signed events, objects of the API, a fake of it."""

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
)

from ..providers.square import SquareProvider
from ..providers.square.node import Node
from ..providers.square.signature import HEADER, sign
from ..providers.square.ticket import to_ticket

SECRET = "key-of-tests"
URL = "https://odoo.example/retail/v1/hooks/key"
NOW = datetime(2026, 4, 2, 16, tzinfo=timezone.utc)
LOCATION = {"id": "L1", "name": "Main", "timezone": "America/New_York", "currency": "USD"}


def contracts_root() -> Path | None:
    """Return Square's folder of the contracts, ``None`` where it is absent."""
    default = Path(__file__).resolve().parents[3] / "shared" / "contracts"
    root = Path(os.environ.get("RETAIL_CONTRACTS") or default) / "square"
    return root if root.is_dir() else None


def contract(name: str) -> Any:
    """Return the content of a published sample."""
    return json.loads((contracts_root() / f"{name}.json").read_text())


def signed(body: bytes, secret: str = SECRET, url: str = URL, **headers: str) -> RawRequest:
    """Return a webhook as Square sends it to an address."""
    return RawRequest(body, {HEADER: sign(secret, url, body), **headers}, NOW, url)


def event(kind: str, name: str, shown: Any, **values: Any) -> dict[str, Any]:
    """Return an event about an object."""
    return {
        "merchant_id": "M1",
        "type": kind,
        "event_id": "ev-1",
        "created_at": "2026-04-02T15:59:59.123456789Z",
        "data": {"type": name, "id": "x", "object": {name: shown}},
        **values,
    }


def usd(amount: int) -> dict[str, Any]:
    """Return an amount of cents as the API writes it."""
    return {"amount": amount, "currency": "USD"}


def line(uid: str, total: int, quantity: str = "1", tax: int = 0, discount: int = 0, **more: Any):
    """Return a line by what is collected for it."""
    return {
        "uid": uid,
        "name": f"Item {uid}",
        "quantity": quantity,
        "item_type": "ITEM",
        "catalog_object_id": f"VAR-{uid}",
        "base_price_money": usd(total),
        "total_money": usd(total),
        "total_tax_money": usd(tax),
        "total_discount_money": usd(discount),
        **more,
    }


def tender(number: str, amount: int, kind: str = "CARD", **more: Any) -> dict[str, Any]:
    """Return a tender."""
    return {
        "id": number,
        "payment_id": number,
        "type": kind,
        "amount_money": usd(amount),
        "created_at": "2026-04-02T15:50:00Z",
        **more,
    }


def payment(number: str, amount: int, **more: Any) -> dict[str, Any]:
    """Return a payment that went through."""
    return {
        "id": number,
        "status": "COMPLETED",
        "source_type": "CARD",
        "location_id": "L1",
        "amount_money": usd(amount),
        "total_money": usd(amount),
        "created_at": "2026-04-02T15:50:00Z",
        "updated_at": "2026-04-02T15:50:01Z",
        **more,
    }


def order(*lines: dict[str, Any], total: int = 0, **more: Any) -> dict[str, Any]:
    """Return an order that is finished."""
    return {
        "id": "O1",
        "location_id": "L1",
        "state": "COMPLETED",
        "version": 3,
        "created_at": "2026-04-02T15:49:00Z",
        "updated_at": "2026-04-02T15:51:00Z",
        "closed_at": "2026-04-02T15:50:30Z",
        "line_items": list(lines),
        "total_money": usd(total),
        **more,
    }


def ticket(shown: Mapping[str, Any], location: Any = ..., **more: Any) -> Any:
    """Return an order, with what belongs to it, as a ticket; by default of ``LOCATION``."""
    place = LOCATION if location is ... else location
    return to_ticket(Node({"order": dict(shown), "location": place, **more}))


class FakeHttp(HttpClient):
    """Answers as a function says, and remembers what was sent: method, path, content."""

    def __init__(self, answer: Callable[[str, str, dict[str, Any]], Any]) -> None:
        super().__init__(correlation_id="test")
        self.calls: list[tuple[str, str, dict[str, Any]]] = []
        self._answer = answer

    def request(self, method, url, **options):
        """Override: answer here."""
        path = url.partition("/v2/")[2]
        content = dict(options.get("json") or options.get("params") or {})
        self.calls.append((method, path, content))
        found = self._answer(method, path, content)
        if isinstance(found, Exception):
            raise found
        return HttpResponse(200, {}, json.dumps(found).encode())


def provider(http: HttpClient | None = None, **settings: str) -> SquareProvider:
    """Return the provider of a seller."""
    secrets = {"access_token": ("EAAA",), "signature_key": (SECRET,)}
    return SquareProvider(ProviderContext(settings, secrets, http or HttpClient(), lambda: NOW))


def received(adapter: SquareProvider, shown: Mapping[str, Any]) -> Any:
    """Return the messages of an event."""
    return adapter.verify(signed(json.dumps(shown).encode())).messages


def parsed(adapter: SquareProvider, message: Any) -> Any:
    """Return what a message is read as; its place in the queues must be the same."""
    stored = StoredMessage(message.topic, message.kind, message.body, message.headers)
    found = adapter.parse(stored)
    told = (message.kind, message.entity_key)
    if told != (found.kind, found.entity_key):
        raise AssertionError(f"{told} is not what was read: {found!r}")
    return found


def read(shown: Mapping[str, Any]) -> list[Any]:
    """Return all that an event is read as."""
    adapter = provider()
    return [parsed(adapter, message) for message in received(adapter, shown) if message.kind]
