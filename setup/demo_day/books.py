"""What the books must show of a gateway's money, told by the gateway and checked by plain SQL."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from simulator.balance import BalanceEntry
from simulator_stripe import Truth
from simulator_stripe.money import amount_of

from .reading import Database

# What is in the books when it happens, in Stripe's words; all else comes with its payout.
AT_ONCE = {
    "charge", "refund", "refund_failure", "dispute", "dispute_reversal", "payout_reversal",
    "partial_capture_reversal",
}  # fmt: skip
# The same in Shopify's words.
AT_ONCE_AT_SHOPS = {
    "CHARGE", "REFUND", "REFUND_FAILURE", "DISPUTE_WITHDRAWAL", "DISPUTE_REVERSAL",
    "TRANSFER_FAILURE", "TRANSFER_CANCEL",
}  # fmt: skip
RETURNS = {"TRANSFER_FAILURE", "TRANSFER_CANCEL"}
DISPUTE_FEES = {"CHARGEBACK_FEE", "CHARGEBACK_FEE_REFUND"}
BALANCES = """
    SELECT coalesce(sum(line.balance) FILTER (
               WHERE line.account_id = gateway.clearing_account_id), 0),
           coalesce(sum(line.balance) FILTER (
               WHERE line.account_id = gateway.transit_account_id), 0),
           coalesce(sum(line.balance) FILTER (
               WHERE line.account_id IN (gateway.fee_account_id, gateway.fee_tax_account_id,
                     gateway.dispute_fee_account_id)), 0)
      FROM retail_gateway gateway
      LEFT JOIN account_move_line line
        ON line.journal_id = gateway.journal_id AND line.parent_state = 'posted'
     WHERE gateway.backend_id = %s AND gateway.code = coalesce(%s, gateway.code)
"""
TWICE = """
    SELECT entry.category, entry.external_id, count(DISTINCT line.id)
      FROM retail_ledger_entry entry JOIN account_move_line line ON line.id = entry.clearing_line_id
     WHERE entry.backend_id = %s GROUP BY 1, 2 HAVING count(*) > 1
"""


@dataclass(frozen=True)
class Books:
    """What stands on a gateway's accounts, in the company's currency; debits are positive."""

    clearing: Decimal
    transit: Decimal
    fees: Decimal


def expected(truth: Truth, currency: str) -> Books:
    """Return what the books must show of an account that knows one currency only."""
    taken = {row for rows in truth.settled.values() for row in rows}
    rows = [row for row in truth.transactions if row["currency"] == currency.lower()]
    sums: Counter[str] = Counter()
    for row in rows:
        if row["id"] in taken:
            sums["transit"] += row["net"]
            sums["fees"] += row["fee"]
        elif row["reporting_category"] in AT_ONCE:
            sums["clearing"] += row["amount"]
        if row["reporting_category"] == "payout_reversal":
            sums["transit"] -= row["amount"]
        if row["id"] in taken and row["reporting_category"] == "fee":
            sums["fees"] -= row["amount"]
    names = ("clearing", "transit", "fees")
    return Books(*(amount_of(sums[name], currency.lower()) for name in names))


def expected_of_shop(entries: Iterable[BalanceEntry]) -> Books:
    """Return what the books must show of a shop's own gateway, in the shop's currency."""
    clearing = transit = fees = Decimal(0)
    for entry in entries:
        if entry.kind in RETURNS:
            transit -= entry.amount
        if entry.kind == "TRANSFER":
            continue
        if entry.payout_id is not None:
            transit += entry.net
            fees += entry.fee - (entry.amount if entry.kind in DISPUTE_FEES else 0)
        elif entry.kind in AT_ONCE_AT_SHOPS:
            clearing += entry.amount
    return Books(clearing, transit, fees)


def actual(database: Database, backend: int, code: str | None = None) -> Books:
    """Return what the books show of a gateway of a backend; without ``code`` of its only one."""
    return Books(*(Decimal(str(value)) for value in database.rows(BALANCES, backend, code)[0]))


def differences(database: Database, backend: int, truth: Truth, currency: str) -> list[str]:
    """I4: return in words where the books of a gateway differ from its truth."""
    return compared(database, backend, expected(truth, currency))


def compared(database: Database, backend: int, wanted: Books, code: str | None = None) -> list[str]:
    """Return in words where the books of a gateway differ from what they must show."""
    found = actual(database, backend, code)
    told = [
        f"{name} stands at {getattr(found, name)}, {getattr(wanted, name)} is right"
        for name in ("clearing", "transit", "fees")
        if getattr(found, name) != getattr(wanted, name)
    ]
    return told + [f"{row} is booked twice" for row in database.rows(TWICE, backend)]
