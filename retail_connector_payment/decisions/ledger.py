"""What the books show of a gateway's money: the ledger of ``domain.md``, without a database.

Amounts are signed as the gateway signs them: money that came to us is positive, and raises the
clearing account by a debit.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from odoo.addons.retail_connector_base.canonical import BalanceCategory


class Role(str, Enum):
    """What an account is for. Each gateway names its own account of each role."""

    CLEARING = "clearing"
    RECEIVABLE = "receivable"
    UNMATCHED = "unmatched"
    FEE = "fee"
    FEE_TAX = "fee_tax"
    DISPUTE = "dispute"
    DISPUTE_FEE = "dispute_fee"
    LOSS = "loss"
    RESERVE = "reserve"
    ADJUSTMENT = "adjustment"
    LABEL = "label"
    DUTY = "duty"
    TRANSIT = "transit"
    EXCHANGE_GAIN = "exchange_gain"
    EXCHANGE_LOSS = "exchange_loss"


# Posted when they happen: one entry each, whose line on the clearing account the payout settles.
AT_ONCE: dict[BalanceCategory, Role] = {
    BalanceCategory.CHARGE: Role.RECEIVABLE,
    BalanceCategory.REFUND: Role.RECEIVABLE,
    BalanceCategory.REFUND_FAILURE: Role.RECEIVABLE,
    BalanceCategory.DISPUTE: Role.DISPUTE,
    BalanceCategory.DISPUTE_REVERSAL: Role.DISPUTE,
    # A payout that lists no transactions (a manual one), and one that came back.
    BalanceCategory.PAYOUT: Role.TRANSIT,
    BalanceCategory.PAYOUT_FAILURE: Role.TRANSIT,
}
# Posted with the payout that settles them. What is in neither table parks its payout until an
# accountant maps the gateway's own word for it to an account.
WITH_PAYOUT: dict[BalanceCategory, Role] = {
    BalanceCategory.FEE: Role.FEE,
    BalanceCategory.FEE_REFUND: Role.FEE,
    BalanceCategory.DISPUTE_FEE: Role.DISPUTE_FEE,
    BalanceCategory.DISPUTE_FEE_REFUND: Role.DISPUTE_FEE,
    BalanceCategory.RESERVE_HOLD: Role.RESERVE,
    BalanceCategory.RESERVE_RELEASE: Role.RESERVE,
    BalanceCategory.ADJUSTMENT: Role.ADJUSTMENT,
    BalanceCategory.LABEL: Role.LABEL,
    BalanceCategory.DUTY: Role.DUTY,
    BalanceCategory.TAX: Role.FEE_TAX,
}
# Whose fee is booked where; any other transaction's fee is an ordinary one.
FEES: dict[BalanceCategory, Role] = {
    BalanceCategory.DISPUTE: Role.DISPUTE_FEE,
    BalanceCategory.DISPUTE_REVERSAL: Role.DISPUTE_FEE,
}
# Whose sign is known. A gateway that says otherwise is not believed.
NEVER_NEGATIVE = frozenset(
    {
        BalanceCategory.CHARGE,
        BalanceCategory.REFUND_FAILURE,
        BalanceCategory.DISPUTE_REVERSAL,
        BalanceCategory.PAYOUT_FAILURE,
        BalanceCategory.RESERVE_RELEASE,
    }
)
NEVER_POSITIVE = frozenset(
    {BalanceCategory.REFUND, BalanceCategory.DISPUTE, BalanceCategory.RESERVE_HOLD}
)


@dataclass(frozen=True)
class Posting:
    """One line of a journal entry: a debit is positive, in ``currency``."""

    role: Role
    amount: Decimal
    currency: str


def fits_sign(category: BalanceCategory, gross: Decimal) -> bool:
    """Tell whether an amount has the sign that its category can have."""
    if category in NEVER_NEGATIVE:
        return gross >= 0
    return gross <= 0 if category in NEVER_POSITIVE else True


def entry(
    category: BalanceCategory, amount: Decimal, currency: str, matched: bool = True
) -> tuple[Posting, Posting]:
    """Return the two lines of what happened: the clearing account's, and the one against it.

    A payment that belongs to no order yet stands on the account of unmatched payments. Raises
    ``KeyError`` for a category that posts with its payout.
    """
    role = AT_ONCE[category]
    if role is Role.RECEIVABLE and not matched:
        role = Role.UNMATCHED
    return Posting(Role.CLEARING, amount, currency), Posting(role, -amount, currency)
