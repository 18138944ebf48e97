"""The truth about the account at the gateway, from the shop's own model."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from .balance import Payout, total

if TYPE_CHECKING:
    from .shop import Shop


@dataclass(frozen=True)
class PayoutTruth:
    """A payout and the net of each of its transactions, its own left out, by external id."""

    external_id: str
    status: str
    amount: Decimal
    transactions: dict[str, Decimal]
    fees: Decimal


@dataclass(frozen=True)
class Settlement:
    """What the gateway holds, and what became of the rest.

    ``unsettled`` is the net of what belongs to no payout yet. ``disputes`` maps the external id of
    each dispute to its status.
    """

    currency: str
    balance: Decimal
    unsettled: Decimal
    payouts: dict[str, PayoutTruth]
    disputes: dict[str, str]


def settlement(shop: "Shop") -> Settlement:
    """Return the truth about a shop's account."""
    with shop.lock:
        account = shop.account
        entries = account.entries
        return Settlement(
            currency=shop.currency,
            balance=total(entries),
            unsettled=total(entry for entry in entries if entry.payout_id is None),
            payouts={str(one.id): _payout(shop, one) for one in account.payouts.values()},
            disputes={str(one.id): one.status for one in account.disputes.values()},
        )


def _payout(shop: "Shop", payout: Payout) -> PayoutTruth:
    entries = [one for one in shop.account.of_payout(payout.id) if one.kind != "TRANSFER"]
    return PayoutTruth(
        external_id=str(payout.id),
        status=payout.status,
        amount=payout.net,
        transactions={str(entry.id): entry.net for entry in entries},
        fees=sum((entry.fee for entry in entries), Decimal(0)),
    )
