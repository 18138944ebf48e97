"""Orders as nodes."""

from ..fulfilment import Fulfilment, FulfilmentOrder
from ..identifiers import gid
from ..money import NOTHING, total_of
from ..order import Order, Payment, Refund
from ..rest.tax import summed
from ..settings import ShopSettings, utc
from .fulfilment import fulfilment_node, fulfilment_order_node
from .lines import discount_node, line_node, shipping_node
from .listing import Listing
from .live import Live
from .money import Node, bag
from .people import address_node, customer_node
from .refund import payment_node, refund_node
from .tax import tax_nodes


def order_node(order: Order, settings: ShopSettings) -> Node:
    """Return an Order."""
    return {
        **_identity(order, settings),
        **_original_sums(order),
        **_current_sums(order),
        **_parts(order),
    }


def _identity(order: Order, settings: ShopSettings) -> Node:
    return {
        "__typename": "Order",
        "id": gid("Order", order.id),
        "legacyResourceId": str(order.id),
        "billingAddress": address_node(order.billing),
        "cancelReason": order.cancel_reason and order.cancel_reason.upper(),
        "cancellation": {"staffNote": None} if order.cancelled_at else None,
        "cancelledAt": order.cancelled_at and utc(order.cancelled_at),
        "closed": False,
        "closedAt": None,
        "confirmationNumber": f"C{order.id % 10**8:08d}",
        "confirmed": True,
        "createdAt": utc(order.created_at),
        "currencyCode": order.terms.currency,
        "customAttributes": [],
        "customer": customer_node(order.customer),
        "customerLocale": "en",
        "displayFinancialStatus": order.financial.upper(),
        "displayFulfillmentStatus": order.fulfilment_status,
        "dutiesIncluded": False,
        "edited": any(line.removed for line in order.lines),
        "email": order.email,
        "estimatedTaxes": False,
        "name": order.name,
        "note": order.note,
        "number": order.number,
        "paymentGatewayNames": list(order.gateways),
        "phone": None,
        "poNumber": None,
        "presentmentCurrencyCode": order.terms.presentment,
        "processedAt": utc(order.created_at),
        "requiresShipping": any(line.shippable for line in order.lines),
        "returnStatus": "NO_RETURN",
        "shippingAddress": address_node(order.delivery),
        "sourceIdentifier": None,
        "sourceName": order.source,
        "statusPageUrl": f"https://{settings.domain}/1/orders/{order.id:x}/authenticate",
        "tags": list(order.tags),
        "taxExempt": False,
        "taxesIncluded": order.terms.taxes_included,
        "test": order.test,
        "updatedAt": utc(order.updated_at),
    }


def _original_sums(order: Order) -> Node:
    terms, sums = order.terms, order.totals()
    outstanding = order.totals(current=True).total - order.received
    received = total_of(item.received for item in order.payments if item.kind != "refund")
    return {
        "netPaymentSet": bag(order.received, terms),
        "originalTotalAdditionalFeesSet": None,
        "originalTotalDutiesSet": bag(sums.duties, terms) if sums.duties else None,
        "originalTotalPriceSet": bag(order.created_total, terms),
        "subtotalLineItemsQuantity": sum(line.quantity for line in order.lines),
        "subtotalPriceSet": bag(sums.subtotal, terms),
        "taxLines": tax_nodes(summed(order.taxes(current=False)), terms),
        "totalDiscountsSet": bag(sums.discounts, terms),
        "totalOutstandingSet": bag(outstanding, terms),
        "totalPriceSet": bag(sums.total, terms),
        "totalReceivedSet": bag(received, terms),
        "totalRefundedSet": bag(received - order.received, terms),
        "totalShippingPriceSet": bag(
            sum((charge.price for charge in order.shipping), NOTHING), terms
        ),
        "totalTaxSet": bag(sums.tax, terms),
        "totalTipReceivedSet": bag(sums.tip, terms),
        "totalWeight": str(250 * sum(line.quantity for line in order.lines)),
    }


