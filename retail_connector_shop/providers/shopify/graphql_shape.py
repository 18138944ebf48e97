"""Brings what the GraphQL API answers into the shape of webhooks.

Source: shopify.dev, GraphQL Admin API 2026-04, objects Order, LineItem, ShippingLine, Refund.
"""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from .node import Node
from .payment_shape import dispute_shape, transaction_shape

Shape = dict[str, Any]


def unwrap(node: Node, topic: str) -> Node:
    """Return a polled message in the shape of the webhook of the same entity."""
    shaper = _SHAPERS.get(topic)
    return Node(shaper(node)) if shaper else node


def _order_message(node: Node) -> Shape:
    order, shop = node.child("order"), node.child("shop")
    if order is None or shop is None:
        raise node.wrong("order", "or the shop is missing")
    return order_shape(order, shop)


def order_shape(node: Node, shop: Node) -> Shape:
    """Return an order in the shape of ``orders/*``."""
    return {
        **_copied(node, _ORDER_FIELDS),
        **{f"{name}_set": bag(node.child(key)) for name, key in _ORDER_AMOUNTS.items()},
        "created_at": _local(node, shop),
        "cancel_reason": _lower(node.text("cancelReason")),
        "total_tip_received": _shop_amount(node.child("totalTipReceivedSet")),
        "tags": ",".join(node.texts("tags")),
        "billing_address": _optional(node.child("billingAddress"), address_shape),
        "shipping_address": _optional(node.child("shippingAddress"), address_shape),
        "customer": _optional(node.child("customer"), customer_shape),
        "line_items": [_line(line) for line in _nodes(node, "lineItems")],
        "shipping_lines": [_shipping(line) for line in _nodes(node, "shippingLines")],
        "refunds": [_refund(refund) for refund in node.children("refunds")],
        "fulfillments": [{"status": "success", "line_items": _fulfilled(node)}],
    }


def customer_shape(node: Node) -> Shape:
    """Return a customer in the shape of ``customers/*``."""
    mail, phone = node.child("defaultEmailAddress"), node.child("defaultPhoneNumber")
    return {
        **_copied(node, _CUSTOMER_FIELDS),
        "email": mail and mail.text("emailAddress"),
        "phone": phone and phone.text("phoneNumber"),
        "default_address": _optional(node.child("defaultAddress"), address_shape),
    }


def address_shape(node: Node) -> Shape:
    """Return an address in the shape of webhooks."""
    return _copied(node, _ADDRESS_FIELDS)


def product_shape(node: Node) -> Shape:
    """Return a product in the shape of ``products/*``."""
    return {
        **_copied(node, _PRODUCT_FIELDS),
        "tags": ",".join(node.texts("tags")),
        "options": [{"name": option.text("name")} for option in node.children("options")],
        "variants": [variant_shape(variant) for variant in _nodes(node, "variants")],
    }


def variant_shape(node: Node) -> Shape:
    """Return a variant in the shape that ``products/*`` gives it."""
    values = [option.text("value") for option in node.children("selectedOptions")]
    item = node.child("inventoryItem")
    return {
        **_copied(node, _VARIANT_FIELDS),
        **{f"option{number}": value for number, value in enumerate(values, start=1)},
        "inventory_item_id": item and item.identifier(),
    }


def bag(node: Node | None) -> Shape | None:
    """Return a ``MoneyBag`` as a ``…_set``."""
    if node is None:
        return None
    return {
        "shop_money": _money(node, "shopMoney"),
        "presentment_money": _money(node, "presentmentMoney"),
    }


def _money(node: Node, key: str) -> Shape | None:
    side = node.child(key)
    return side and {"amount": side.raw.get("amount"), "currency_code": side.text("currencyCode")}


def _shop_amount(node: Node | None) -> Any:
    side = node and node.child("shopMoney")
    return side and side.raw.get("amount")


def _line(node: Node) -> Shape:
    product, variant = node.child("product"), node.child("variant")
    return {
        **_copied(node, _LINE_FIELDS),
        "price_set": bag(node.child("originalUnitPriceSet")),
        "total_discount_set": bag(node.child("totalDiscountSet")),
        "product_id": product and product.identifier(),
        "variant_id": variant and variant.identifier(),
        "properties": [
            {"name": item.text("key"), "value": item.text("value")}
            for item in node.children("customAttributes")
        ],
        "discount_allocations": _allocations(node),
        "tax_lines": _taxes(node),
        "duties": [
            {
                **(bag(duty.child("price")) or {}),
                "id": duty.identifier(),
                "harmonized_system_code": duty.text("harmonizedSystemCode"),
                "tax_lines": _taxes(duty),
            }
            for duty in node.children("duties")
        ],
    }


def _shipping(node: Node) -> Shape:
    return {
        **_copied(node, {"id": "id", "title": "title", "code": "code", "is_removed": "isRemoved"}),
        "price_set": bag(node.child("originalPriceSet")),
        "discounted_price_set": bag(node.child("discountedPriceSet")),
        "discount_allocations": _allocations(node),
        "tax_lines": _taxes(node),
    }


def _allocations(node: Node) -> list[Shape]:
    return [
        {"amount_set": bag(item.child("allocatedAmountSet"))}
        for item in node.children("discountAllocations")
    ]


