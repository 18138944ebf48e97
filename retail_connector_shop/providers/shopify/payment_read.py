"""Reads the transactions of an order, to act on them or to see what became of an act."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from odoo.addons.retail_connector_base.providers import (
    MalformedPayloadError,
    RejectedError,
    TransientError,
)

from . import documents_payments as documents
from .client import ShopifyClient
from .gid import gid, number_of
from .money_polls import MOST_TRANSACTIONS
from .node import Node

FAILED = frozenset({"FAILURE", "ERROR"})


@dataclass(frozen=True)
class Movement:
    """A transaction. ``amount`` is in the currency that the customer paid in."""

    id: str
    kind: str
    status: str
    gateway: str
    amount: Decimal
    currency: str
    parent: str | None
    error: str | None

    @property
    def failed(self) -> bool:
        """Whether the gateway refused it."""
        return self.status in FAILED


@dataclass(frozen=True)
class Payment:
    """A transaction with what is needed to act on it."""

    movement: Movement
    order: str
    multi_capturable: bool


class PaymentReader:
    """Reads one shop. All ids are the shop's numbers."""

    def __init__(self, client: ShopifyClient) -> None:
        self._client = client

    def payment(self, number: str) -> Payment:
        """Return a transaction. Raises ``RejectedError`` without it."""
        identifier = gid("OrderTransaction", number)
        node = self._client.execute(documents.PAYMENT, {"id": identifier}).get("node")
        if not node:
            raise RejectedError(f"The shop has no transaction {number}.")
        order = number_of((node.get("order") or {}).get("id"))
        return Payment(movement(node), order, bool(node.get("multiCapturable")))

    def of_order(self, order: str) -> list[Movement]:
        """Return the transactions of an order. Raises ``RejectedError`` without such an order."""
        variables = {"id": gid("Order", order), "nested": MOST_TRANSACTIONS}
        found = self._client.execute(documents.ORDER_PAYMENTS, variables).get("order")
        if not found:
            raise RejectedError(f"The shop has no order {order}.")
        return movements(found.get("transactions") or ())

    def with_note(self, order: str, note: str) -> Iterator[Movement]:
        """Yield the transactions of the order's refunds that bear a note."""
        variables = {"id": gid("Order", order)}
        found = self._client.execute(documents.REFUND_NOTES, variables).get("order")
        if not found:
            raise RejectedError(f"The shop has no order {order}.")
        for refund in found.get("refunds") or ():
            if refund.get("note") == note:
                yield from self._of_refund(refund.get("id"))

    def _of_refund(self, identifier: Any) -> list[Movement]:
        data = self._client.execute(documents.REFUND_PAYMENTS, {"id": identifier})
        return of_refund(data.get("refund"))


def of_refund(refund: Any) -> list[Movement]:
    """Return the transactions of a refund's node."""
    return movements(((refund or {}).get("transactions") or {}).get("nodes") or ())


def movements(nodes: Iterable[dict[str, Any]]) -> list[Movement]:
    """Read transactions."""
    return [movement(node) for node in nodes]


def movement(raw: dict[str, Any]) -> Movement:
    """Read a transaction. Raises ``TransientError`` for what is none."""
    try:
        node = Node(raw, "transaction")
        pair, parent = node.child("amountSet"), node.child("parentTransaction")
        money = pair and pair.child("presentmentMoney")
        if money is None:
            raise node.wrong("amountSet", "is missing")
        return Movement(
            id=node.required_identifier(),
            kind=(node.text("kind") or "").upper(),
            status=(node.text("status") or "").upper(),
            gateway=node.text("gateway") or "",
            amount=money.number("amount"),
            currency=money.text("currencyCode") or "",
            parent=parent and parent.identifier(),
            error=node.text("errorCode"),
        )
    except MalformedPayloadError as error:
        raise TransientError(f"The shop's answer cannot be used: {error}") from error
