"""The GraphQL node of an order whose webhook payload is given: what a poll of it would read."""

from datetime import datetime, timezone
from typing import Any

Json = dict[str, Any]


def order_node(order: Json) -> Json:
    """Return the node with all fields that our query asks for."""
    customer = order["customer"]
    return {
        "id": _gid("Order", order["id"]),
        "name": order["name"],
        "createdAt": _utc(order["created_at"]),
        "updatedAt": _utc(order["updated_at"]),
        "cancelledAt": _utc(order["cancelled_at"]),
        "cancelReason": order["cancel_reason"] and order["cancel_reason"].upper(),
        "closedAt": _utc(order["closed_at"]),
        "test": order["test"],
        "sourceName": order["source_name"],
        "currencyCode": order["currency"],
        "presentmentCurrencyCode": order["presentment_currency"],
        "taxesIncluded": order["taxes_included"],
        "dutiesIncluded": order["duties_included"],
        "email": order["email"],
        "phone": order["phone"],
        "note": order["note"],
        "tags": [tag.strip() for tag in order["tags"].split(",") if tag.strip()],
        "customerLocale": order["customer_locale"],
        "displayFinancialStatus": order["financial_status"].upper(),
        "displayFulfillmentStatus": _FULFILLMENT[order["fulfillment_status"]],
        "paymentGatewayNames": order["payment_gateway_names"],
        "totalPriceSet": _bag(order["total_price_set"]),
        "totalTaxSet": _bag(order["total_tax_set"]),
        "totalDiscountsSet": _bag(order["total_discounts_set"]),
        "totalTipReceivedSet": {
            "shopMoney": {
                "amount": order["total_tip_received"],
                "currencyCode": order["currency"],
            },
            "presentmentMoney": {
                "amount": order["total_tip_received"],
                "currencyCode": order["presentment_currency"],
            },
        },
        "currentTotalPriceSet": _bag(order["current_total_price_set"]),
        "currentTotalTaxSet": _bag(order["current_total_tax_set"]),
        "originalTotalAdditionalFeesSet": _bag(order["original_total_additional_fees_set"]),
        "originalTotalDutiesSet": None,
        "billingAddress": _address(order["billing_address"]),
        "shippingAddress": _address(order["shipping_address"]),
        "customer": customer and _customer(customer),
        "lineItems": _nodes([_line(line, order) for line in order["line_items"]]),
        "shippingLines": _nodes([_shipping(line) for line in order["shipping_lines"]]),
        "refunds": [_refund(refund) for refund in order["refunds"]],
    }


_FULFILLMENT = {None: "UNFULFILLED", "partial": "PARTIALLY_FULFILLED", "fulfilled": "FULFILLED"}


def _nodes(nodes: list[Json]) -> Json:
    return {"nodes": nodes, "pageInfo": {"hasNextPage": False, "endCursor": None}}


def _gid(kind: str, number: Any) -> str:
    return f"gid://shopify/{kind}/{number}"


