"""The account at the shop's own gateway as nodes."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..balance import BalanceEntry, Dispute, Payout
from ..identifiers import gid
from ..settings import utc
from .listing import Listing
from .live import Live
from .money import Node, money
from .order import order_node

if TYPE_CHECKING:
    from ..shop import Shop


def account_node(shop: "Shop") -> Node | None:
    """Return the ShopifyPaymentsAccount, nothing for a shop that has none."""
    if not shop.account.active:
        return None
    return {
        "__typename": "ShopifyPaymentsAccount",
        "id": gid("ShopifyPaymentsAccount", 1),
        "activated": True,
        "balance": [money(shop.account.balance, shop.currency)],
        "balanceTransactions": Live(balance_transactions),
        "country": "DE",
        "defaultCurrency": shop.currency,
        "disputes": Live(lambda shop, **_: disputes(shop)),
        "onboardable": False,
        "payouts": Live(lambda shop, **_: payouts(shop)),
    }


def payouts(shop: "Shop") -> Listing:
    """Return all payouts."""
    filters: dict[str, Any] = {
        "id": lambda payout: payout.id,
        "status": lambda payout: payout.status,
        "issued_at": lambda payout: payout.issued_at,
        "currency": lambda payout: shop.currency,
    }
    return Listing(
        list(shop.account.payouts.values()), lambda payout: payout_node(payout, shop),
        lambda payout: payout.id, {"ISSUED_AT": filters["issued_at"]}, filters,
    )  # fmt: skip


def payout_node(payout: Payout, shop: "Shop") -> Node:
    """Return a ShopifyPaymentsPayout."""
    return {
        "__typename": "ShopifyPaymentsPayout",
        "id": gid("ShopifyPaymentsPayout", payout.id),
        "legacyResourceId": str(payout.id),
        "externalTraceId": payout.trace,
        "issuedAt": utc(payout.issued_at),
        "net": money(payout.net, shop.currency),
        "status": payout.status.upper(),
        "transactionType": "WITHDRAWAL" if payout.net < 0 else "DEPOSIT",
    }


def balance_transactions(shop: "Shop", hideTransfers: bool = False, **_: Any) -> Listing:
    """Return all movements of the balance."""
    entries = [
        entry for entry in shop.account.entries
        if not (hideTransfers and entry.kind == "TRANSFER")
    ]  # fmt: skip
    filters: dict[str, Any] = {
        "id": lambda entry: entry.id,
        "payments_transfer_id": lambda entry: entry.payout_id,
        "processed_at": lambda entry: entry.at,
        "transaction_type": lambda entry: entry.kind.lower(),
        "payout_status": lambda entry: _payout_status(entry, shop).lower(),
        "currency": lambda entry: shop.currency,
    }
    sorts = {"PROCESSED_AT": filters["processed_at"]}
    return Listing(
        entries, lambda entry: entry_node(entry, shop), lambda entry: entry.id, sorts, filters
    )


def entry_node(entry: BalanceEntry, shop: "Shop") -> Node:
    """Return a ShopifyPaymentsBalanceTransaction."""
    history = shop.histories.get(entry.order_id or 0)
    return {
        "__typename": "ShopifyPaymentsBalanceTransaction",
        "id": gid("ShopifyPaymentsBalanceTransaction", entry.id),
        "adjustmentReason": entry.reason,
        "adjustmentsOrders": [],
        "amount": money(entry.amount, shop.currency),
        "associatedOrder": history
        and {"id": gid("Order", history.id), "name": history.current.name},
        "associatedPayout": {
            "id": entry.payout_id and gid("ShopifyPaymentsPayout", entry.payout_id),
            "status": _payout_status(entry, shop),
        },
        "fee": money(entry.fee, shop.currency),
        "net": money(entry.net, shop.currency),
        "sourceId": _big(entry.source_id),
        "sourceOrderTransactionId": _big(entry.payment_id),
        "sourceType": entry.source,
        "test": False,
        "transactionDate": utc(entry.at),
        "type": entry.kind,
    }


def _payout_status(entry: BalanceEntry, shop: "Shop") -> str:
    payout = shop.account.payouts.get(entry.payout_id or 0)
    return payout.status.upper() if payout else "PENDING"


def _big(number: int | None) -> str | None:
    return None if number is None else str(number)


def disputes(shop: "Shop") -> Listing:
    """Return all disputes."""
    filters: dict[str, Any] = {
        "id": lambda dispute: dispute.id,
        "status": lambda dispute: dispute.status,
        "initiated_at": lambda dispute: dispute.initiated_at,
    }
    return Listing(
        list(shop.account.disputes.values()), lambda dispute: dispute_node(dispute, shop),
        lambda dispute: dispute.id, {}, filters,
    )  # fmt: skip


def dispute_node(dispute: Dispute, shop: "Shop") -> Node:
    """Return a ShopifyPaymentsDispute."""
    order = shop.histories[dispute.order_id].current
    reason = {"reason": dispute.reason.upper(), "networkReasonCode": dispute.network_code}
    amount: Decimal = dispute.amount
    return {
        "__typename": "ShopifyPaymentsDispute",
        "id": gid("ShopifyPaymentsDispute", dispute.id),
        "legacyResourceId": str(dispute.id),
        "amount": money(amount, shop.currency),
        "evidenceDueBy": utc(dispute.due_by),
        "evidenceSentOn": dispute.sent_on and utc(dispute.sent_on),
        "finalizedOn": dispute.finalized_on and utc(dispute.finalized_on),
        "initiatedAt": utc(dispute.initiated_at),
        "order": Live(lambda shop: order_node(order, shop.settings)),
        "reasonDetails": reason,
        "status": dispute.status.upper(),
        "type": dispute.kind.upper(),
    }
