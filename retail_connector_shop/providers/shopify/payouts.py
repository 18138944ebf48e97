"""Payouts of Shopify Payments with all they are made of, and what is not paid out yet.

There is no webhook of payouts. A transaction's payout is searched for by ``payments_transfer_id``,
the number of the payout (GraphQL Admin API 2026-04, ``ShopifyPaymentsAccount``).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from odoo.addons.retail_connector_base.providers import (
    Balance,
    MalformedPayloadError,
    Page,
    TransientError,
)

from . import documents_payments as documents
from .client import ShopifyClient
from .gid import number_of
from .money_polls import StatePoll
from .node import Node
from .original_amounts import add_originals
from .paging import walk

_ACCOUNT = "shopifyPaymentsAccount"
TRANSACTIONS = 250


class PayoutPoll(StatePoll):
    """Payouts, each complete. What the bank returns comes back within days of its issue."""

    kind = "payout"
    plural = "payouts"
    type_name = "ShopifyPaymentsPayout"
    many = documents.PAYOUTS
    single = documents.PAYOUT
    path = (_ACCOUNT, "payouts")
    field = "issued_at"
    lookback = timedelta(days=14)
    # A page is kept when it is read whole: an interrupted run repeats one payout at most.
    page_size = 1

    def pages(self, cursor: str, since: datetime | None) -> Iterator[Page]:
        """Yield pages of payouts, none when the shop does not use Shopify Payments."""
        if _account(self._client):
            yield from super().pages(cursor, since)

    def _content(self, node: dict[str, Any]) -> dict[str, Any]:
        identifier = str(node.get("id"))
        variables = {
            "first": TRANSACTIONS,
            "query": f"payments_transfer_id:{number_of(identifier)}",
        }
        path = (_ACCOUNT, "balanceTransactions")
        pages = walk(self._client, documents.PAYOUT_TRANSACTIONS, variables, path)
        found = [item for nodes, _end, _data in pages for item in nodes]
        # The search is the shop's word for it; each transaction says itself where it belongs.
        own = [_compact(item) for item in found if _payout_of(item) == identifier]
        add_originals(self._client, own)
        return {"payout": node, "transactions": own}

    def _entity(self, content: dict[str, Any]) -> dict[str, Any]:
        return content["payout"]


def read_balance(client: ShopifyClient) -> tuple[Balance, ...]:
    """Return what Shopify Payments holds for us; it does not tell which of it is ready."""
    account = _account(client)
    if account is None:
        return ()
    try:
        nodes = list(Node(account, "account").children("balance"))
        return tuple(Balance(_currency(node), node.number("amount"), Decimal(0)) for node in nodes)
    except MalformedPayloadError as error:
        raise TransientError(f"The shop's answer cannot be used: {error}") from error


def _currency(node: Node) -> str:
    currency = node.currency("currencyCode")
    if not currency:
        raise node.wrong("currencyCode", "is missing")
    return currency


def _account(client: ShopifyClient) -> dict[str, Any] | None:
    return client.execute(documents.BALANCE).get(_ACCOUNT)


def _payout_of(item: dict[str, Any]) -> str | None:
    return (item.get("associatedPayout") or {}).get("id")


def _compact(item: dict[str, Any]) -> dict[str, Any]:
    """Return a balance transaction in few bytes: a payout may have tens of thousands."""
    amount, order = item.get("amount") or {}, item.get("associatedOrder") or {}
    values = {
        "id": item.get("id"),
        "type": item.get("type"),
        "source": item.get("sourceType"),
        "source_id": _number(item.get("sourceId")),
        "payment": _number(item.get("sourceOrderTransactionId")),
        "order": order.get("id"),
        "amount": amount.get("amount"),
        "currency": amount.get("currencyCode"),
        "fee": (item.get("fee") or {}).get("amount"),
        "net": (item.get("net") or {}).get("amount"),
        "at": item.get("transactionDate"),
        "reason": item.get("adjustmentReason"),
        "test": item.get("test") or None,
    }
    return {key: value for key, value in values.items() if value not in (None, "")}


def _number(value: Any) -> Any:
    """Return a number that names something: 0 stands for nothing (REST samples)."""
    return None if value in (None, "", 0, "0") else value
