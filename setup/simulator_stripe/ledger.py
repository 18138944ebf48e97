"""The balance: every movement of it, and which payout took which of them."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

Row = dict[str, Any]


class Ledger:
    """All balance transactions of an account, in the shape of the API."""

    def __init__(self, now: Callable[[], datetime], ids: Callable[[str], str]) -> None:
        self._now, self._ids = now, ids
        self.rows: dict[str, Row] = {}
        # Which payout took a transaction, by the transaction.
        self.taken: dict[str, str] = {}

    def book(
        self, kind: str, category: str, amount: int, currency: str, source: str | None,
        fees: list[dict[str, Any]] | None = None, exchange_rate: float | None = None,
        days: float = 0, text: str = "",
    ) -> Row:  # fmt: skip
        """Note a movement; money that comes in can be paid out after ``days``."""
        now, fee = self._now(), sum(part["amount"] for part in fees or ())
        row = {
            "id": self._ids("txn"), "object": "balance_transaction", "amount": amount,
            "available_on": int((now + timedelta(days=days)).timestamp()),
            "created": int(now.timestamp()), "currency": currency, "description": text or None,
            "exchange_rate": exchange_rate, "fee": fee, "fee_details": fees or [],
            "net": amount - fee, "reporting_category": category, "source": source, "type": kind,
        }  # fmt: skip
        self.rows[row["id"]] = row
        return row

    def shown(self, row: Row) -> Row:
        """Return a transaction as it is now."""
        status = "available" if row["available_on"] <= self._now().timestamp() else "pending"
        return {**row, "status": status}

    def balance(self, currency: str) -> tuple[int, int]:
        """Return what can be paid out, and what cannot yet."""
        now, found = self._now().timestamp(), [0, 0]
        for row in self.rows.values():
            if row["currency"] == currency:
                found[row["available_on"] > now] += row["net"]
        return found[0], found[1]

    def currencies(self) -> list[str]:
        """Return the currencies that there were movements in."""
        return sorted({row["currency"] for row in self.rows.values()})

    def open(self, currency: str) -> Iterator[Row]:
        """Yield what can be paid out and no payout took yet."""
        now = self._now().timestamp()
        for row in self.rows.values():
            is_due = row["currency"] == currency and row["available_on"] <= now
            if is_due and row["id"] not in self.taken:
                yield row
