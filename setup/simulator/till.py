"""What happens to the money of orders: taken, set free, given back, refused.

What the shop does not allow raises ``RefusedError``; nothing has changed then.
"""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from .fulfilment import RefusedError
from .history import History
from .money import Amounts, Terms, rounded
from .order import Order, Payment, Refund

if TYPE_CHECKING:
    from .shop import Shop

UPDATED = ("orders/updated",)
PAID = ("orders/paid", "orders/updated")


class Till:
    """Moves the money of one shop's orders.

    ``refund_status`` is what the gateway says to the next refunds: success, pending or failure.
    """

    def __init__(self, shop: "Shop") -> None:
        self.shop = shop
        self.refund_status = "success"
        self._owners: dict[int, int] = {}

    def owner(self, number: int) -> History | None:
        """Return the order that a movement belongs to."""
        if number not in self._owners:
            for history in self.shop.orders:
                for payment in history.current.payments:
                    self._owners[payment.id] = history.id
        return self.shop.histories.get(self._owners.get(number, 0))

    def transaction(self, number: int) -> tuple[History, Payment]:
        """Return a movement and the history of its order."""
        history = self.owner(number)
        if history is None:
            code = "TRANSACTION_NOT_FOUND"
            raise RefusedError("Transaction does not exist.", ("parentTransactionId",), code)
        return history, history.current.payment(number)

    def allow_captures(self, number: int) -> None:
        """Let an authorisation be captured more than once, as stores of the largest plan can."""
        with self.shop.lock:
            history, parent = self.transaction(number)
            changed = replace(parent, multi_capturable=True)
            self.shop.advance(
                history, lambda order, now: _with(replace(order, updated_at=now), changed), UPDATED
            )

    def capture(self, number: int, amount: Decimal | None = None, final: bool = False) -> Payment:
        """Take money of an authorisation; ``amount`` is in the customer's currency."""
        with self.shop.lock:
            history, parent = self.transaction(number)
            order = history.current
            left = self._capturable(order, parent)
            taken = left if amount is None else _part(left, amount, order.terms)
            if not taken.presentment > 0 or taken.presentment > left.presentment:
                raise RefusedError(
                    "The capture amount can't be greater than the amount of the authorized"
                    " transaction.",
                    ("input", "amount"),
                )
            free = left - taken if final or not parent.multi_capturable else Amounts()

            def change(order: Order, moment: datetime) -> Order:
                made = self._payment(parent, "capture", taken, moment)
                after = replace(order, updated_at=moment, payments=(*order.payments, made))
                if free and parent.multi_capturable:
                    gone = self._payment(parent, "void", free, moment)
                    after = replace(after, payments=(*after.payments, gone))
                paid = after.received.presentment >= after.totals(current=True).total.presentment
                return replace(after, financial="paid" if paid else "partially_paid")

            after = self.shop.advance(history, change, PAID if taken == left else UPDATED)
            return next(one for one in reversed(after.payments) if one.kind == "capture")

    def _capturable(self, order: Order, parent: Payment) -> Amounts:
        """Return what can still be taken of an authorisation."""
        taken = order.moved(parent.id, "capture")
        voided = order.moved(parent.id, "void")
        over = bool(taken) and not parent.multi_capturable
        if parent.kind != "authorization" or parent.status != "success" or voided or over:
            raise RefusedError(
                "The transaction can't be captured.", ("input", "parentTransactionId")
            )
        return parent.amount - taken

    def void(self, number: int) -> Payment:
        """Set an authorisation free of which nothing was taken."""
        with self.shop.lock:
            history, parent = self.transaction(number)
            if parent.kind != "authorization" or parent.status != "success":
                code = "AUTH_NOT_SUCCESSFUL"
                raise RefusedError(
                    "Transaction must be a successful authorization.",
                    ("parentTransactionId",), code,
                )  # fmt: skip
            if history.current.moved(parent.id, "capture", "void"):
                code = "AUTH_NOT_VOIDABLE"
                raise RefusedError("Transaction must be voidable.", ("parentTransactionId",), code)

            def change(order: Order, moment: datetime) -> Order:
                made = self._payment(parent, "void", parent.amount, moment)
                payments = (*order.payments, made)
                return replace(order, updated_at=moment, payments=payments, financial="voided")

            return self.shop.advance(history, change, UPDATED).payments[-1]

    def refundable(self, number: int) -> Amounts:
        """Return what can still be given back of a movement."""
        history, parent = self.transaction(number)
        if parent.kind not in ("sale", "capture") or parent.status != "success":
            return Amounts()
        return parent.amount - history.current.moved(number, "refund")

    def refund(self, number: int, amount: Decimal, note: str | None = None) -> Refund:
        """Give money back; ``amount`` is in the customer's currency."""
        with self.shop.lock:
            history, parent = self.transaction(number)
            left = self.refundable(number)
            if not 0 < amount <= left.presentment:
                raise RefusedError(
                    f"Refund amount must be greater than 0 and at most {left.presentment}.",
                    ("input", "transactions"),
                )
            back = _part(left, amount, history.current.terms)

            def change(order: Order, moment: datetime) -> Order:
                made = self._payment(parent, "refund", back, moment, self.refund_status)
                refund = Refund(
                    self.shop.ids.next("Refund"), moment, (), note, made, restock=False,
                    adjustment_id=self.shop.ids.next("OrderAdjustment"),
                )  # fmt: skip
                after = replace(
                    order, updated_at=moment, payments=(*order.payments, made),
                    refunds=(*order.refunds, refund),
                )  # fmt: skip
                return _judged(after)

            return self.shop.advance(history, change, UPDATED).refunds[-1]

    def fail_refund(self, number: int, error: str = "payment_method_unavailable") -> None:
        """Let the bank send a refund back that the gateway had taken."""
        self._conclude(number, "failure", error)

    def confirm(self, number: int) -> None:
        """Let the gateway say that a pending movement succeeded."""
        self._conclude(number, "success", None)

    def _conclude(self, number: int, status: str, error: str | None) -> None:
        with self.shop.lock:
            history, payment = self.transaction(number)
            changed = replace(payment, status=status, error_code=error)

            def change(order: Order, moment: datetime) -> Order:
                return _judged(_with(replace(order, updated_at=moment), changed))

            self.shop.advance(history, change, UPDATED)

    def decline(self, history: History, error: str = "card_declined") -> Payment:
        """Let a customer try to pay in vain."""

        def change(order: Order, moment: datetime) -> Order:
            due = order.totals(current=True).total
            number = self.shop.ids.next("OrderTransaction")
            failed = Payment(
                number, "shopify_payments", "sale", due, moment, "failure", error_code=error
            )
            return replace(order, updated_at=moment, payments=(*order.payments, failed))

        return self.shop.advance(history, change, UPDATED).payments[-1]

    def _payment(
        self, parent: Payment, kind: str, amount: Amounts, at: datetime, status: str = "success"
    ) -> Payment:
        number = self.shop.ids.next("OrderTransaction")
        error = "generic_error" if status == "failure" else None
        return Payment(number, parent.gateway, kind, amount, at, status, parent.id, error)


def _part(whole: Amounts, amount: Decimal, terms: Terms) -> Amounts:
    """Return a part of an amount, given on the customer's side."""
    if amount == whole.presentment:
        return whole
    return Amounts(rounded(amount / terms.rate, terms.currency), amount)


def _with(order: Order, changed: Payment) -> Order:
    """Return the order with one of its movements changed, also where a refund holds it."""
    payments = tuple(changed if one.id == changed.id else one for one in order.payments)
    refunds = tuple(
        replace(refund, payment=changed)
        if refund.payment and refund.payment.id == changed.id
        else refund
        for refund in order.refunds
    )
    return replace(order, payments=payments, refunds=refunds)


def _judged(order: Order) -> Order:
    """Return the order with the financial status that its refunds make."""
    given = [one for one in order.payments if one.kind == "refund" and one.status == "success"]
    if not given:
        back = order.financial in ("refunded", "partially_refunded")
        return replace(order, financial="paid") if back else order
    return replace(order, financial="partially_refunded" if order.received else "refunded")
