"""Payouts with their entries, and disputes."""

from .arithmetic import Row, amount_of
from .drawers import Drawers

NOT_HELD = ("CASH", "EXTERNAL")


class Settling(Drawers):
    """What Square does with the money that it holds."""

    def settle(self, location: str) -> Row | None:
        """Pay out what has come together at a location; ``None`` if nothing."""
        with self.lock:
            rows = [*self._charges(location), *self._backs(location), *self._disputed(location)]
            if not rows:
                return None
            now, number = self.now(), f"po_{self.next_id()}"
            amount = sum(row["net_amount_money"]["amount"] for row in rows)
            payout: Row = {
                "id": number, "status": "SENT", "location_id": location, "created_at": now,
                "updated_at": now, "amount_money": self.money(amount), "version": 1,
                "type": "BATCH", "arrival_date": now[:10], "end_to_end_id": self.next_id("L2"),
                "destination": {"type": "BANK_ACCOUNT", "id": "bact:simulated"},
            }  # fmt: skip
            self.payouts[number] = payout
            self.entries[number] = [{**row, "payout_id": number} for row in rows]
            self.tell("payout.sent", "payout", number, payout, location)
            return payout

    def _is_paid_out(self, key: str, number: str) -> bool:
        return any(
            (row.get(key) or {}).get(_ID[key]) == number
            for rows in self.entries.values() for row in rows
        )  # fmt: skip

    def _charges(self, location: str) -> list[Row]:
        return [
            self._entry("CHARGE", amount_of(row, "total_money"), _fee(row),
                        "type_charge_details", {"payment_id": row["id"]})
            for row in self.payments.values()
            if row["location_id"] == location and row["status"] == "COMPLETED"
            and row["source_type"] not in NOT_HELD
            and not self._is_paid_out("type_charge_details", row["id"])
        ]  # fmt: skip

    def _backs(self, location: str) -> list[Row]:
        return [
            self._entry("REFUND", -amount_of(row, "amount_money"), 0, "type_refund_details",
                        {"payment_id": row["payment_id"], "refund_id": row["id"]})
            for row in self.refunds.values()
            if row["location_id"] == location and row["status"] == "COMPLETED"
            and row["destination_type"] not in NOT_HELD
            and not self._is_paid_out("type_refund_details", row["id"])
        ]  # fmt: skip

    def _disputed(self, location: str) -> list[Row]:
        return [
            self._entry("DISPUTE", -amount_of(row, "amount_money"), 0, "type_dispute_details",
                        {"payment_id": row["disputed_payment"]["payment_id"],
                         "dispute_id": row["id"]})
            for row in self.disputes.values()
            if row["location_id"] == location
            and not self._is_paid_out("type_dispute_details", row["id"])
        ]  # fmt: skip

    def _entry(self, kind: str, gross: int, fee: int, key: str, details: Row) -> Row:
        return {
            "id": f"poe_{self.next_id()}", "effective_at": self.now(), "type": kind,
            "gross_amount_money": self.money(gross), "fee_amount_money": self.money(fee),
            "net_amount_money": self.money(gross - fee), key: details,
        }  # fmt: skip

    def land(self, number: str) -> Row:
        """Have a payout arrive."""
        return self._payout_step(number, "PAID", "payout.paid")

    def bounce(self, number: str) -> Row:
        """Have the bank send a payout back."""
        return self._payout_step(number, "FAILED", "payout.failed")

    def _payout_step(self, number: str, status: str, kind: str) -> Row:
        with self.lock:
            row = self.payouts[number]
            row |= {"status": status, "version": row["version"] + 1, "updated_at": self.now()}
            self.tell(kind, "payout", number, row, row["location_id"])
            return row

    def dispute(self, payment: str, amount: int | None = None) -> Row:
        """Have a customer's bank take a payment back."""
        with self.lock:
            of, now, number = self.payments[payment], self.now(), self.next_id("dis")
            worth = amount_of(of, "total_money") if amount is None else amount
            row: Row = {
                "id": number, "dispute_id": number, "amount_money": self.money(worth),
                "reason": "NO_KNOWLEDGE", "state": "EVIDENCE_REQUIRED", "card_brand": "VISA",
                "due_at": self.now(), "created_at": now, "updated_at": now, "reported_at": now,
                "disputed_payment": {"payment_id": payment}, "version": 1,
                "location_id": of["location_id"],
            }  # fmt: skip
            self.disputes[number] = row
            self.tell("dispute.created", "dispute", number, row, of["location_id"])
            return row

    def change_dispute(self, number: str, state: str) -> Row:
        """Have a dispute go on."""
        with self.lock:
            row = self.disputes[number]
            row |= {"state": state, "version": row["version"] + 1, "updated_at": self.now()}
            self.tell("dispute.state.updated", "dispute", number, row, row["location_id"])
            return row


_ID = {
    "type_charge_details": "payment_id",
    "type_refund_details": "refund_id",
    "type_dispute_details": "dispute_id",
}


def _fee(payment: Row) -> int:
    """Return Square's fee of a card payment: 2.6 % and 10."""
    return amount_of(payment, "total_money") * 26 // 1000 + 10
