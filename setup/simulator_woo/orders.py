"""Orders and refunds in the shape of the API."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from .amounts import CENT, RATES, STANDARD, Rate, Taxed, tax_entries, text, total_of
from .goods import dates, links

NOWHERE = dict.fromkeys(
    ("first_name", "last_name", "company", "address_1", "address_2", "city", "state", "postcode"),
    "",
) | {"country": ""}


@dataclass(frozen=True)
class Wanted:
    """What a customer puts into the basket."""

    item: dict[str, Any]
    product_id: int
    variation_id: int
    quantity: int
    name: str


@dataclass(frozen=True)
class Terms:
    """How a shop computes. ``coupon`` is a percentage, ``fee`` and ``shipping`` are without tax."""

    currency: str
    included: bool
    coupon: Decimal = Decimal(0)
    fee: Decimal = Decimal(0)
    shipping: Decimal = Decimal(0)


def line_item(number: int, wanted: Wanted, terms: Terms) -> dict[str, Any]:
    """Return a line: its subtotal is before the coupon, its total after."""
    rate = RATES[wanted.item["tax_class"]]
    gross = Decimal(wanted.item["price"]) * wanted.quantity
    off = (gross * terms.coupon / 100).quantize(CENT, ROUND_HALF_UP)
    before = Taxed.of(gross, rate, terms.included)
    after = Taxed.of(gross - off, rate, terms.included)
    return {
        "id": number,
        "name": wanted.name,
        "product_id": wanted.product_id,
        "variation_id": wanted.variation_id,
        "quantity": wanted.quantity,
        "tax_class": wanted.item["tax_class"],
        "subtotal": text(before.net),
        "subtotal_tax": text(before.tax),
        "total": text(after.net),
        "total_tax": text(after.tax),
        "taxes": tax_entries(rate, after.tax, before.tax),
        "meta_data": [],
        "sku": wanted.item["sku"],
        "price": float(after.net / wanted.quantity),
    }


def charge(number: int, net: Decimal, **names: Any) -> dict[str, Any]:
    """Return a fee or a shipping charge, which shops enter without tax."""
    taxed = Taxed.of(net, STANDARD, included=False)
    return {
        "id": number,
        **names,
        "total": text(taxed.net),
        "total_tax": text(taxed.tax),
        "taxes": tax_entries(STANDARD, taxed.tax),
        "meta_data": [],
    }


def order(
    ids: Iterator[int], basket: Sequence[Wanted], terms: Terms, now: datetime,
    status: str, customer: dict[str, Any] | None = None, billing: dict[str, Any] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Return a new order."""
    number = next(ids)
    lines = [line_item(next(ids), wanted, terms) for wanted in basket]
    ship = {"method_title": "Flat rate", "method_id": "flat_rate"}
    fee = {"name": "Gift wrapping", "tax_class": "", "tax_status": "taxable", "amount": ""}
    paid = now if status in ("processing", "completed") else None
    return with_totals(
        {
            "id": number,
            "parent_id": 0,
            "number": str(number),
            "order_key": f"wc_order_{number}",
            "created_via": "checkout",
            "version": "10.3.0",
            "status": status,
            "currency": terms.currency,
            **dates("date_created", now),
            **dates("date_modified", now),
            "prices_include_tax": terms.included,
            "customer_id": customer["id"] if customer else 0,
            "customer_ip_address": "",
            "customer_user_agent": "",
            "customer_note": "",
            "billing": billing or (customer or {}).get("billing") or dict(NOWHERE),
            "shipping": dict(NOWHERE),
            "payment_method": "stripe",
            "payment_method_title": "Card",
            "transaction_id": "",
            **dates("date_paid", paid),
            **dates("date_completed", None),
            "cart_hash": "",
            "meta_data": [],
            "line_items": lines,
            "shipping_lines": [charge(next(ids), terms.shipping, **ship)] if terms.shipping else [],
            "fee_lines": [charge(next(ids), terms.fee, **fee)] if terms.fee else [],
            "coupon_lines": _coupons(ids, lines, terms),
            "refunds": [],
            "_links": links(f"orders/{number}"),
        },
        ids,
    )


