"""Builds Shopify orders as webhooks send them, and the same orders as GraphQL answers them.

Written to the published schema (``webhook_jsonschema/2026-04/orders.create.json``; a test checks)
and to shopify.dev's pages "Order", "Refund" and "Duties". Amounts are given in the shop's currency;
``factor`` makes the presentment amounts of them.
"""

import json
from decimal import Decimal
from typing import Any

Json = dict[str, Any]
ZERO = Decimal(0)
ADDRESS = {
    "first_name": "Ada",
    "last_name": "Byron",
    "name": "Ada Byron",
    "company": None,
    "address1": "12 St James's Square",
    "address2": None,
    "city": "London",
    "zip": "SW1Y 4JH",
    "province": "England",
    "province_code": "ENG",
    "country": "United Kingdom",
    "country_code": "GB",
    "phone": "+442079460000",
    "latitude": None,
    "longitude": None,
}


class OrderBuilder:
    """One order. Each method adds something and returns the builder; ``build`` adds it all up."""

    def __init__(
        self,
        number: int = 1001,
        currency: str = "USD",
        presentment: str | None = None,
        factor: str = "1",
        included: bool = False,
        created: str = "2026-04-02T10:00:00-04:00",
    ) -> None:
        self.currency = currency
        self.presentment = presentment or currency
        self.factor = Decimal(factor)
        self.included = included
        self.order_id = 5_000_000_000 + number
        self.lines: list[Json] = []
        self.shipping: list[Json] = []
        self.refunds: list[Json] = []
        self.fulfillments: list[Json] = []
        self.order_discount = ZERO
        self.tip_amount = ZERO
        self.fee = ZERO
        self.top: Json = {"name": f"#{number}", "number": number, "created_at": created}

    # Parts

    def money(self, amount: Any) -> Json:
        value = Decimal(amount)
        return {
            "shop_money": {"amount": str(value), "currency_code": self.currency},
            "presentment_money": {
                "amount": str(value * self.factor),
                "currency_code": self.presentment,
            },
        }

    def taxes(self, taxes: tuple[tuple[str, str, Any], ...]) -> list[Json]:
        return [
            {
                "title": title,
                "rate": float(rate),
                "price": str(Decimal(amount)),
                "price_set": self.money(amount),
                "channel_liable": False,
            }
            for title, rate, amount in taxes
        ]

    def allocations(self, discounts: tuple[Any, ...]) -> list[Json]:
        return [
            {
                "amount": str(amount),
                "amount_set": self.money(amount),
                "discount_application_index": index,
            }
            for index, amount in enumerate(discounts)
        ]

    def line(
        self,
        price: Any,
        quantity: Any = 1,
        discounts: tuple[Any, ...] = (),
        taxes: tuple[tuple[str, str, Any], ...] = (),
        **extra: Any,
    ) -> "OrderBuilder":
        number = len(self.lines) + 1
        self.lines.append(
            {
                "id": self.order_id * 100 + number,
                "admin_graphql_api_id": f"gid://shopify/LineItem/{self.order_id * 100 + number}",
                "attributed_staffs": [],
                "current_quantity": quantity,
                "fulfillable_quantity": quantity,
                "fulfillment_service": "manual",
                "fulfillment_status": None,
                "gift_card": False,
                "grams": 0,
                "name": f"Item {number}",
                "title": f"Item {number}",
                "price": str(price),
                "price_set": self.money(price),
                "product_exists": True,
                "product_id": 7000 + number,
                "properties": [],
                "quantity": quantity,
                "requires_shipping": True,
                "sku": f"SKU-{number}",
                "tax_lines": self.taxes(taxes),
                "taxable": bool(taxes),
                "total_discount": "0.00",
                "total_discount_set": self.money("0.00"),
                "variant_id": 8000 + number,
                "variant_inventory_management": "shopify",
                "variant_title": None,
                "vendor": None,
                "duties": [],
                "discount_allocations": self.allocations(discounts),
                **extra,
            }
        )
        return self

    def custom(self, price: Any, quantity: Any = 1, **extra: Any) -> "OrderBuilder":
        gone = {"product_id": None, "variant_id": None, "sku": "", "product_exists": False}
        return self.line(price, quantity, **{**gone, **extra})

    def ship(
        self,
        price: Any,
        discounts: tuple[Any, ...] = (),
        taxes: tuple[tuple[str, str, Any], ...] = (),
        removed: bool = False,
    ) -> "OrderBuilder":
        number = len(self.shipping) + 1
        left = Decimal(price) - sum(map(Decimal, discounts), ZERO)
        self.shipping.append(
            {
                "id": self.order_id * 10 + number,
                "carrier_identifier": None,
                "code": "standard",
                "current_discounted_price_set": self.money(left),
                "discounted_price": str(left),
                "discounted_price_set": self.money(left),
                "is_removed": removed,
                "phone": None,
                "price": str(price),
                "price_set": self.money(price),
                "requested_fulfillment_service_id": None,
                "source": "shopify",
                "title": "Standard",
                "tax_lines": self.taxes(taxes),
                "discount_allocations": self.allocations(discounts),
            }
        )
        return self

    def duty(
        self, line: int, price: Any, taxes: tuple[tuple[str, str, Any], ...] = ()
    ) -> "OrderBuilder":
        duties = self.lines[line - 1]["duties"]
        duties.append(
            {
                **self.money(price),
                "id": str(line * 10 + len(duties)),
                "harmonized_system_code": "520300",
                "country_code_of_origin": "CA",
                "tax_lines": self.taxes(taxes),
            }
        )
        return self

    def tip(self, amount: Any) -> "OrderBuilder":
        self.tip_amount = Decimal(amount)
        return self

    def fees(self, amount: Any) -> "OrderBuilder":
        self.fee = Decimal(amount)
        return self

    def discount(self, amount: Any) -> "OrderBuilder":
        self.order_discount = Decimal(amount)
        return self

    def fulfil(self, line: int, units: Any, status: str = "success") -> "OrderBuilder":
        item = self.lines[line - 1]
        item["fulfillable_quantity"] -= units
        self.fulfillments.append(
            {"status": status, "line_items": [{"id": item["id"], "quantity": units}]}
        )
        return self

    def refund(
        self,
        line: int,
        units: Any,
        subtotal: Any,
        tax: Any = "0",
        restock: str = "cancel",
        paid: Any = "0",
        returned: bool = False,
        duties: tuple[str, ...] = (),
    ) -> "OrderBuilder":
        item = self.lines[line - 1]
        item["current_quantity"] -= units
        if restock != "return" and not returned:
            item["fulfillable_quantity"] = max(item["fulfillable_quantity"] - units, 0)
        number = len(self.refunds) + 1
        entry = {
            "id": self.order_id * 1000 + number,
            "line_item_id": item["id"],
            "quantity": units,
            "restock_type": restock,
            "subtotal": str(subtotal),
            "subtotal_set": self.money(subtotal),
            "total_tax": str(tax),
            "total_tax_set": self.money(tax),
        }
        transactions = [{"status": "success", "amount": str(paid)}] if Decimal(paid) else []
        self.refunds.append(
            {
                "id": number,
                "return": {"id": 9} if returned else None,
                "refund_line_items": [entry],
                "refund_shipping_lines": [],
                "order_adjustments": [],
                "duties": [{"duty_id": duty, "amount_set": self.money(1)} for duty in duties],
                "transactions": transactions,
            }
        )
        return self

    def having(self, **fields: Any) -> "OrderBuilder":
        self.top.update(fields)
        return self

    # The whole

    def charged(self) -> tuple[Decimal, Decimal, Decimal]:
        """Return goods and charges before discount, discounts and taxes, all as ordered."""
        price = sum((Decimal(x["price"]) * Decimal(x["quantity"]) for x in self.lines), ZERO)
        price += sum((Decimal(x["price"]) for x in self.shipping), ZERO) + self.tip_amount
        discount, tax, price = self.order_discount, ZERO, price + self.fee
        for part in (*self.lines, *self.shipping):
            discount += sum((Decimal(a["amount"]) for a in part["discount_allocations"]), ZERO)
            tax += sum((Decimal(t["price"]) for t in part["tax_lines"]), ZERO)
            for duty in part.get("duties", ()):
                price += Decimal(duty["shop_money"]["amount"])
                tax += sum((Decimal(t["price"]) for t in duty["tax_lines"]), ZERO)
        return price, discount, tax

    def build(self, current: Any = None, current_tax: Any = None) -> Json:
        """Return the webhook's payload; ``current`` totals are given where refunds lower them."""
        price, discount, tax = self.charged()
        total = price - discount + (ZERO if self.included else tax)
        current = total if current is None else current
        current_tax = tax if current_tax is None else current_tax
        amounts = {
            "total_price": total,
            "total_tax": tax,
            "total_discounts": discount,
            "current_total_price": current,
            "current_total_tax": current_tax,
            "current_total_discounts": discount,
            "subtotal_price": total,
            "current_subtotal_price": current,
            "total_line_items_price": price,
        }
        sets = {f"{name}_set": self.money(amount) for name, amount in amounts.items()}
        return {
            **json.loads(json.dumps(_DEFAULTS)),
            **{name: str(amount) for name, amount in amounts.items()},
            **sets,
            "id": self.order_id,
            "admin_graphql_api_id": f"gid://shopify/Order/{self.order_id}",
            "order_number": self.top["number"],
            "updated_at": self.top["created_at"],
            "processed_at": self.top["created_at"],
            "currency": self.currency,
            "presentment_currency": self.presentment,
            "taxes_included": self.included,
            "total_tip_received": str(self.tip_amount),
            "original_total_additional_fees_set": self.money(self.fee) if self.fee else None,
            "total_shipping_price_set": self.money(0),
            "current_shipping_price_set": self.money(0),
            "total_cash_rounding_payment_adjustment_set": self.money(0),
            "total_cash_rounding_refund_adjustment_set": self.money(0),
            "line_items": self.lines,
            "shipping_lines": self.shipping,
            "refunds": self.refunds,
            "fulfillments": self.fulfillments,
            "billing_address": ADDRESS,
            "shipping_address": ADDRESS,
            "customer": CUSTOMER,
            **self.top,
        }


