"""What the systems of the canonical API send: canonical orders, products, customers, events."""

from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

Body = dict[str, Any]
RATE = Decimal("0.19")
CENT = Decimal("0.01")


def now() -> str:
    """Return this moment (UTC) as the API takes it."""
    return datetime.now(timezone.utc).isoformat()


def euros(amount: Decimal | int) -> Body:
    """Return an amount, the same on both sides."""
    side = {"amount": str(amount), "currency": "EUR"}
    return {"shop": side, "presentment": side}


def order(number: str, sku: str, quantity: int, price: Decimal, **values: Any) -> Body:
    """Return a paid order of one line; the price includes 19 % of tax."""
    total = quantity * price
    tax = (total * RATE / (1 + RATE)).quantize(CENT)
    line = {
        "external_id": "1",
        "title": sku,
        "sku": sku,
        "ordered_quantity": quantity,
        "quantity": quantity,
        "unit_price": euros(price),
        "discount": euros(0),
        "taxes": [{"title": "DE MwSt", "rate": str(RATE), "amount": euros(tax)}],
    }
    return {
        "external_id": number,
        "name": f"#{number}",
        "placed_at": now(),
        "updated_at": now(),
        "local_date": now()[:10],
        "currency": "EUR",
        "presentment_currency": "EUR",
        "taxes_included": True,
        "email": f"{number.lower()}@example.com",
        "lines": [line],
        "total": euros(total),
        "total_tax": euros(tax),
        "payment_state": "paid",
        **values,
    }


def event(data: Body, number: str, kind: str = "order.changed") -> Body:
    """Return a CloudEvent in structured form."""
    return {
        "specversion": "1.0",
        "id": number,
        "source": "urn:marketplace",
        "type": kind,
        "time": now(),
        "data": data,
    }


def product(number: str, sku: str, title: str, price: str) -> Body:
    """Return a product of one variant, with its content and a price that is not the PIM's."""
    return {
        "external_id": number,
        "title": title,
        "state": "active",
        "description_html": f"<p>{title}, described by the PIM.</p>",
        "attributes": [{"name": "Material", "value": "Wool"}],
        "variants": [{"external_id": f"{number}-1", "title": title, "sku": sku, "price": price}],
    }


def customer(number: str, email: str, consent: str, source: str) -> Body:
    """Return a customer with his word on e-mails."""
    said = {"channel": "email", "state": consent, "changed_at": now(), "source": source}
    return {
        "external_id": number,
        "email": email,
        "email_verified": True,
        "first_name": "Ada",
        "last_name": number,
        "consents": [said],
        "updated_at": now(),
    }
