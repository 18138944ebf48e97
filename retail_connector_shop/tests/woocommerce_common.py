"""What tests of the WooCommerce provider share: a shop, signed requests, orders."""

import json
import os
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

from odoo.addons.retail_connector_base.providers import (
    HttpClient,
    ProviderContext,
    RawRequest,
    StoredMessage,
)
from odoo.addons.retail_connector_base.providers.signature import hmac_sha256_base64

from ..providers.woocommerce import WooCommerceProvider

SECRET = "woo-secret-of-tests"
NOW = datetime(2026, 4, 2, 16, tzinfo=timezone.utc)
SETTINGS = {"shop_url": "https://shop.example"}
FORM = "application/x-www-form-urlencoded"
BLANK = dict.fromkeys(
    ("first_name", "last_name", "company", "address_1", "address_2", "city", "state", "postcode"),
    "",
) | {"country": ""}
ADA = BLANK | {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "address_1": "Unter den Linden 1",
    "city": "Berlin",
    "state": "DE-BE",
    "postcode": "10117",
    "country": "DE",
}


def contracts_root() -> Path | None:
    """Return WooCommerce's folder of the contracts, ``None`` where it is absent."""
    default = Path(__file__).resolve().parents[3] / "shared" / "contracts"
    root = Path(os.environ.get("RETAIL_CONTRACTS") or default) / "woocommerce"
    return root if root.is_dir() else None


def contract(name: str) -> Any:
    """Return the content of a published sample."""
    return json.loads((contracts_root() / f"{name}.json").read_text())


def signed(
    body: bytes, topic: str = "order.created", secret: str = SECRET, delivery_id: str = "d1"
) -> RawRequest:
    """Return a webhook as WooCommerce sends it."""
    resource, _dot, event = topic.partition(".")
    headers = {
        "content-type": "application/json",
        "x-wc-webhook-source": "https://shop.example/",
        "x-wc-webhook-topic": topic,
        "x-wc-webhook-resource": resource,
        "x-wc-webhook-event": event,
        "x-wc-webhook-signature": hmac_sha256_base64(secret, body).decode(),
        "x-wc-webhook-id": "9",
        "x-wc-webhook-delivery-id": delivery_id,
    }
    return RawRequest(body, headers, NOW)


def provider(http: HttpClient | None = None) -> WooCommerceProvider:
    """Return the provider of the shop."""
    held = {"consumer_key": ("ck",), "consumer_secret": ("cs",), "webhook_secret": (SECRET,)}
    return WooCommerceProvider(ProviderContext(SETTINGS, held, http or HttpClient(), lambda: NOW))


def read(content: Any, topic: str = "order.updated") -> Any:
    """Return what a payload is read as."""
    body = json.dumps(content).encode()
    return provider().parse(StoredMessage(topic, None, body, {}))


def line(total: str, tax: str = "0.00", **values: Any) -> dict[str, Any]:
    """Return a line, fee or shipping charge: amounts without tax, one tax of id 1 if any."""
    taxes = [{"id": 1, "total": tax, "subtotal": tax}] if Decimal(tax) else []
    return {
        "id": 11,
        "name": "Mug",
        "product_id": 5,
        "variation_id": 0,
        "quantity": 1,
        "sku": "MUG",
        "subtotal": total,
        "subtotal_tax": tax,
        "total": total,
        "total_tax": tax,
        "taxes": taxes,
        "meta_data": [],
        **values,
    }


def shipping(total: str, tax: str = "0.00") -> dict[str, Any]:
    """Return a shipping charge."""
    charge = {"id": 21, "method_title": "Flat rate", "method_id": "flat_rate"}
    return {**line(total, tax), **charge}


def order(*lines: dict[str, Any], total: str, tax: str = "0.00", **values: Any) -> dict[str, Any]:
    """Return a paid order that waits for its shipment; its tax of id 1 is 19 % by default."""
    rate = {"id": 31, "rate_id": 1, "label": "MwSt.", "rate_code": "DE-VAT-1", "compound": False}
    return {
        "id": 700,
        "number": "700",
        "status": "processing",
        "currency": "EUR",
        "created_via": "checkout",
        "date_created": "2026-04-02T00:30:00",
        "date_created_gmt": "2026-04-01T22:30:00",
        "date_modified": "2026-04-02T00:31:00",
        "date_modified_gmt": "2026-04-01T22:31:00",
        "date_paid_gmt": "2026-04-01T22:31:00",
        "total": total,
        "total_tax": tax,
        "prices_include_tax": False,
        "customer_id": 0,
        "customer_note": "",
        "billing": {**ADA, "email": "ada@example.com", "phone": "030 1"},
        "shipping": dict(BLANK),
        "payment_method": "stripe",
        "line_items": list(lines),
        "shipping_lines": [],
        "fee_lines": [],
        "coupon_lines": [],
        "tax_lines": [{**rate, "rate_percent": 19}],
        "refunds": [],
        "meta_data": [],
        **values,
    }
