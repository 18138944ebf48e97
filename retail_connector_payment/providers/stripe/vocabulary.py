"""Stripe's words and ours. What is not in a table is ``UNKNOWN``.

Source: the OpenAPI specification of 2023-08-16 and docs.stripe.com/reports/reporting-categories;
``reporting_category`` is the accounting view of a balance transaction, ``type`` is not.
"""

from odoo.addons.retail_connector_base.canonical import (
    BalanceCategory,
    DisputeState,
    PayoutState,
    TransactionState,
)

CHARGE_STATES = {
    "succeeded": TransactionState.SUCCESS,
    "pending": TransactionState.PENDING,
    "failed": TransactionState.FAILURE,
}
# A refund can fail after it succeeded: the customer's bank sends the money back.
REFUND_STATES = {
    "succeeded": TransactionState.SUCCESS,
    "pending": TransactionState.PENDING,
    "requires_action": TransactionState.PENDING,
    "failed": TransactionState.FAILURE,
    "canceled": TransactionState.FAILURE,
}
PAYOUT_STATES = {
    "pending": PayoutState.PENDING,
    "in_transit": PayoutState.IN_TRANSIT,
    "paid": PayoutState.PAID,
    "failed": PayoutState.FAILED,
    "canceled": PayoutState.CANCELLED,
}
# A warning is an inquiry: it takes no money. What was prevented never became a dispute.
DISPUTE_STATES = {
    "warning_needs_response": DisputeState.INQUIRY,
    "warning_under_review": DisputeState.INQUIRY,
    "warning_closed": DisputeState.CLOSED,
    "needs_response": DisputeState.NEEDS_RESPONSE,
    "under_review": DisputeState.UNDER_REVIEW,
    "won": DisputeState.WON,
    "lost": DisputeState.LOST,
    "prevented": DisputeState.CLOSED,
}

# What is charged and what is set free of it again (a part that was authorised and not captured)
# add up to what was captured: both are the charge's. Words that no shop meets every day (a charge
# that the bank took back, loans, cards that Stripe issues, Climate) are left out on purpose: an
# accountant decides what they are.
_CATEGORIES = {
    BalanceCategory.CHARGE: "charge partial_capture_reversal",
    BalanceCategory.REFUND: "refund",
    BalanceCategory.REFUND_FAILURE: "refund_failure",
    BalanceCategory.DISPUTE: "dispute",
    BalanceCategory.DISPUTE_REVERSAL: "dispute_reversal",
    BalanceCategory.FEE: "fee network_cost",
    BalanceCategory.TAX: "tax",
    BalanceCategory.RESERVE_HOLD: "risk_reserved_funds connect_reserved_funds reserve_hold"
    " payout_minimum_balance_hold",
    BalanceCategory.RESERVE_RELEASE: "reserve_release payout_minimum_balance_release",
    BalanceCategory.ADJUSTMENT: "other_adjustment",
    BalanceCategory.PAYOUT: "payout",
    BalanceCategory.PAYOUT_FAILURE: "payout_reversal",
    BalanceCategory.TRANSFER: "transfer transfer_reversal topup topup_reversal"
    " connect_collection_transfer",
}
CATEGORIES = {word: category for category, words in _CATEGORIES.items() for word in words.split()}
# Categories whose sign tells which of two it is: money that comes back.
POSITIVE = {
    BalanceCategory.FEE: BalanceCategory.FEE_REFUND,
    BalanceCategory.RESERVE_HOLD: BalanceCategory.RESERVE_RELEASE,
}
NEGATIVE = {BalanceCategory.RESERVE_RELEASE: BalanceCategory.RESERVE_HOLD}


def category_of(word: str | None, gross: int) -> BalanceCategory:
    """Return what a reporting category is to the books, by the sign of its amount."""
    found = CATEGORIES.get(word or "", BalanceCategory.UNKNOWN)
    if gross > 0:
        return POSITIVE.get(found, found)
    return NEGATIVE.get(found, found) if gross < 0 else found


# The reasons that Stripe takes; any other goes along as a text.
REFUND_REASONS = frozenset(("duplicate", "fraudulent", "requested_by_customer"))
