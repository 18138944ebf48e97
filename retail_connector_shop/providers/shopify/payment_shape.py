"""Brings transactions and disputes of the GraphQL API into the shape of their webhooks.

Source: GraphQL Admin API 2026-04, objects OrderTransaction and ShopifyPaymentsDispute. The API does
not tell the gateway's own name of a transaction, nor its message.
"""

from typing import Any

from .node import Node

Shape = dict[str, Any]


def transaction_shape(node: Node) -> Shape:
    """Return a transaction and its order in the shape of ``order_transactions/create``."""
    movement, order = node.child("transaction"), node.child("order")
    if movement is None:
        raise node.wrong("transaction", "is missing")
    pair = movement.child("amountSet")
    money, parent = pair and pair.child("presentmentMoney"), movement.child("parentTransaction")
    return {
        "id": movement.raw.get("id"),
        "order_id": order and order.raw.get("id"),
        "order_name": order and order.text("name"),
        "kind": movement.text("kind"),
        "status": movement.text("status"),
        "gateway": movement.text("gateway"),
        "test": movement.raw.get("test"),
        "amount": money and money.raw.get("amount"),
        "currency": money and money.text("currencyCode"),
        "parent_id": parent and parent.raw.get("id"),
        "created_at": movement.text("createdAt"),
        "processed_at": movement.text("processedAt"),
        "authorization_expires_at": movement.text("authorizationExpiresAt"),
        "error_code": movement.text("errorCode"),
    }


def dispute_shape(node: Node) -> Shape:
    """Return a dispute in the shape of ``disputes/update``."""
    amount, order = node.child("amount"), node.child("order")
    reason = node.child("reasonDetails")
    return {
        "id": node.raw.get("id"),
        "order_id": order and order.raw.get("id"),
        "type": node.text("type"),
        "status": node.text("status"),
        "amount": amount and amount.raw.get("amount"),
        "currency": amount and amount.text("currencyCode"),
        "reason": reason and reason.text("reason"),
        "network_reason_code": reason and reason.text("networkReasonCode"),
        "initiated_at": node.text("initiatedAt"),
        "evidence_due_by": node.text("evidenceDueBy"),
        "evidence_sent_on": node.text("evidenceSentOn"),
        "finalized_on": node.text("finalizedOn"),
    }