CUSTOMER = {
    "id": 6001,
    "admin_graphql_api_id": "gid://shopify/Customer/6001",
    "created_at": "2026-01-01T10:00:00-05:00",
    "updated_at": "2026-01-02T10:00:00-05:00",
    "first_name": "Ada",
    "last_name": "Byron",
    "email": "ada@example.com",
    "verified_email": True,
    "phone": "+442079460000",
    "state": "enabled",
    "note": None,
    "currency": "USD",
    "multipass_identifier": None,
    "tax_exempt": False,
    "tax_exemptions": [],
    "default_address": {**ADDRESS, "id": 1, "customer_id": 6001, "default": True}
    | {"country_name": "United Kingdom"},
}

_DEFAULTS: Json = {
    "app_id": 580111,
    "browser_ip": None,
    "buyer_accepts_marketing": False,
    "cancel_reason": None,
    "cancelled_at": None,
    "cart_token": None,
    "checkout_token": None,
    "client_details": None,
    "closed_at": None,
    "confirmation_number": "ABC123",
    "confirmed": True,
    "contact_email": "ada@example.com",
    "current_total_additional_fees_set": None,
    "current_total_duties_set": None,
    "customer_locale": "en-GB",
    "device_id": None,
    "discount_applications": [],
    "discount_codes": [],
    "duties_included": False,
    "email": "ada@example.com",
    "estimated_taxes": False,
    "financial_status": "paid",
    "fulfillment_status": None,
    "landing_site": None,
    "landing_site_ref": None,
    "line_item_groups": [],
    "location_id": None,
    "merchant_business_entity_id": "MTIz",
    "merchant_of_record_app_id": None,
    "note": None,
    "note_attributes": [],
    "order_status_url": "https://shop.example/status",
    "original_total_duties_set": None,
    "payment_gateway_names": ["shopify_payments"],
    "payment_terms": None,
    "phone": None,
    "po_number": None,
    "reference": None,
    "referring_site": None,
    "returns": [],
    "source_identifier": None,
    "source_name": "web",
    "source_url": None,
    "tags": "",
    "tax_exempt": False,
    "tax_lines": [],
    "test": False,
    "token": "t",
    "total_outstanding": "0.00",
    "total_weight": 0,
    "user_id": None,
}
