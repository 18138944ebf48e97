"""Lines, shipping and discounts as nodes."""

from ..identifiers import gid
from ..line import Allocation, Discount, Duty, Line, Shipping
from ..money import Terms
from ..order import Order
from ..tax import charge
from .goods import variant_node
from .money import Node, bag, money
from .tax import tax_nodes

DISCOUNT_TYPES = {
    "discount_code": "DiscountCodeApplication",
    "automatic": "AutomaticDiscountApplication",
    "manual": "ManualDiscountApplication",
}


def line_node(line: Line, order: Order) -> Node:
    """Return a LineItem: prices, taxes and discounts are those of the ordered quantity."""
    terms, variant = order.terms, line.variant
    line_level = line.discount(line.quantity, terms, line_level=True)
    node = variant_node(variant) if variant else None
    return {
        "__typename": "LineItem",
        "id": gid("LineItem", line.id),
        "currentQuantity": line.current_quantity,
        "customAttributes": [],
        "discountAllocations": [allocation_node(part, order) for part in line.allocations],
        "discountedTotalSet": bag(line.gross(line.quantity) - line_level, terms),
        "duties": [duty_node(duty, terms) for duty in line.duties],
        "isGiftCard": line.kind == "gift_card",
        "name": line.title,
        "nonFulfillableQuantity": line.quantity if line.kind == "tip" else line.removed,
        "originalTotalSet": bag(line.gross(line.quantity), terms),
        "originalUnitPriceSet": bag(line.unit_price, terms),
        "product": node["product"] if node else None,
        "quantity": line.quantity,
        "refundableQuantity": line.current_quantity,
        "requiresShipping": line.shippable,
        "sku": line.sku or None,
        "taxLines": tax_nodes(line.taxes(line.quantity, terms), terms),
        "taxable": bool(line.tax_rules),
        "title": variant.title if variant else line.title,
        "totalDiscountSet": bag(line_level, terms),
        "unfulfilledQuantity": unshipped(line, order),
        "variant": node,
        "variantTitle": (variant.option or None) if variant else None,
        "vendor": "Simulated Goods" if variant else None,
    }


def unshipped(line: Line, order: Order) -> int:
    """Return the units that are still to be fulfilled; what needs no shipping waits for ever."""
    return order.unshipped(line) if line.shippable else line.current_quantity


def duty_node(duty: Duty, terms: Terms) -> Node:
    """Return a Duty."""
    return {
        "__typename": "Duty",
        "id": gid("Duty", duty.id),
        "countryCodeOfOrigin": duty.origin,
        "harmonizedSystemCode": duty.hs_code,
        "price": bag(duty.amount, terms),
        "taxLines": tax_nodes(charge(duty.amount, duty.tax_rules, terms), terms),
    }


def shipping_node(shipping: Shipping, order: Order) -> Node:
    """Return a ShippingLine."""
    terms = order.terms
    current = shipping.net if not order.cancelled_at else shipping.net * 0
    return {
        "__typename": "ShippingLine",
        "id": gid("ShippingLine", shipping.id),
        "carrierIdentifier": None,
        "code": shipping.code,
        "currentDiscountedPriceSet": bag(current, terms),
        "custom": False,
        "deliveryCategory": None,
        "discountAllocations": [allocation_node(part, order) for part in shipping.allocations],
        "discountedPriceSet": bag(shipping.net, terms),
        "isRemoved": False,
        "originalPriceSet": bag(shipping.price, terms),
        "phone": None,
        "shippingRateHandle": None,
        "source": "shopify",
        "taxLines": tax_nodes(shipping.taxes(terms), terms),
        "title": shipping.title,
    }


def allocation_node(part: Allocation, order: Order) -> Node:
    """Return a DiscountAllocation."""
    application = discount_node(part.index, order.discounts[part.index], order.terms)
    return {
        "__typename": "DiscountAllocation",
        "allocatedAmountSet": bag(part.amount, order.terms),
        "discountApplication": application,
    }


def discount_node(index: int, discount: Discount, terms: Terms) -> Node:
    """Return a DiscountApplication of the right type."""
    if discount.value_type == "fixed_amount":
        value = money(discount.value, terms.currency)
    else:
        value = {"__typename": "PricingPercentageValue", "percentage": float(discount.value)}
    return {
        "__typename": DISCOUNT_TYPES[discount.kind],
        "allocationMethod": discount.method.upper(),
        "code": discount.title,
        "index": index,
        "targetSelection": discount.selection.upper(),
        "targetType": discount.target.upper(),
        "title": discount.title,
        "value": value,
    }
