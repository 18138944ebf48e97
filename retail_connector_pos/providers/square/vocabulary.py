"""Square's words and ours. What is not in a table is ``UNKNOWN``, or kept as the word it is.

Source: the OpenAPI specification of 2025-08-20.
"""

from odoo.addons.retail_connector_base.canonical import (
    BalanceCategory,
    CashMovementKind,
    DisputeState,
    LineKind,
    PayoutState,
    TenderKind,
    TenderState,
    TransactionState,
)

# How far an order has come. A draft is worked on; an open one may be paid already.
COMPLETED, CANCELED, DRAFT = "COMPLETED", "CANCELED", "DRAFT"

LINE_KINDS = {
    "ITEM": LineKind.PRODUCT,
    "CUSTOM_AMOUNT": LineKind.CUSTOM,
    "GIFT_CARD": LineKind.GIFT_CARD,
}
# The charges that are a part of the lines' own totals already.
APPORTIONED = "APPORTIONED"

TENDER_KINDS = {
    "CASH": TenderKind.CASH,
    "CARD": TenderKind.CARD,
    "THIRD_PARTY_CARD": TenderKind.CARD,
    "SQUARE_GIFT_CARD": TenderKind.GIFT_CARD,
    **dict.fromkeys(
        [
            "NO_SALE",
            "BANK_ACCOUNT",
            "WALLET",
            "BUY_NOW_PAY_LATER",
            "SQUARE_ACCOUNT",
            "EXTERNAL",
            "OTHER",
        ],
        TenderKind.OTHER,
    ),
}
# Payments that were taken elsewhere and only written down at the register.
EXTERNAL_KINDS = {
    "CARD": TenderKind.CARD,
    "OTHER_GIFT_CARD": TenderKind.VOUCHER,
    "FOOD_VOUCHER": TenderKind.VOUCHER,
    "STORED_BALANCE": TenderKind.STORE_CREDIT,
}
GIFT_CARD_BRAND = "SQUARE_GIFT_CARD"

# What is not known to be ours is pending: shown, and not counted.
TENDER_STATES = {
    "COMPLETED": TenderState.ACCEPTED,
    "CAPTURED": TenderState.ACCEPTED,
    **dict.fromkeys(("FAILED", "CANCELED", "CANCELLED", "VOIDED"), TenderState.DECLINED),
    **dict.fromkeys(("APPROVED", "AUTHORIZED", "PENDING", "OFFLINE"), TenderState.PENDING),
}
# What goes back has left the drawer, or is owed for certain, before the bank says so.
REFUND_STATES = {
    **dict.fromkeys(("PENDING", "APPROVED", "COMPLETED"), TenderState.ACCEPTED),
    **dict.fromkeys(("REJECTED", "FAILED"), TenderState.DECLINED),
}

# Payments that Square does not hold: they never come to a payout.
NOT_HELD = frozenset(("CASH", "EXTERNAL"))
# A payment is one thing from its approval on: money is ours once it is completed.
PAYMENT_STATES = {
    **dict.fromkeys(("APPROVED", "PENDING", "OFFLINE"), TransactionState.PENDING),
    "COMPLETED": TransactionState.SUCCESS,
    **dict.fromkeys(("FAILED", "CANCELED"), TransactionState.FAILURE),
}
MONEY_BACK_STATES = {
    "PENDING": TransactionState.PENDING,
    "APPROVED": TransactionState.SUCCESS,
    "COMPLETED": TransactionState.SUCCESS,
    "REJECTED": TransactionState.FAILURE,
    "FAILED": TransactionState.FAILURE,
}

PAYOUT_STATES = {
    "SENT": PayoutState.IN_TRANSIT,
    "PAID": PayoutState.PAID,
    "FAILED": PayoutState.FAILED,
}
# Payouts that are made of entries; those of any other type are single amounts.
BATCH = "BATCH"
DISPUTE_STATES = {
    "INQUIRY_EVIDENCE_REQUIRED": DisputeState.INQUIRY,
    "INQUIRY_PROCESSING": DisputeState.INQUIRY,
    "INQUIRY_CLOSED": DisputeState.CLOSED,
    "EVIDENCE_REQUIRED": DisputeState.NEEDS_RESPONSE,
    "PROCESSING": DisputeState.UNDER_REVIEW,
    "WON": DisputeState.WON,
    "LOST": DisputeState.LOST,
    "ACCEPTED": DisputeState.ACCEPTED,
}
DISPUTES_OVER = frozenset(
    (DisputeState.CLOSED, DisputeState.WON, DisputeState.LOST, DisputeState.ACCEPTED)
)