def _utc(text: str | None) -> str | None:
    if text is None:
        return None
    moment = datetime.fromisoformat(text).astimezone(timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _bag(pair: Json | None) -> Json | None:
    def money(side: Json) -> Json:
        # GraphQL writes decimals shorter: 10.0 for 10.00.
        whole, _dot, fraction = side["amount"].partition(".")
        amount = f"{whole}.{fraction.rstrip('0') or '0'}"
        return {"amount": amount, "currencyCode": side["currency_code"]}

    return pair and {
        "shopMoney": money(pair["shop_money"]),
        "presentmentMoney": money(pair["presentment_money"]),
    }


def _address(address: Json | None) -> Json | None:
    return address and {
        "name": address["name"],
        "firstName": address["first_name"],
        "lastName": address["last_name"],
        "company": address["company"],
        "address1": address["address1"],
        "address2": address["address2"],
        "city": address["city"],
        "zip": address["zip"],
        "province": address["province"],
        "provinceCode": address["province_code"],
        "countryCodeV2": address["country_code"],
        "phone": address["phone"],
    }


def _customer(customer: Json) -> Json:
    return {
        "id": _gid("Customer", customer["id"]),
        "firstName": customer["first_name"],
        "lastName": customer["last_name"],
        "verifiedEmail": customer["verified_email"],
        "taxExempt": customer["tax_exempt"],
        "defaultEmailAddress": {"emailAddress": customer["email"]},
        "defaultPhoneNumber": {"phoneNumber": customer["phone"]},
        "defaultAddress": _address(customer["default_address"]),
    }


def _line(line: Json, order: Json) -> Json:
    fulfilled = sum(
        item["quantity"]
        for entry in order["fulfillments"]
        for item in entry["line_items"]
        if item["id"] == line["id"] and entry["status"] == "success"
    )
    unfulfilled = line["fulfillable_quantity"]
    return {
        "id": _gid("LineItem", line["id"]),
        "name": line["name"],
        "title": line["title"],
        "sku": line["sku"],
        "quantity": line["quantity"],
        "currentQuantity": line["current_quantity"],
        "unfulfilledQuantity": unfulfilled,
        "nonFulfillableQuantity": line["quantity"] - unfulfilled - fulfilled,
        "requiresShipping": line["requires_shipping"],
        "isGiftCard": line["gift_card"],
        "product": line["product_id"] and {"id": _gid("Product", line["product_id"])},
        "variant": line["variant_id"] and {"id": _gid("ProductVariant", line["variant_id"])},
        "customAttributes": [
            {"key": item["name"], "value": item["value"]} for item in line["properties"]
        ],
        "originalUnitPriceSet": _bag(line["price_set"]),
        "discountAllocations": _allocations(line),
        "taxLines": _taxes(line),
        "duties": [
            {
                "id": _gid("Duty", duty["id"]),
                "harmonizedSystemCode": duty["harmonized_system_code"],
                "price": _bag(duty),
                "taxLines": _taxes(duty),
            }
            for duty in line["duties"]
        ],
    }


def _allocations(part: Json) -> list[Json]:
    return [
        {"allocatedAmountSet": _bag(item["amount_set"])} for item in part["discount_allocations"]
    ]


def _taxes(part: Json) -> list[Json]:
    return [
        {
            "title": tax["title"],
            "rate": tax["rate"],
            "channelLiable": tax["channel_liable"],
            "priceSet": _bag(tax["price_set"]),
        }
        for tax in part["tax_lines"]
    ]


def _shipping(line: Json) -> Json:
    return {
        "id": _gid("ShippingLine", line["id"]),
        "title": line["title"],
        "code": line["code"],
        "isRemoved": line["is_removed"],
        "originalPriceSet": _bag(line["price_set"]),
        "discountedPriceSet": _bag(line["discounted_price_set"]),
        "discountAllocations": _allocations(line),
        "taxLines": _taxes(line),
    }


def _refund(refund: Json) -> Json:
    return {
        "id": _gid("Refund", refund["id"]),
        "return": refund["return"] and {"id": _gid("Return", refund["return"]["id"])},
        "duties": [
            {"originalDuty": {"id": _gid("Duty", duty["duty_id"])}} for duty in refund["duties"]
        ],
        "refundLineItems": _nodes(
            [
                {
                    "id": _gid("RefundLineItem", item["id"]),
                    "quantity": item["quantity"],
                    "restockType": item["restock_type"].upper(),
                    "lineItem": {"id": _gid("LineItem", item["line_item_id"])},
                    "subtotalSet": _bag(item["subtotal_set"]),
                    "totalTaxSet": _bag(item["total_tax_set"]),
                }
                for item in refund["refund_line_items"]
            ]
        ),
        "refundShippingLines": _nodes([]),
        "orderAdjustments": _nodes([]),
        "transactions": _nodes(
            [
                {
                    "status": item["status"].upper(),
                    "amountSet": {
                        "shopMoney": {"amount": item["amount"], "currencyCode": "USD"},
                        "presentmentMoney": {"amount": item["amount"], "currencyCode": "USD"},
                    },
                }
                for item in refund["transactions"]
            ]
        ),
    }
