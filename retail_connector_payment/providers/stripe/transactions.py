"""The movements of Stripe's balance that a payout is made of.

Source: docs.stripe.com/api/balance_transactions: ``net`` = ``amount`` - ``fee``, signed.
"""

from typing import Any

from odoo.addons.retail_connector_base.canonical import BalanceCategory, BalanceTransaction, Money

from .amounts import to_amount, to_money, unconverted
from .node import Node
from .vocabulary import category_of

_KEPT = (
    "id", "amount", "fee", "net", "currency", "created", "type", "reporting_category",
    "description", "exchange_rate",
)  # fmt: skip
_KEPT_OF_SOURCE = ("id", "object", "amount", "currency", "charge")
_MONEY_BACK = frozenset((BalanceCategory.REFUND, BalanceCategory.REFUND_FAILURE))
_PAID_OUT = frozenset((BalanceCategory.PAYOUT, BalanceCategory.PAYOUT_FAILURE))
_DISPUTED = frozenset((BalanceCategory.DISPUTE, BalanceCategory.DISPUTE_REVERSAL))


def compact(row: dict[str, Any]) -> dict[str, Any]:
    """Return what is needed of a transaction: a payout may have ten thousand of them."""
    kept = {key: row[key] for key in _KEPT if row.get(key) is not None}
    fees = [_fee(fee) for fee in row.get("fee_details") or () if isinstance(fee, dict)]
    if fees:
        kept["fee_details"] = fees
    source = row.get("source")
    if isinstance(source, dict):
        source = {key: source[key] for key in _KEPT_OF_SOURCE if source.get(key) is not None}
    return {**kept, "source": source} if source else kept


def _fee(fee: dict[str, Any]) -> dict[str, Any]:
    return {"type": fee.get("type"), "amount": fee.get("amount")}


def to_transaction(row: Node) -> BalanceTransaction:
    """Read a transaction, with its source where that stands there."""
    currency, gross = row.code(), row.count("amount")
    word = row.text("reporting_category") or row.text("type")
    category = category_of(word, gross)
    source = row.expanded("source") or Node({}, "source")
    return BalanceTransaction(
        external_id=row.required_identifier(),
        category=category,
        vendor_type=word,
        gross=to_money(gross, currency),
        fee=to_amount(row.whole("fee") or 0, currency),
        fee_tax=to_amount(_tax(row), currency),
        net=to_amount(row.count("net"), currency),
        original=_original(category, row, source),
        payment_external_id=_payment(category, row, source),
        dispute_external_id=row.link("source") if category in _DISPUTED else None,
        occurred_at=row.stamp("created"),
        description=row.text("description"),
    )


def _tax(row: Node) -> int:
    """Return the tax among the fees."""
    fees = row.children("fee_details")
    return sum(fee.whole("amount") or 0 for fee in fees if fee.text("type") == "tax")


def _original(category: BalanceCategory, row: Node, source: Node) -> Money | None:
    """Return the source's own amount, signed as it moved us, where it was converted.

    Of a dispute a part may come back.
    """
    number, gross = source.whole("amount"), row.count("amount")
    if number is None or "currency" not in source or source.code() == row.code():
        return None
    if category is BalanceCategory.DISPUTE_REVERSAL:
        number = came_back_of(row, number, source.code())
    return to_money(number if gross >= 0 else -number, source.code())


def came_back_of(row: Node, whole: int, currency: str) -> int:
    """Return how much of a dispute's number came back by a converted movement."""
    rate = row.rate("exchange_rate")
    return unconverted(abs(row.count("amount")), rate, whole, currency) if rate else whole


def _payment(category: BalanceCategory, row: Node, source: Node) -> str | None:
    """Return what a transaction settles: the charge, the refund, or another payout."""
    if category in _MONEY_BACK | _PAID_OUT:
        return row.link("source")
    if category is BalanceCategory.CHARGE:
        # What was not captured comes back as a refund of the charge.
        return (source.link("charge") if source.text("object") == "refund" else None) or row.link(
            "source"
        )
    return source.link("charge") if category in _DISPUTED else None
