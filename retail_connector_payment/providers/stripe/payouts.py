"""Payouts: Stripe links transactions to automatic ones only.

Source: docs.stripe.com/payouts/reconciliation. The list of transactions holds the payout's own as
well, which takes the money out of the balance: it is left out here, so that the nets of the others
add up to the payout.
"""

from collections.abc import Iterator
from typing import Any

from odoo.addons.retail_connector_base.canonical import Payout, PayoutState

from .envelope import Envelope
from .node import Node
from .payments import GATEWAY
from .transactions import compact, to_transaction
from .vocabulary import PAYOUT_STATES

# Beside the payout's own fields, in what is kept of an answer.
TRANSACTIONS = "balance_transactions"
_KEPT = (
    "id", "object", "amount", "arrival_date", "automatic", "balance_transaction", "created",
    "currency", "description", "destination", "failure_code", "failure_message", "livemode",
    "method", "reconciliation_status", "statement_descriptor", "status", "trace_id",
)  # fmt: skip
_KEPT_OF_BANK = ("id", "object", "last4")


def is_reconciled(payout: dict[str, Any]) -> bool:
    """Tell whether Stripe knows by now all that a payout is made of."""
    return bool(payout.get("automatic")) and payout.get("reconciliation_status") == "completed"


def composite(payout: dict[str, Any], rows: Iterator[dict[str, Any]] | None) -> dict[str, Any]:
    """Return what is kept of a payout and its transactions, ``None`` where they are not known."""
    kept = {key: payout[key] for key in _KEPT if payout.get(key) is not None}
    bank = kept.get("destination")
    if isinstance(bank, dict):
        kept["destination"] = {key: bank[key] for key in _KEPT_OF_BANK if bank.get(key)}
    if rows is not None:
        kept[TRANSACTIONS] = [compact(row) for row in rows if not _is_own(row, payout)]
    return kept


def to_payout(envelope: Envelope) -> Payout:
    """Read a payout. An event of an automatic one never lists its transactions."""
    payout = envelope.object
    automatic = payout.flag("automatic", True)
    rows = payout.children(TRANSACTIONS)
    return Payout(
        external_id=payout.required_identifier(),
        updated_at=envelope.updated_at,
        gateway=GATEWAY,
        state=PAYOUT_STATES.get(payout.text("status") or "", PayoutState.UNKNOWN),
        amount=payout.money(),
        created_at=payout.stamp("created"),
        arrival_date=_date(payout),
        automatic=automatic,
        reference=_reference(payout),
        bank_last_four=_last_four(payout),
        failure=_failure(payout),
        transactions=tuple(to_transaction(row) for row in rows),
        transactions_complete=not automatic or TRANSACTIONS in payout,
        test=envelope.is_test,
    )


def _is_own(row: dict[str, Any], payout: dict[str, Any]) -> bool:
    source = row.get("source")
    number = source.get("id") if isinstance(source, dict) else source
    is_payout = (row.get("reporting_category") or row.get("type")) == "payout"
    return is_payout and number == payout.get("id")


def _date(payout: Node):
    """Return the day of arrival, which is written as its midnight in UTC."""
    moment = payout.stamp("arrival_date")
    return moment and moment.date()


def _reference(payout: Node) -> str | None:
    """Return what the bank statement will show, else by what the bank can trace the payout."""
    trace = payout.expanded("trace_id")
    return payout.text("statement_descriptor") or (trace.text("value") if trace else None)


def _last_four(payout: Node) -> str | None:
    bank = payout.expanded("destination")
    return bank.text("last4") if bank else None


def _failure(payout: Node) -> str | None:
    parts = [text for key in ("failure_code", "failure_message") if (text := payout.text(key))]
    return ": ".join(parts) or None
