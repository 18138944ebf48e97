"""The shop's account at its own gateway: what is earned, what it costs, what is paid out.

Everything that moves the balance is an entry. ``amount`` is gross, ``fee`` is taken off it, and
what belongs to no payout yet waits for the next one.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING

from .balance import BalanceEntry, Dispute, Payout, total
from .fulfilment import RefusedError
from .history import History
from .money import rounded
from .order import Payment

if TYPE_CHECKING:
    from .shop import Shop

GATEWAY = "shopify_payments"
RATE, FIXED, DISPUTE_FEE = Decimal("0.029"), Decimal("0.30"), Decimal("15.00")
NEXT = {"scheduled": "in_transit", "in_transit": "paid"}
REPLY_DAYS = 7


class Account:
    """Keeps one shop's books at the gateway. ``active`` says whether the shop uses it at all."""

    def __init__(self, shop: "Shop") -> None:
        self.shop, self.active = shop, True
        self.payouts: dict[int, Payout] = {}
        self.dispute_states: dict[int, list[Dispute]] = {}
        self._entries: dict[int, BalanceEntry] = {}
        self._booked: dict[int, str] = {}

    @property
    def entries(self) -> list[BalanceEntry]:
        """All movements up to now, in the order in which they were booked."""
        with self.shop.lock:
            self._book_payments()
            return list(self._entries.values())

    @property
    def balance(self) -> Decimal:
        """What the gateway holds, in the shop's currency."""
        return total(self.entries)

    @property
    def disputes(self) -> dict[int, Dispute]:
        """All disputes as they are now."""
        return {number: states[-1] for number, states in self.dispute_states.items()}

    def of_payout(self, number: int) -> list[BalanceEntry]:
        """Return a payout's entries, its own transaction included."""
        return [entry for entry in self.entries if entry.payout_id == number]

    def adjust(
        self, amount: Decimal, reason: str, kind: str = "ADJUSTMENT", fee: Decimal = Decimal(0)
    ) -> BalanceEntry:
        """Let the gateway book something of its own: a correction, a label, a reserve, a loan."""
        with self.shop.lock:
            self._book_payments()
            return self._book(kind, amount, self._now(), fee, reason=reason)

    # Payouts

    def issue(self) -> Payout | None:
        """Pay out all that waits; ``None`` when nothing does."""
        with self.shop.lock:
            waiting = [entry for entry in self.entries if entry.payout_id is None]
            if not waiting:
                return None
            net = total(waiting)
            payout = Payout(self.shop.ids.next("Payout"), net, self._now())
            self.payouts[payout.id] = payout
            for entry in waiting:
                self._entries[entry.id] = replace(entry, payout_id=payout.id)
            self._book(
                "TRANSFER", -net, payout.issued_at, source="TRANSFER", source_id=payout.id,
                payout_id=payout.id,
            )  # fmt: skip
            return payout

    def advance(self, number: int) -> Payout:
        """Bring a payout one step further: scheduled, in transit, paid."""
        with self.shop.lock:
            payout = self.payouts[number]
            if payout.status not in NEXT:
                raise RefusedError(f"The payout is {payout.status}.")
            return self._put(replace(payout, status=NEXT[payout.status]))

    def settle(self, number: int) -> Payout:
        """Bring a payout to the bank."""
        while self.payouts[number].status in NEXT:
            self.advance(number)
        return self.payouts[number]

    def fail(self, number: int) -> Payout:
        """Let the bank send a payout back, also after it was paid: the next one takes its money."""
        return self._return(number, "failed", "TRANSFER_FAILURE")

    def cancel(self, number: int) -> Payout:
        """Call a payout back before the bank has it."""
        if self.payouts[number].status != "scheduled":
            raise RefusedError("The payout is on its way.")
        return self._return(number, "canceled", "TRANSFER_CANCEL")

    def _return(self, number: int, status: str, kind: str) -> Payout:
        with self.shop.lock:
            payout = self.payouts[number]
            if payout.status in ("failed", "canceled"):
                raise RefusedError(f"The payout is {payout.status}.")
            self._book(
                kind, payout.net, self._now(), source="TRANSFER", source_id=number
            )  # fmt: skip
            return self._put(replace(payout, status=status))

    def _put(self, payout: Payout) -> Payout:
        self.payouts[payout.id] = payout
        return payout

    # Disputes

    def dispute(
        self, history: History, amount: Decimal | None = None, inquiry: bool = False
    ) -> Dispute:
        """Let the customer's bank ask for money back, or only ask."""
        with self.shop.lock:
            self._book_payments()
            payment = next(one for one in history.current.payments if _earned(one))
            now = self._now()
            made = Dispute(
                self.shop.ids.next("Dispute"), history.id, payment.id,
                "inquiry" if inquiry else "chargeback", amount or payment.amount.shop, now,
                now + timedelta(days=REPLY_DAYS), now,
            )  # fmt: skip
            self.dispute_states[made.id] = [made]
            if not inquiry:
                self._take(made)
            return made

    def escalate(self, number: int) -> Dispute:
        """Let an inquiry become a chargeback."""
        with self.shop.lock:
            changed = self._move(number, kind="chargeback", status="needs_response")
            self._take(changed)
            return changed

    def respond(self, number: int) -> Dispute:
        """Send evidence."""
        return self._move(number, status="under_review", sent_on=self._now())

    def win(self, number: int) -> Dispute:
        """Let the bank decide for the shop: money and fee come back."""
        with self.shop.lock:
            won = self._move(number, status="won", finalized_on=self._now())
            if won.kind == "chargeback":
                self._of_dispute(won, "DISPUTE_REVERSAL", won.amount)
                self._of_dispute(won, "CHARGEBACK_FEE_REFUND", self._dispute_fee)
            return won

    def lose(self, number: int, accepted: bool = False) -> Dispute:
        """Let the bank decide for its customer, or the shop give in."""
        status = "accepted" if accepted else "lost"
        return self._move(number, status=status, finalized_on=self._now())

    def _take(self, dispute: Dispute) -> None:
        self._of_dispute(dispute, "DISPUTE_WITHDRAWAL", -dispute.amount)
        self._of_dispute(dispute, "CHARGEBACK_FEE", -self._dispute_fee)

    def _of_dispute(self, dispute: Dispute, kind: str, amount: Decimal) -> None:
        self._book(
            kind, amount, dispute.changed_at, source="DISPUTE", source_id=dispute.id,
            order_id=dispute.order_id, payment_id=dispute.payment_id,
        )  # fmt: skip

    def _move(self, number: int, **values: object) -> Dispute:
        with self.shop.lock:
            states = self.dispute_states[number]
            if states[-1].finalized_on:
                raise RefusedError("The dispute is decided.")
            moment = max(self._now(), states[-1].changed_at + timedelta(seconds=1))
            states.append(replace(states[-1], changed_at=moment, **values))
            return states[-1]

    @property
    def _dispute_fee(self) -> Decimal:
        return self.shop.usual(DISPUTE_FEE)

    # Booking

    def _book_payments(self) -> None:
        """Book what customers paid and got back since the last time, the oldest first."""
        for history, payment in sorted(self._news(), key=lambda pair: (pair[1].at, pair[1].id)):
            booked = self._booked.get(payment.id)
            if booked and payment.status == "failure":
                self._of_payment(history, payment, "REFUND_FAILURE", payment.amount.shop)
            elif payment.kind == "refund":
                self._of_payment(history, payment, "REFUND", -payment.amount.shop)
            else:
                self._of_payment(history, payment, "CHARGE", payment.amount.shop)
            self._booked[payment.id] = payment.status

    def _news(self) -> Iterator[tuple[History, Payment]]:
        for history in self.shop.orders if self.active else ():
            for payment in history.current.payments:
                booked = self._booked.get(payment.id)
                new = booked is None and (_earned(payment) or _given(payment))
                if new or (booked == "success" and payment.status == "failure"):
                    yield history, payment

    def _of_payment(self, history: History, payment: Payment, kind: str, amount: Decimal) -> None:
        fee = self._fee(amount) if kind == "CHARGE" else Decimal(0)
        source = "CHARGE" if kind == "CHARGE" else "REFUND"
        self._book(
            kind, amount, payment.at, fee, source=source, source_id=payment.id,
            order_id=history.id, payment_id=payment.id,
        )  # fmt: skip

    def _fee(self, amount: Decimal) -> Decimal:
        return rounded(amount * RATE, self.shop.currency) + self.shop.usual(FIXED)

    def _book(
        self, kind: str, amount: Decimal, at: datetime, fee: Decimal = Decimal(0), **values: object
    ) -> BalanceEntry:
        number = self.shop.ids.next("BalanceTransaction")
        entry = BalanceEntry(number, kind, amount, fee, at, **values)
        self._entries[number] = entry
        return entry

    @staticmethod
    def _now() -> datetime:
        return datetime.now(timezone.utc).replace(microsecond=0)


def _earned(payment: Payment) -> bool:
    return _ours(payment) and payment.kind in ("sale", "capture")


def _given(payment: Payment) -> bool:
    return _ours(payment) and payment.kind == "refund"


def _ours(payment: Payment) -> bool:
    return payment.gateway == GATEWAY and payment.status == "success"
