"""Lines, shipping and discounts in webhook JSON."""

from ..identifiers import gid
from ..line import Allocation, Discount, Duty, Line, Shipping
from ..money import Terms
from ..order import Order
from ..tax import charge
from .money import Json, money_set, pair, text
from .tax import tax_lines


def line_json(line: Line, order: Order) -> Json:
    """Write a line: prices, taxes and discounts are those of the ordered quantity."""
    terms, variant = order.terms, line.variant
    goods = line.kind == "product"
    return {
        "id": line.id,
        "admin_graphql_api_id": gid("LineItem", line.id),
        "attributed_staffs": [],
        "current_quantity": line.current_quantity,
        "fulfillable_quantity": _fulfillable(line, order),
        "fulfillment_service": "gift_card" if line.kind == "gift_card" else "manual",
        "fulfillment_status": _status(line, order),
        "gift_card": line.kind == "gift_card",
        "grams": 250 if goods else 0,
        "name": line.title,
        **pair("price", line.unit_price, terms),
        "product_exists": variant is not None,
        "product_id": variant.product_id if variant else None,
        "properties": [],
        "quantity": line.quantity,
        "requires_shipping": line.shippable,
        "sales_line_item_group_id": None,
        "sku": line.sku,
        "taxable": bool(line.tax_rules),
        "title": variant.title if variant else line.title,
        **pair("total_discount", line.discount(line.quantity, terms, line_level=True), terms),
        "variant_id": variant.id if variant else None,
        "variant_inventory_management": "shopify" if goods else None,
        "variant_title": (variant.option or None) if variant else None,
        "vendor": "Simulated Goods" if variant else None,
        "tax_lines": tax_lines(line.taxes(line.quantity, terms), terms),
        "duties": [duty_json(duty, terms) for duty in line.duties],
        "discount_allocations": [allocation_json(part, terms) for part in line.allocations],
    }


def _fulfillable(line: Line, order: Order) -> int:
    if line.shippable:
        return order.unshipped(line)
    return 0 if line.kind == "tip" else line.current_quantity


def _status(line: Line, order: Order) -> str | None:
    """Write what became of a line: nothing yet, partial or fulfilled."""
    if not order.shipped(line.id):
        return None
    return "partial" if order.unshipped(line) else "fulfilled"


def allocation_json(part: Allocation, terms: Terms) -> Json:
    """Write the share of one discount."""
    amount = pair("amount", part.amount, terms)
    return amount | {"discount_application_index": part.index}


def duty_json(duty: Duty, terms: Terms) -> Json:
    """Write an import duty, whose two sides stand beside each other without a set."""
    return {
        "id": str(duty.id),
        "harmonized_system_code": duty.hs_code,
        "country_code_of_origin": duty.origin,
        **money_set(duty.amount, terms),
        "tax_lines": tax_lines(charge(duty.amount, duty.tax_rules, terms), terms),
        "admin_graphql_api_id": gid("Duty", duty.id),
    }


def shipping_json(shipping: Shipping, order: Order) -> Json:
    """Write a shipping charge."""
    terms = order.terms
    current = shipping.net if not order.cancelled_at else shipping.net * 0
    return {
        "id": shipping.id,
        "carrier_identifier": None,
        "code": shipping.code,
        "current_discounted_price_set": money_set(current, terms),
        **pair("discounted_price", shipping.net, terms),
        "is_removed": False,
        "phone": None,
        **pair("price", shipping.price, terms),
        "requested_fulfillment_service_id": None,
        "source": "shopify",
        "title": shipping.title,
        "tax_lines": tax_lines(shipping.taxes(terms), terms),
        "discount_allocations": [allocation_json(part, terms) for part in shipping.allocations],
    }


def discount_json(discount: Discount, terms: Terms) -> Json:
    """Write why something became cheaper."""
    title = "code" if discount.kind == "discount_code" else "title"
    fixed = discount.value_type == "fixed_amount"
    return {
        "target_type": discount.target,
        "type": discount.kind,
        "value": text(discount.value, terms.currency) if fixed else f"{discount.value:.1f}",
        "value_type": discount.value_type,
        "allocation_method": discount.method,
        "target_selection": discount.selection,
        title: discount.title,
    }