def _taxes(node: Node) -> list[Shape]:
    return [
        {
            **_copied(tax, {"title": "title", "rate": "rate", "channel_liable": "channelLiable"}),
            "price_set": bag(tax.child("priceSet")),
        }
        for tax in node.children("taxLines")
    ]


def _refund(node: Node) -> Shape:
    parent = node.child("return")
    return {
        "id": node.identifier(),
        "return": parent and {"id": parent.identifier()},
        "refund_line_items": [_refund_line(item) for item in _nodes(node, "refundLineItems")],
        "refund_shipping_lines": [
            {"id": item.identifier()} for item in _nodes(node, "refundShippingLines")
        ],
        "order_adjustments": [
            {"id": item.identifier()} for item in _nodes(node, "orderAdjustments")
        ],
        "duties": [
            {"duty_id": duty.identifier()}
            for item in node.children("duties")
            if (duty := item.child("originalDuty"))
        ],
        "transactions": [
            {
                "status": item.text("status"),
                "amount": _shop_amount(item.child("amountSet")),
            }
            for item in _nodes(node, "transactions")
        ],
    }


def _refund_line(node: Node) -> Shape:
    line = node.child("lineItem")
    return {
        **_copied(node, {"id": "id", "quantity": "quantity", "restock_type": "restockType"}),
        "line_item_id": line and line.identifier(),
        "subtotal_set": bag(node.child("subtotalSet")),
        "total_tax_set": bag(node.child("totalTaxSet")),
    }


def _fulfilled(node: Node) -> list[Shape]:
    """Units that are neither waiting nor beyond fulfilment have been fulfilled."""
    return [
        {
            "id": line.identifier(),
            "quantity": line.number("quantity")
            - line.number("unfulfilledQuantity")
            - line.number("nonFulfillableQuantity"),
        }
        for line in _nodes(node, "lineItems")
    ]


def _local(node: Node, shop: Node) -> str | None:
    """Return the order's moment in the shop's time zone, as webhooks write it."""
    moment = node.moment("createdAt")
    if moment is None:
        return None
    try:
        zone = ZoneInfo(shop.required("ianaTimezone"))
    except (ValueError, OSError, KeyError):
        raise shop.wrong("ianaTimezone", "is not a time zone that this machine knows") from None
    return moment.astimezone(zone).isoformat()


def _copied(node: Node, fields: dict[str, str]) -> Shape:
    return {name: node.raw.get(key) for name, key in fields.items()}


def _optional(node: Node | None, shaper: Callable[[Node], Shape]) -> Shape | None:
    return None if node is None else shaper(node)


def _nodes(node: Node, key: str) -> list[Node]:
    """Return the nodes of a connection."""
    connection = node.child(key)
    return [] if connection is None else list(connection.children("nodes"))


def _lower(value: str | None) -> str | None:
    return value and value.lower()


_ORDER_FIELDS = {
    "id": "id",
    "name": "name",
    "updated_at": "updatedAt",
    "cancelled_at": "cancelledAt",
    "closed_at": "closedAt",
    "test": "test",
    "source_name": "sourceName",
    "currency": "currencyCode",
    "presentment_currency": "presentmentCurrencyCode",
    "taxes_included": "taxesIncluded",
    "duties_included": "dutiesIncluded",
    "email": "email",
    "phone": "phone",
    "note": "note",
    "customer_locale": "customerLocale",
    "financial_status": "displayFinancialStatus",
    "fulfillment_status": "displayFulfillmentStatus",
    "payment_gateway_names": "paymentGatewayNames",
}
_ORDER_AMOUNTS = {
    "total_price": "totalPriceSet",
    "total_tax": "totalTaxSet",
    "total_discounts": "totalDiscountsSet",
    "current_total_price": "currentTotalPriceSet",
    "current_total_tax": "currentTotalTaxSet",
    "original_total_additional_fees": "originalTotalAdditionalFeesSet",
}
_CUSTOMER_FIELDS = {
    "id": "id",
    "updated_at": "updatedAt",
    "first_name": "firstName",
    "last_name": "lastName",
    "verified_email": "verifiedEmail",
    "tax_exempt": "taxExempt",
}
_ADDRESS_FIELDS = {
    "name": "name",
    "first_name": "firstName",
    "last_name": "lastName",
    "company": "company",
    "address1": "address1",
    "address2": "address2",
    "city": "city",
    "zip": "zip",
    "province": "province",
    "province_code": "provinceCode",
    "country_code": "countryCodeV2",
    "phone": "phone",
}
_LINE_FIELDS = {
    "id": "id",
    "name": "name",
    "title": "title",
    "sku": "sku",
    "quantity": "quantity",
    "current_quantity": "currentQuantity",
    "requires_shipping": "requiresShipping",
    "gift_card": "isGiftCard",
}
_PRODUCT_FIELDS = {
    "id": "id",
    "updated_at": "updatedAt",
    "title": "title",
    "status": "status",
    "handle": "handle",
    "vendor": "vendor",
    "product_type": "productType",
}
_VARIANT_FIELDS = {
    "id": "id",
    "title": "title",
    "sku": "sku",
    "barcode": "barcode",
    "price": "price",
    "compare_at_price": "compareAtPrice",
    "taxable": "taxable",
}
_SHAPERS: dict[str, Callable[[Node], Shape]] = {
    "poll/orders": _order_message,
    "poll/products": product_shape,
    "poll/customers": customer_shape,
    "poll/payments": transaction_shape,
    "poll/disputes": dispute_shape,
}
