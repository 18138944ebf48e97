"""What the account's books must come to, in amounts."""

from dataclasses import dataclass
from decimal import Decimal

from .account import Account
from .ledger import Row
from .money import amount_of


@dataclass(frozen=True)
class Truth:
    """``balances`` is what Stripe holds by currency (``EUR``), available and pending together.

    ``transactions`` are all movements, oldest first, as the API shows them. ``settled`` tells which
    payout took which of them, by the payout's id and without its own; ``charged`` and ``refunded``
    are what customers paid and got back, by the charge's id, in their own currency.
    """

    balances: dict[str, Decimal]
    transactions: tuple[Row, ...]
    settled: dict[str, tuple[str, ...]]
    charged: dict[str, Decimal]
    refunded: dict[str, Decimal]

    @classmethod
    def of(cls, account: Account) -> "Truth":
        """Return the truth of an account now."""
        with account.lock:
            ledger = account.ledger
            return cls(
                {
                    currency.upper(): amount_of(sum(ledger.balance(currency)), currency)
                    for currency in ledger.currencies()
                },
                tuple(ledger.shown(row) for row in ledger.rows.values()),
                {number: _taken(account, number) for number in account.payouts},
                _by_charge(account, "amount_captured"),
                _refunded(account),
            )


def _taken(account: Account, payout: str) -> tuple[str, ...]:
    own = account.payouts[payout]["balance_transaction"]
    taken = account.ledger.taken.items()
    return tuple(row for row, taker in taken if taker == payout and row != own)


def _by_charge(account: Account, key: str) -> dict[str, Decimal]:
    return {
        charge["id"]: amount_of(charge[key], charge["currency"])
        for charge in account.charges.values() if charge[key]
    }  # fmt: skip


def _refunded(account: Account) -> dict[str, Decimal]:
    """Return what was given back; what was set free of an authorisation is none."""
    found: dict[str, Decimal] = {}
    for refund in account.refunds.values():
        row = account.ledger.rows[refund["balance_transaction"]]
        if refund["status"] != "failed" and row["reporting_category"] == "refund":
            amount = amount_of(refund["amount"], refund["currency"])
            found[refund["charge"]] = found.get(refund["charge"], Decimal(0)) + amount
    return found
