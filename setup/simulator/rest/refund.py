"""Refunds inside an order's webhook JSON."""

from ..identifiers import gid
from ..money import NOTHING
from ..order import Order, Refund, RefundLine
from ..settings import ShopSettings
from .lines import line_json
from .money import Json, money_set, pair
from .payment import transaction_json


def refund_json(refund: Refund, order: Order, settings: ShopSettings) -> Json:
    """Write a refund; one made by an edit may move no money."""
    terms = order.terms
    payments = [refund.payment] if refund.payment else []
    return {
        "id": refund.id,
        "admin_graphql_api_id": gid("Refund", refund.id),
        "created_at": settings.local(refund.at),
        "note": refund.note,
        "order_id": order.id,
        "processed_at": settings.local(refund.at),
        "restock": refund.restock,
        "return": None,
        "user_id": None,
        "duties": [],
        "total_duties_set": money_set(NOTHING, terms),
        "order_adjustments": _adjustments(refund, order),
        "refund_shipping_lines": _shipping(refund, order),
        "refund_line_items": [_line(line, order) for line in refund.lines],
        "transactions": [transaction_json(payment, order, settings) for payment in payments],
    }


def _line(refunded: RefundLine, order: Order) -> Json:
    terms = order.terms
    line = next(line for line in order.lines if line.id == refunded.line_id)
    return {
        "id": refunded.id,
        "line_item_id": refunded.line_id,
        "location_id": None,
        "quantity": refunded.quantity,
        "restock_type": refunded.restock_type,
        "subtotal": float(refunded.subtotal.shop),
        "subtotal_set": money_set(refunded.subtotal, terms),
        "total_tax": float(refunded.tax.shop),
        "total_tax_set": money_set(refunded.tax, terms),
        "line_item": line_json(line, order),
    }


def _shipping(refund: Refund, order: Order) -> list[Json]:
    """A cancellation gives the shipping back as well, with the refund that made it."""
    if order.cancelled_at != refund.at:
        return []
    terms = order.terms
    return [
        {
            "id": refund.id + index,
            "shipping_line": {"id": charge.id, "title": charge.title},
            "subtotal_amount_set": money_set(charge.net, terms),
            "tax_amount_set": money_set(
                sum((tax.amount for tax in charge.taxes(terms)), NOTHING), terms
            ),
        }
        for index, charge in enumerate(order.shipping)
    ]


def _adjustments(refund: Refund, order: Order) -> list[Json]:
    """Money that goes back for nothing in particular is a discrepancy to the shop."""
    if refund.adjustment_id is None or refund.payment is None:
        return []
    return [
        {
            "id": refund.adjustment_id,
            "order_id": order.id,
            "refund_id": refund.id,
            "kind": "refund_discrepancy",
            "reason": "Refund discrepancy",
            **pair("amount", NOTHING - refund.payment.amount, order.terms),
            **pair("tax_amount", NOTHING, order.terms),
        }
    ]
