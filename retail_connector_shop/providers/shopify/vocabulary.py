"""Shopify's words and ours. What is not in a table is ``UNKNOWN``.

Source: shopify.dev, REST resource "Order" (financial_status, fulfillment_status), GraphQL enums
OrderDisplayFinancialStatus, OrderDisplayFulfillmentStatus, FulfillmentStatus, OrderTransactionKind,
OrderTransactionStatus, ProductStatus, RefundLineItemRestockType.
"""

from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

from odoo.addons.retail_connector_base.canonical import (
    FulfillmentState,
    PaymentKind,
    PaymentState,
    ProductState,
    RestockKind,
    ShipmentState,
    TransactionState,
)

Word = TypeVar("Word", bound=Enum)

PAYMENT_STATES = {state.value: state for state in PaymentState if state.value != "unknown"}

# A REST order without a status is unfulfilled. GraphQL shows steps of the unfulfilled in addition.
FULFILLMENT_STATES = {
    **dict.fromkeys(
        [
            "unfulfilled",
            "pending_fulfillment",
            "open",
            "in_progress",
            "on_hold",
            "scheduled",
            "request_declined",
        ],
        FulfillmentState.UNFULFILLED,
    ),
    **dict.fromkeys(("partial", "partially_fulfilled"), FulfillmentState.PARTIAL),
    "fulfilled": FulfillmentState.FULFILLED,
    "restocked": FulfillmentState.RESTOCKED,
}

SHIPMENT_STATES = {
    **dict.fromkeys(("pending", "open"), ShipmentState.PENDING),
    "success": ShipmentState.SHIPPED,
    "cancelled": ShipmentState.CANCELLED,
    **dict.fromkeys(("error", "failure"), ShipmentState.FAILED),
}

PAYMENT_KINDS = {
    **{kind.value: kind for kind in PaymentKind if kind.value != "unknown"},
    "emv_authorization": PaymentKind.AUTHORIZATION,
}
TRANSACTION_STATES = {
    **{state.value: state for state in TransactionState if state.value != "unknown"},
    "awaiting_response": TransactionState.PENDING,
}
PRODUCT_STATES = {state.value: state for state in ProductState if state.value != "unknown"}
RESTOCK_KINDS = {
    **{kind.value: kind for kind in RestockKind if kind.value != "unknown"},
    "legacy_restock": RestockKind.RETURN,
}


def translate(table: Mapping[str, Word], word: str | None, unknown: Word) -> Word:
    """Return our word for Shopify's, in either API's case."""
    return table.get((word or "").lower(), unknown)
