"""Refunds and movements of money as nodes."""

from ..identifiers import gid
from ..money import NOTHING
from ..order import Order, Payment, Refund, RefundLine
from ..settings import utc
from .lines import line_node, shipping_node
from .money import Node, bag


def payment_node(payment: Payment, order: Order) -> Node:
    """Return an OrderTransaction."""
    parent = next((one for one in order.payments if one.id == payment.parent_id), None)
    return {
        "__typename": "OrderTransaction",
        "id": gid("OrderTransaction", payment.id),
        "amountSet": bag(payment.amount, order.terms),
        "authorizationExpiresAt": payment.expires_at and utc(payment.expires_at),
        "createdAt": utc(payment.at),
        "errorCode": payment.error_code and payment.error_code.upper(),
        "formattedGateway": payment.gateway.replace("_", " ").capitalize(),
        "gateway": payment.gateway,
        "kind": payment.kind.upper(),
        "manualPaymentGateway": payment.gateway == "Bank Deposit",
        "multiCapturable": payment.kind == "authorization" and payment.multi_capturable,
        "parentTransaction": parent and payment_node(parent, order),
        "paymentId": f"pay{payment.id}",
        "processedAt": utc(payment.at),
        "status": payment.status.upper(),
        "test": order.test,
    }


def refund_node(refund: Refund, order: Order) -> Node:
    """Return a Refund."""
    payments = [payment_node(refund.payment, order)] if refund.payment else []
    back = refund.payment.amount if refund.payment else NOTHING
    return {
        "__typename": "Refund",
        "id": gid("Refund", refund.id),
        "legacyResourceId": str(refund.id),
        "createdAt": utc(refund.at),
        "processedAt": utc(refund.at),
        "updatedAt": utc(refund.at),
        "note": refund.note,
        "duties": [],
        "orderAdjustments": _adjustments(refund, order),
        "refundLineItems": [_line(line, order) for line in refund.lines],
        "refundShippingLines": _shipping(refund, order),
        "return": None,
        "totalRefundedSet": bag(back, order.terms),
        "transactions": payments,
    }


def _adjustments(refund: Refund, order: Order) -> list[Node]:
    """Money that goes back for nothing in particular is a discrepancy to the shop."""
    if refund.adjustment_id is None or refund.payment is None:
        return []
    return [
        {
            "__typename": "OrderAdjustment",
            "id": gid("OrderAdjustment", refund.adjustment_id),
            "amountSet": bag(NOTHING - refund.payment.amount, order.terms),
            "taxAmountSet": bag(NOTHING, order.terms),
            "reason": "REFUND_DISCREPANCY",
        }
    ]


def _line(refunded: RefundLine, order: Order) -> Node:
    line = next(line for line in order.lines if line.id == refunded.line_id)
    return {
        "__typename": "RefundLineItem",
        "id": gid("RefundLineItem", refunded.id),
        "lineItem": line_node(line, order),
        "location": None,
        "priceSet": bag(line.unit_price, order.terms),
        "quantity": refunded.quantity,
        "restockType": refunded.restock_type.upper(),
        "restocked": refunded.restock_type != "no_restock",
        "subtotalSet": bag(refunded.subtotal, order.terms),
        "totalTaxSet": bag(refunded.tax, order.terms),
    }


def _shipping(refund: Refund, order: Order) -> list[Node]:
    """A cancellation gives the shipping back as well, with the refund that made it."""
    if order.cancelled_at != refund.at:
        return []
    return [
        {
            "__typename": "RefundShippingLine",
            "id": gid("RefundShippingLine", refund.id + index),
            "shippingLine": shipping_node(charge, order),
            "subtotalAmountSet": bag(charge.net, order.terms),
            "taxAmountSet": bag(
                sum((tax.amount for tax in charge.taxes(order.terms)), NOTHING), order.terms
            ),
        }
        for index, charge in enumerate(order.shipping)
    ]