def _coupons(
    ids: Iterator[int], lines: Iterable[dict[str, Any]], terms: Terms
) -> list[dict[str, Any]]:
    off = {name: total_of(lines, f"sub{name}") - total_of(lines, name)
           for name in ("total", "total_tax")}  # fmt: skip
    if not terms.coupon:
        return []
    return [
        {
            "id": next(ids),
            "code": f"minus{terms.coupon}",
            "discount": text(off["total"]),
            "discount_tax": text(off["total_tax"]),
            "meta_data": [],
        }
    ]


def with_totals(content: dict[str, Any], ids: Iterator[int]) -> dict[str, Any]:
    """Add the sums of an order and its tax lines."""
    lines, fees = content["line_items"], content["fee_lines"]
    shipping = content["shipping_lines"]
    charged = [*lines, *fees, *shipping]
    off = total_of(lines, "subtotal") - total_of(lines)
    off_tax = total_of(lines, "subtotal_tax") - total_of(lines, "total_tax")
    cart_tax, shipping_tax = total_of([*lines, *fees], "total_tax"), total_of(shipping, "total_tax")
    return content | {
        "discount_total": text(off),
        "discount_tax": text(off_tax),
        "shipping_total": text(total_of(shipping)),
        "shipping_tax": text(shipping_tax),
        "cart_tax": text(cart_tax),
        "total": text(total_of(charged) + cart_tax + shipping_tax),
        "total_tax": text(cart_tax + shipping_tax),
        "tax_lines": [
            _tax_line(next(ids), rate, [*lines, *fees], shipping)
            for rate in RATES.values()
            if any(entry["id"] == rate.id for line in charged for entry in line["taxes"])
        ],
    }


def _tax_line(
    number: int, rate: Rate, lines: Iterable[dict[str, Any]], shipping: Iterable[dict[str, Any]]
) -> dict[str, Any]:
    def charged(rows: Iterable[dict[str, Any]]) -> str:
        entries = [entry for row in rows for entry in row["taxes"] if entry["id"] == rate.id]
        return text(total_of(entries))

    return {
        "id": number,
        "rate_code": rate.code,
        "rate_id": rate.id,
        "label": rate.label,
        "compound": False,
        "tax_total": charged(lines),
        "shipping_tax_total": charged(shipping),
        "rate_percent": float(rate.percent),
        "meta_data": [],
    }


def refund(
    ids: Iterator[int], of: dict[str, Any], units: dict[int, int], extra: Decimal, now: datetime
) -> dict[str, Any]:
    """Return a refund of units of lines (by their id), and of an amount beyond them."""
    number = next(ids)
    chosen = [(line, units[line["id"]]) for line in of["line_items"] if line["id"] in units]
    lines = [_refund_line(next(ids), line, quantity) for line, quantity in chosen]
    amount = extra - total_of(lines) - total_of(lines, "total_tax")
    return {
        "id": number,
        **dates("date_created", now),
        "amount": text(amount),
        "reason": "",
        "refunded_by": 1,
        "refunded_payment": True,
        "meta_data": [],
        "line_items": lines,
        "_links": links(f"orders/{of['id']}/refunds/{number}", up=f"orders/{of['id']}"),
    }


def _refund_line(number: int, line: dict[str, Any], quantity: int) -> dict[str, Any]:
    share = Decimal(-quantity) / line["quantity"]
    amounts = {
        key: text(Decimal(line[key]) * share)
        for key in ("subtotal", "subtotal_tax", "total", "total_tax")
    }
    taxes = [{"id": entry["id"], "total": amounts["total_tax"]} for entry in line["taxes"]]
    meta = [{"id": number, "key": "_refunded_item_id", "value": str(line["id"])}]
    return {**line, **amounts, "id": number, "quantity": -quantity, "taxes": taxes,
            "meta_data": meta, "price": -line["price"]}  # fmt: skip
