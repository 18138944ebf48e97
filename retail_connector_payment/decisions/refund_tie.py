"""Whether a refund's credit note is right: three computations that must agree to the minor unit."""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum


class TieVerdict(str, Enum):
    """What a comparison found; anything but ``TIES`` is for a person."""

    TIES = "ties"
    # The credit note is not what the channel's lines and adjustments come to.
    COMPUTED = "computed"
    # More, or less, went back than the lines and adjustments come to.
    PAID_MORE = "paid_more"
    PAID_LESS = "paid_less"


@dataclass(frozen=True)
class Computation:
    """The amounts of one refund.

    ``told`` is what the channel's lines and adjustments come to and ``paid`` what went back, in
    one currency. ``expected`` is the part of ``told`` that the credit note shows, ``ours`` what it
    comes to in Odoo, with the taxes of both.
    """

    told: Decimal
    paid: Decimal
    expected: Decimal
    ours: Decimal
    expected_tax: Decimal
    ours_tax: Decimal


@dataclass(frozen=True)
class Account:
    """What a customer was charged for an order in all, was credited, and paid (net of refunds)."""

    total: Decimal
    credited: Decimal
    paid: Decimal

    @property
    def is_owed(self) -> Decimal:
        """What we owe him; negative when he owes us."""
        return self.paid - (self.total - self.credited)


def judge_refund(found: Computation, account: Account | None = None) -> TieVerdict:
    """Compare the computations.

    ``account`` is given for an exchange: what did not go back may have been set off against the
    new goods, and then the customer is owed nothing.
    """
    if (found.expected, found.expected_tax) != (found.ours, found.ours_tax):
        return TieVerdict.COMPUTED
    if found.paid > found.told:
        return TieVerdict.PAID_MORE
    if found.paid < found.told and not (account and account.is_owed <= 0):
        return TieVerdict.PAID_LESS
    return TieVerdict.TIES