def _current_sums(order: Order) -> Node:
    terms, sums, originally = order.terms, order.totals(current=True), order.totals()
    return {
        "currentShippingPriceSet": bag(sums.shipping, terms),
        "currentSubtotalLineItemsQuantity": sum(line.current_quantity for line in order.lines),
        "currentSubtotalPriceSet": bag(sums.subtotal, terms),
        "currentTaxLines": tax_nodes(summed(order.taxes(current=True)), terms),
        "currentTotalAdditionalFeesSet": None,
        "currentTotalDiscountsSet": bag(sums.discounts, terms),
        "currentTotalDutiesSet": bag(sums.duties, terms) if originally.duties else None,
        "currentTotalPriceSet": bag(sums.total, terms),
        "currentTotalTaxSet": bag(sums.tax, terms),
    }


def _parts(order: Order) -> Node:
    terms = order.terms
    codes = [item.title for item in order.discounts if item.kind == "discount_code"]
    shipping = [shipping_node(charge, order) for charge in order.shipping]
    return {
        "additionalFees": [],
        "discountApplications": [
            discount_node(index, item, terms) for index, item in enumerate(order.discounts)
        ],
        "discountCode": codes[0] if codes else None,
        "discountCodes": codes,
        "fulfillmentOrders": Live(lambda shop, **_: _fulfilment_orders(order)),
        "fulfillments": Live(
            lambda shop, **_: [fulfilment_entry(parcel, order) for parcel in order.fulfilments]
        ),
        "fulfillmentsCount": {"count": len(order.fulfilments), "precision": "EXACT"},
        "fulfillable": any(item.active for item in order.fulfilment_orders),
        "lineItems": [line_node(line, order) for line in order.lines],
        "refunds": [refund_entry(refund, order) for refund in order.refunds],
        "returns": [],
        "shippingLine": shipping[0] if shipping else None,
        "shippingLines": shipping,
        "transactions": [payment_entry(payment, order) for payment in order.payments],
    }


def payment_entry(payment: Payment, order: Order) -> Node:
    """Return an OrderTransaction that leads to its order."""
    return {**payment_node(payment, order), **_order(order)}


def refund_entry(refund: Refund, order: Order) -> Node:
    """Return a Refund that leads to its order."""
    return {**refund_node(refund, order), **_order(order)}


def _fulfilment_orders(order: Order) -> Listing:
    filters = {
        "status": lambda item: item.status.lower(),
        "assigned_location_id": lambda item: item.location_id,
        "updated_at": lambda item: item.updated_at,
        "id": lambda item: item.id,
    }
    return Listing(
        order.fulfilment_orders, lambda item: fulfilment_order_entry(item, order),
        lambda item: item.id, {}, filters,
    )  # fmt: skip


def fulfilment_order_entry(item: FulfilmentOrder, order: Order) -> Node:
    """Return a FulfillmentOrder that leads to its order and its fulfilments."""
    parcels = [
        parcel for parcel in order.fulfilments
        if any(line.fulfilment_order_id == item.id for line in parcel.lines)
    ]  # fmt: skip
    return {
        **fulfilment_order_node(item, order),
        "fulfillments": [fulfilment_node(p, order) | _order(order) for p in parcels],
        **_order(order),
    }


def fulfilment_entry(parcel: Fulfilment, order: Order) -> Node:
    """Return a Fulfillment that leads to its order and its fulfilment orders."""
    numbers = {line.fulfilment_order_id for line in parcel.lines}
    items = [item for item in order.fulfilment_orders if item.id in numbers]
    return {
        **fulfilment_node(parcel, order),
        "fulfillmentOrders": [fulfilment_order_node(i, order) | _order(order) for i in items],
        **_order(order),
    }


def _order(order: Order) -> Node:
    return {"order": Live(lambda shop: order_node(order, shop.settings))}