# Loans, savings in bitcoin, cashback, escheatment and what Square itself calls other are left out
# on purpose: an accountant decides what they are.
_CATEGORIES = {
    BalanceCategory.CHARGE: "CHARGE",
    BalanceCategory.REFUND: "REFUND",
    BalanceCategory.DISPUTE: "DISPUTE OPEN_DISPUTE",
    BalanceCategory.FEE: "FEE PROCESSING_FEE DEPOSIT_FEE SUBSCRIPTION_FEE PAID_SERVICE_FEE"
    " THIRD_PARTY_FEE GIFT_CARD_LOAD_FEE LOCAL_OFFERS_FEE UNDO_PROCESSING_FEE_REFUND"
    " UNDO_GIFT_CARD_LOAD_FEE_REFUND TRANSFER_FEE",
    BalanceCategory.FEE_REFUND: "DEPOSIT_FEE_REVERSED SUBSCRIPTION_FEE_REFUND"
    " SUBSCRIPTION_FEE_PAID_REFUND PAID_SERVICE_FEE_REFUND THIRD_PARTY_FEE_REFUND"
    " PROCESSING_FEE_REFUND GIFT_CARD_LOAD_FEE_REFUND FREE_PROCESSING",
    BalanceCategory.TAX: "TAX_ON_FEE TAX_ON_TRANSFER_FEE",
    BalanceCategory.RESERVE_HOLD: "RESERVE_HOLD HOLD_ADJUSTMENT",
    BalanceCategory.RESERVE_RELEASE: "RESERVE_RELEASE RELEASE_ADJUSTMENT",
    BalanceCategory.ADJUSTMENT: "ADJUSTMENT OTHER_ADJUSTMENT",
    BalanceCategory.PAYOUT: "PAYOUT",
    BalanceCategory.PAYOUT_FAILURE: "RETURNED_PAYOUT",
    BalanceCategory.TRANSFER: "MONEY_TRANSFER MONEY_TRANSFER_REVERSAL AUTOMATIC_SAVINGS"
    " AUTOMATIC_SAVINGS_REVERSED BALANCE_FOLDERS_TRANSFER BALANCE_FOLDERS_TRANSFER_REVERSED"
    " GIFT_CARD_POOL_TRANSFER GIFT_CARD_POOL_TRANSFER_REVERSED SQUARE_PAYROLL_TRANSFER"
    " SQUARE_PAYROLL_TRANSFER_REVERSED",
}
CATEGORIES = {word: category for category, words in _CATEGORIES.items() for word in words.split()}
# What the sign says besides: money that comes back, or is taken after all.
_POSITIVE = {
    BalanceCategory.REFUND: BalanceCategory.REFUND_FAILURE,
    BalanceCategory.DISPUTE: BalanceCategory.DISPUTE_REVERSAL,
    BalanceCategory.FEE: BalanceCategory.FEE_REFUND,
    BalanceCategory.RESERVE_HOLD: BalanceCategory.RESERVE_RELEASE,
}
_NEGATIVE = {
    BalanceCategory.FEE_REFUND: BalanceCategory.FEE,
    BalanceCategory.RESERVE_RELEASE: BalanceCategory.RESERVE_HOLD,
}


def category_of(word: str | None, gross: int) -> BalanceCategory:
    """Return what an activity is to the books, by the sign of its amount."""
    found = CATEGORIES.get(word or "", BalanceCategory.UNKNOWN)
    if gross > 0:
        return _POSITIVE.get(found, found)
    return _NEGATIVE.get(found, found) if gross < 0 else found


# Events of a drawer that are no sale: what they do to its cash.
DRAWER_MOVEMENTS = {
    "PAID_IN": (CashMovementKind.PAID_IN, 1),
    "PAID_OUT": (CashMovementKind.PAID_OUT, -1),
}
