"""Cash drawers: shifts that are opened, moved, ended and counted."""

from .arithmetic import Row, amount_of
from .returning import Returning

_SUMS = {
    "CASH_TENDER_PAYMENT": ("cash_payment_money", 1),
    "CASH_TENDER_REFUND": ("cash_refunds_money", -1),
    "PAID_IN": ("cash_paid_in_money", 1),
    "PAID_OUT": ("cash_paid_out_money", -1),
}


class Drawers(Returning):
    """What happens to the cash of a seller's registers."""

    def open_drawer(self, location: str, device: str, cash: int = 10_000) -> Row:
        """Begin a shift with some cash."""
        with self.lock:
            now = self.now()
            shift: Row = {
                "id": self.next_id("shift-"), "state": "OPEN", "opened_at": now, "created_at": now,
                "updated_at": now, "location_id": location,
                "device": {"id": f"DEVICEID:{device}", "name": f"Register {device}"},
                "opened_cash_money": self.money(cash), "expected_cash_money": self.money(cash),
                **{key: self.money(0) for key, _sign in _SUMS.values()},
            }  # fmt: skip
            self.shifts[shift["id"]] = shift
            self.drawer_events[shift["id"]] = []
            return shift

    def pay_in(self, shift: str, amount: int, reason: str = "Change") -> None:
        """Put cash in."""
        self._event(self.shifts[shift], "PAID_IN", amount, reason)

    def pay_out(self, shift: str, amount: int, reason: str = "Flowers") -> None:
        """Take cash out."""
        self._event(self.shifts[shift], "PAID_OUT", amount, reason)

    def close_drawer(self, shift: str, counted: int | None = None) -> Row:
        """End a shift and count it; by default just what should be there."""
        with self.lock:
            row, now = self.shifts[shift], self.now()
            cash = amount_of(row, "expected_cash_money") if counted is None else counted
            row |= {"state": "CLOSED", "ended_at": now, "closed_at": now, "updated_at": now,
                    "closed_cash_money": self.money(cash)}  # fmt: skip
            return row

    def _event(self, shift: Row, kind: str, amount: int, text: str = "") -> None:
        with self.lock:
            key, sign = _SUMS[kind]
            shift[key] = self.money(amount_of(shift, key) + amount)
            expected = amount_of(shift, "expected_cash_money") + sign * amount
            shift |= {"expected_cash_money": self.money(expected), "updated_at": self.now()}
            self.drawer_events[shift["id"]].append(
                {"id": self.next_id("dre-"), "event_type": kind, "event_money": self.money(amount),
                 "created_at": self.now(), **({"description": text} if text else {})}
            )  # fmt: skip

    def _into_drawer(self, payment: Row, kind: str) -> None:
        """Override: cash goes into the open drawer of its device."""
        device = (payment.get("device_details") or {}).get("device_id")
        if payment["source_type"] != "CASH" or not device:
            return
        for shift in self.shifts.values():
            if shift["state"] == "OPEN" and shift["device"]["id"] == f"DEVICEID:{device}":
                self._event(shift, kind, amount_of(payment, "total_money"))
