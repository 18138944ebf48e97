"""An order in webhook JSON, with every field that the published schema requires."""

from decimal import Decimal

from ..identifiers import gid
from ..money import NOTHING
from ..order import Order
from ..settings import ShopSettings
from .fulfilment import fulfilment_json
from .lines import discount_json, line_json, shipping_json
from .money import Json, money_set, pair, text
from .people import address_json, customer_json
from .refund import refund_json
from .tax import summed, tax_lines

STATES = {"PARTIALLY_FULFILLED": "partial", "FULFILLED": "fulfilled"}


def order_json(order: Order, settings: ShopSettings) -> Json:
    """Write an order. A guest's order has no ``customer``, an anonymous one no addresses."""
    return {
        **_identity(order, settings),
        **_original_sums(order),
        **_current_sums(order),
        **_constants(order),
        **_parties(order, settings),
        **_parts(order, settings),
    }


def _identity(order: Order, settings: ShopSettings) -> Json:
    cancelled = order.cancelled_at and settings.local(order.cancelled_at)
    return {
        "id": order.id,
        "admin_graphql_api_id": gid("Order", order.id),
        "cancel_reason": order.cancel_reason,
        "cancelled_at": cancelled,
        "closed_at": None,
        "confirmation_number": f"C{order.id % 10**8:08d}",
        "created_at": settings.local(order.created_at),
        "currency": order.terms.currency,
        "financial_status": order.financial,
        "fulfillment_status": STATES.get(order.fulfilment_status),
        "name": order.name,
        "note": order.note,
        "number": order.number - 1000,
        "order_number": order.number,
        "order_status_url": f"https://{settings.domain}/1/orders/{order.id:x}/authenticate",
        "payment_gateway_names": list(order.gateways),
        "presentment_currency": order.terms.presentment,
        "processed_at": settings.local(order.created_at),
        "source_name": order.source,
        "tags": ", ".join(order.tags),
        "taxes_included": order.terms.taxes_included,
        "test": order.test,
        "token": f"{order.id:032x}",
        "updated_at": settings.local(order.updated_at),
    }


def _original_sums(order: Order) -> Json:
    terms, sums = order.terms, order.totals()
    shipping = sum((charge.price for charge in order.shipping), NOTHING)
    outstanding = order.totals(current=True).total - order.received
    return {
        **pair("subtotal_price", sums.subtotal, terms),
        **pair("total_discounts", sums.discounts, terms),
        **pair("total_line_items_price", sums.goods, terms),
        **pair("total_price", sums.total, terms),
        **pair("total_tax", sums.tax, terms),
        "original_total_additional_fees_set": None,
        "original_total_duties_set": money_set(sums.duties, terms) if sums.duties else None,
        "total_outstanding": text(outstanding.shop, terms.currency),
        "total_shipping_price_set": money_set(shipping, terms),
        "total_tip_received": text(sums.tip.shop, terms.currency),
        "total_weight": 250 * sum(line.quantity for line in order.lines),
    }


def _current_sums(order: Order) -> Json:
    terms, sums, originally = order.terms, order.totals(current=True), order.totals()
    return {
        **pair("current_subtotal_price", sums.subtotal, terms),
        **pair("current_total_discounts", sums.discounts, terms),
        **pair("current_total_price", sums.total, terms),
        **pair("current_total_tax", sums.tax, terms),
        "current_shipping_price_set": money_set(sums.shipping, terms),
        "current_total_additional_fees_set": None,
        "current_total_duties_set": money_set(sums.duties, terms) if originally.duties else None,
    }


def _constants(order: Order) -> Json:
    """Fields that say nothing in this shop but are always there."""
    nothing = money_set(NOTHING, order.terms)
    return {
        "app_id": 580111,
        "browser_ip": None,
        "buyer_accepts_marketing": False,
        "cart_token": None,
        "checkout_token": None,
        "client_details": None,
        "confirmed": True,
        "customer_locale": "en",
        "device_id": None,
        "duties_included": False,
        "estimated_taxes": False,
        "landing_site": None,
        "landing_site_ref": None,
        "line_item_groups": [],
        "location_id": None,
        "merchant_business_entity_id": "MTU0ODM4MDAwOQ",
        "merchant_of_record_app_id": None,
        "note_attributes": [],
        "payment_terms": None,
        "po_number": None,
        "reference": None,
        "referring_site": None,
        "returns": [],
        "source_identifier": None,
        "source_url": None,
        "tax_exempt": False,
        "total_cash_rounding_payment_adjustment_set": nothing,
        "total_cash_rounding_refund_adjustment_set": nothing,
        "user_id": None,
    }


def _parties(order: Order, settings: ShopSettings) -> Json:
    parties: Json = {"contact_email": order.email, "email": order.email, "phone": None}
    if order.customer:
        parties["customer"] = customer_json(order.customer, order.terms.currency, settings)
    for key, address in (("billing_address", order.billing), ("shipping_address", order.delivery)):
        if address:
            parties[key] = address_json(address)
    return parties


def _parts(order: Order, settings: ShopSettings) -> Json:
    terms = order.terms
    codes = [
        {"code": discount.title, "amount": text(_given(order, index), terms.currency),
         "type": discount.value_type if discount.target == "line_item" else "shipping"}
        for index, discount in enumerate(order.discounts) if discount.kind == "discount_code"
    ]  # fmt: skip
    return {
        "discount_applications": [discount_json(item, terms) for item in order.discounts],
        "discount_codes": codes,
        "fulfillments": [fulfilment_json(p, order, settings) for p in order.fulfilments],
        "line_items": [line_json(line, order) for line in order.lines],
        "refunds": [refund_json(refund, order, settings) for refund in order.refunds],
        "shipping_lines": [shipping_json(charge, order) for charge in order.shipping],
        "tax_lines": tax_lines(summed(order.taxes(current=False)), terms),
    }


def _given(order: Order, index: int) -> Decimal:
    """Return what one discount came to in the shop's currency."""
    charges = (*order.lines, *order.shipping)
    parts = (part for charge in charges for part in charge.allocations if part.index == index)
    return sum((part.amount for part in parts), NOTHING).shop
