"""What becomes of money after an order was placed, by chance: for demonstrations and properties."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from .history import History
from .money import rounded
from .order import Payment

if TYPE_CHECKING:
    from .shop import Shop

Chosen = TypeVar("Chosen")
ACTIONS = (
    "capture", "void", "refund", "refund", "decline", "issue", "advance", "advance", "fail",
    "fail_refund", "dispute", "inquire", "escalate", "respond", "win", "lose", "reserve", "release",
)  # fmt: skip


class MoneyLife:
    """Lets things happen to a shop's money, by the shop's seed and a purpose.

    What cannot happen at that moment does not happen; nothing is ever refused.
    """

    def __init__(self, shop: "Shop", purpose: str = "money") -> None:
        self.shop, self.rng = shop, shop.rng(purpose)

    def live(self, steps: int, actions: Iterable[str] = ACTIONS) -> list[str]:
        """Let a number of things happen; returns which did."""
        names = tuple(actions)
        return [name for _ in range(steps) if self.act(name := self.rng.choice(names))]

    def act(self, name: str) -> bool:
        """Let one thing happen if it can; tells whether it did."""
        with self.shop.lock:
            return bool(getattr(self, f"_{name}")())

    # Orders

    def _capture(self) -> bool:
        held = self._pick(self._held())
        if held:
            whole = held.amount.presentment
            part = self.rng.choice((whole, whole, self._part(held)))
            self.shop.till.capture(held.id, part, final=True)
        return bool(held)

    def _void(self) -> bool:
        held = self._pick(self._held())
        if held:
            self.shop.till.void(held.id)
        return bool(held)

    def _refund(self) -> bool:
        till = self.shop.till
        paid = self._pick([one for one in self._payments() if till.refundable(one.id).presentment])
        if paid:
            left = till.refundable(paid.id).presentment
            till.refund(paid.id, self.rng.choice((left, min(left, self._part(paid)))))
        return bool(paid)

    def _fail_refund(self) -> bool:
        given = [one for one in self._payments() if one.kind == "refund"]
        chosen = self._pick([one for one in given if one.status == "success"])
        if chosen:
            # The gateway knows of it before it comes back.
            _ = self.shop.account.entries
            self.shop.till.fail_refund(chosen.id)
        return bool(chosen)

    def _decline(self) -> bool:
        history = self._pick(self.shop.orders)
        if history:
            self.shop.till.decline(history)
        return bool(history)

    # The account

    def _issue(self) -> bool:
        return self.shop.account.issue() is not None

    def _advance(self) -> bool:
        return self._with_payout("advance", "scheduled", "in_transit")

    def _fail(self) -> bool:
        return self._with_payout("fail", "in_transit", "paid")

    def _with_payout(self, action: str, *states: str) -> bool:
        account = self.shop.account
        number = self._pick([one.id for one in account.payouts.values() if one.status in states])
        if number:
            getattr(account, action)(number)
        return bool(number)

    def _dispute(self, inquiry: bool = False) -> bool:
        disputed = {one.order_id for one in self.shop.account.disputes.values()}
        history = self._pick(
            [one for one in self.shop.orders if one.id not in disputed and self._earned(one)]
        )
        if history:
            self.shop.account.dispute(history, inquiry=inquiry)
        return bool(history)

    def _inquire(self) -> bool:
        return self._dispute(inquiry=True)

    def _escalate(self) -> bool:
        return self._with_dispute("escalate", kind="inquiry")

    def _respond(self) -> bool:
        return self._with_dispute("respond", status="needs_response")

    def _win(self) -> bool:
        return self._with_dispute("win")

    def _lose(self) -> bool:
        return self._with_dispute("lose")

    def _with_dispute(self, action: str, **wanted: str) -> bool:
        account = self.shop.account
        number = self._pick(
            [
                one.id
                for one in account.disputes.values()
                if not one.finalized_on
                and all(getattr(one, name) == value for name, value in wanted.items())
            ]
        )
        if number:
            getattr(account, action)(number)
        return bool(number)

    def _reserve(self) -> bool:
        amount = rounded(max(self.shop.account.balance, Decimal(0)) / 10, self.shop.currency)
        if amount:
            self.shop.account.adjust(-amount, "Reserve", "RESERVED_FUNDS_WITHDRAWAL")
        return bool(amount)

    def _release(self) -> bool:
        entries = self.shop.account.entries
        held = -sum((one.net for one in entries if one.kind in RESERVES), Decimal(0))
        if held > 0:
            self.shop.account.adjust(held, "Reserve", "RESERVED_FUNDS_REVERSAL")
        return held > 0

    # Choosing

    def _payments(self) -> list[Payment]:
        return [payment for history in self.shop.orders for payment in history.current.payments]

    def _held(self) -> list[Payment]:
        """Return the authorisations of which nothing was taken or set free."""
        return [
            payment
            for history in self.shop.orders
            for payment in history.current.payments
            if payment.kind == "authorization" and payment.status == "success"
            and not history.current.moved(payment.id, "capture", "void")
        ]  # fmt: skip

    @staticmethod
    def _earned(history: History) -> bool:
        return any(
            one.gateway == "shopify_payments" and one.received.shop > 0
            for one in history.current.payments
        )

    def _part(self, payment: Payment) -> Decimal:
        """Return a payable part of a payment, in the customer's currency."""
        history = self.shop.till.owner(payment.id)
        part = payment.amount.presentment * Decimal(self.rng.randint(1, 99)) / 100
        currency = history.current.terms.presentment if history else self.shop.currency
        return rounded(part, currency) or payment.amount.presentment

    def _pick(self, choices: Sequence[Chosen]) -> Chosen | None:
        return self.rng.choice(choices) if choices else None


RESERVES = ("RESERVED_FUNDS_WITHDRAWAL", "RESERVED_FUNDS_REVERSAL")
