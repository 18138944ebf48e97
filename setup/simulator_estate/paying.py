"""How customers pay: one tender or several, change, coins that are too small to exist."""

from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from random import Random

from .money import ZERO, rounded
from .purse import Purse
from .terms import Terms
from .ticket import CARD, CASH, GIFT_CARD, ON_ACCOUNT, Person, Tender

WAYS = ("cash", "cash", "cash", "card", "card", "card", "split", "gift_card", "account")
BACK = ("cash", "cash", "card")
TIP_STEPS = (1, 2, 5)
UNITS_OF_TIP = 50


@dataclass
class Payment:
    """The tenders of one ticket, and what paying in coins made of its total."""

    tenders: list[Tender] = field(default_factory=list)
    rounding: Decimal = ZERO
    customer: Person | None = None

    def add(self, method: str, amount: Decimal, card: str | None = None) -> None:
        """Add a tender."""
        self.tenders.append(Tender(str(len(self.tenders) + 1), method, amount, card))


@dataclass
class Cashdesk:
    """Takes money. ``travel``: cards are used in other stores than they were sold in."""

    terms: Terms
    rng: Random
    purse: Purse
    place: str
    travel: bool = False

    def take(self, due: Decimal, known: Person) -> Payment:
        """Let a customer pay, or give him his money back where ``due`` is negative."""
        payment = Payment()
        if due < 0:
            self._give_back(payment, due)
        elif due > 0:
            getattr(self, f"_{self.rng.choice(WAYS)}")(payment, due, known)
        return payment

    def tip(self) -> Decimal:
        """Return what a content customer adds."""
        return self.terms.unit * UNITS_OF_TIP * self.rng.choice(TIP_STEPS)

    def _give_back(self, payment: Payment, due: Decimal) -> None:
        if self.rng.choice(BACK) == "card":
            payment.add(CARD, due)
        else:
            payment.add(CASH, self._in_coins(payment, due))

    def _in_coins(self, payment: Payment, due: Decimal) -> Decimal:
        given = rounded(due, self.terms.coin)
        payment.rounding = given - due
        return given

    def _cash(self, payment: Payment, due: Decimal, _known: Person) -> None:
        wanted = self._in_coins(payment, due)
        note = self.rng.choice(self.terms.notes)
        notes = (wanted / note).to_integral_value(ROUND_CEILING)
        given = note * notes if self.rng.random() < 0.7 else wanted
        if given:
            payment.add(CASH, given)
        if given > wanted:
            payment.add(CASH, wanted - given)

    def _card(self, payment: Payment, due: Decimal, _known: Person) -> None:
        payment.add(CARD, due)

    def _split(self, payment: Payment, due: Decimal, known: Person) -> None:
        part = rounded(due * self.rng.randint(1, 9) / 10, self.terms.unit)
        if part:
            payment.add(CARD, part)
        if due - part:
            self._cash(payment, due - part, known)

    def _gift_card(self, payment: Payment, due: Decimal, known: Person) -> None:
        code = self.purse.pick(self.rng, self.place, self.travel)
        if code:
            given = self.purse.use(code, due)
            payment.add(GIFT_CARD, given, code)
            due -= given
        if due:
            (self._cash if self.rng.random() < 0.5 else self._card)(payment, due, known)

    def _account(self, payment: Payment, due: Decimal, known: Person) -> None:
        payment.customer = known
        payment.add(ON_ACCOUNT, due)
