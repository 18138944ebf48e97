"""Payouts with their entries.

Source: the schemas ``Payout`` and ``PayoutEntry``: ``net`` = ``gross`` - ``fee``, signed. A
``BATCH`` lists what it is made of; a ``SIMPLE`` payout has no entries and is itself one of a later
batch.
"""

from collections.abc import Iterator
from decimal import Decimal

from odoo.addons.retail_connector_base.canonical import (
    BalanceCategory,
    BalanceTransaction,
    Money,
    Payout,
    PayoutState,
)

from .node import ZERO, Node
from .payments import GATEWAY
from .vocabulary import BATCH, PAYOUT_STATES, category_of

# Beside the payout's own fields, in what is kept of an answer.
ENTRIES = "entries"


def to_payout(payout: Node) -> Payout:
    """Read a payout. An event never lists its entries."""
    is_batch = payout.text("type") in (BATCH, None)
    amount = payout.required_money("amount_money")
    entries = [to_transaction(entry) for entry in payout.children(ENTRIES)]
    return Payout(
        external_id=payout.required_identifier(),
        updated_at=payout.utc("updated_at"),
        gateway=GATEWAY,
        state=PAYOUT_STATES.get(payout.text("status") or "", PayoutState.UNKNOWN),
        amount=amount,
        created_at=payout.utc("created_at"),
        arrival_date=payout.day("arrival_date"),
        automatic=is_batch,
        reference=payout.text("end_to_end_id"),
        transactions=(*entries, *_own_fees(payout, amount, entries)),
        transactions_complete=not is_batch or ENTRIES in payout,
    )


def to_transaction(entry: Node) -> BalanceTransaction:
    """Read an entry of a payout."""
    word = entry.text("type")
    gross = entry.required_money("gross_amount_money")
    fee = entry.amount("fee_amount_money", gross.currency)
    net = entry.told("net_amount_money", gross.currency)
    category = category_of(word, int(gross.amount > 0) - int(gross.amount < 0))
    details = _details(entry)
    return BalanceTransaction(
        external_id=entry.required_identifier(),
        category=category,
        vendor_type=word,
        gross=gross,
        fee=fee,
        net=gross.amount - fee if net is None else net,
        payment_external_id=_payment(category, details),
        dispute_external_id=details.text("dispute_id"),
        occurred_at=entry.utc("effective_at"),
        description=entry.inner("type_other_adjustment_details").text("reason"),
    )


def _details(entry: Node) -> Node:
    """Return what an entry is about: each type has a field of its own."""
    for key, value in entry.raw.items():
        if key.startswith("type_") and key.endswith("_details") and isinstance(value, dict):
            return Node(value, key)
    return Node({})


def _payment(category: BalanceCategory, details: Node) -> str | None:
    """Return what an entry settles: the refund where money went back, else the payment."""
    if category in (BalanceCategory.REFUND, BalanceCategory.REFUND_FAILURE):
        return details.text("refund_id") or details.text("payment_id")
    return details.text("payment_id")


def _own_fees(
    payout: Node, amount: Money, entries: list[BalanceTransaction]
) -> Iterator[BalanceTransaction]:
    """Yield the fees of the payout itself (of an instant transfer) where no entry has them."""
    fees = [
        (index, fee.text("type"), fee.amount("amount_money", amount.currency))
        for index, fee in enumerate(payout.children("payout_fee"))
    ]
    together = sum((fee for _index, _word, fee in fees), ZERO)
    if not together or sum((entry.net for entry in entries), ZERO) - together != amount.amount:
        return
    for index, word, fee in fees:
        yield _fee(payout, index, word, -fee, amount.currency)


def _fee(
    payout: Node, index: int, word: str | None, gross: Decimal, currency: str
) -> BalanceTransaction:
    return BalanceTransaction(
        external_id=f"{payout.required_identifier()}:fee:{index}",
        category=category_of(word, int(gross > 0) - int(gross < 0)),
        vendor_type=word,
        gross=Money(amount=gross, currency=currency),
        net=gross,
        occurred_at=payout.utc("created_at"),
    )
