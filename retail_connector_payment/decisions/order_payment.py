"""How far the money of an order has come, by what its payments tell."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from odoo.addons.retail_connector_base.canonical import (
    PaymentKind,
    PaymentState,
    TransactionState,
)

from .payment_state import FAILED, MONEY_IN


class Standing(str, Enum):
    """How far the money has come. Two are pending orders to others: ``FAILED``, whose payment never
    worked, and ``REVERSED``, whose payment had worked and failed afterwards.
    """

    NONE = "none"
    PENDING = "pending"
    FAILED = "failed"
    REVERSED = "reversed"
    AUTHORIZED = "authorized"
    VOIDED = "voided"
    EXPIRED = "expired"
    PARTIALLY_PAID = "partially_paid"
    PAID = "paid"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"

    @property
    def payment_state(self) -> PaymentState:
        """The same in the words that orders use."""
        unpaid = (Standing.NONE, Standing.FAILED, Standing.REVERSED)
        return PaymentState.PENDING if self in unpaid else PaymentState(self.value)


# What took an authorisation back: an order that has not left is held again.
LOST = frozenset({Standing.VOIDED, Standing.EXPIRED, Standing.FAILED, Standing.REVERSED})


@dataclass(frozen=True)
class Transaction:
    """One payment of an order, in the order's currency.

    ``reporter`` is who told it (a backend) under ``name``; ``parent`` is what it captures, voids or
    refunds. ``links`` are names that it shares with other reports of the same tender.
    """

    reporter: int
    name: str
    kind: PaymentKind
    state: TransactionState
    amount: Decimal
    parent: str | None = None
    links: frozenset[str] = frozenset()
    expired: bool = False
    had_succeeded: bool = False

    @property
    def succeeded(self) -> bool:
        """Whether it did what it tried."""
        return self.state is TransactionState.SUCCESS

    @property
    def all_links(self) -> set[str]:
        """What ties it to other reports of the same tender."""
        own = {f"{self.reporter}:{name}" for name in (self.name, self.parent) if name}
        return own | self.links


@dataclass(frozen=True)
class Figures:
    """Sums of an order or of one tender. ``open_amount`` is authorised and can still be taken."""

    captured: Decimal = Decimal(0)
    refunded: Decimal = Decimal(0)
    open_amount: Decimal = Decimal(0)
    voided: bool = False
    expired: bool = False
    failed: bool = False
    reversed: bool = False
    pending: bool = False

    @property
    def knows_of_money(self) -> bool:
        """Whether anything is said of an authorisation or a capture."""
        return bool(self.captured or self.open_amount or self.voided or self.expired)

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            self.captured + other.captured,
            self.refunded + other.refunded,
            self.open_amount + other.open_amount,
            self.voided or other.voided,
            self.expired or other.expired,
            self.failed or other.failed,
            self.reversed or other.reversed,
            self.pending or other.pending,
        )


def tenders(transactions: Iterable[Transaction]) -> list[list[Transaction]]:
    """Return the transactions of each tender: those that are linked, however indirectly."""
    groups: list[tuple[set[str], list[Transaction]]] = []
    for transaction in transactions:
        links, members = set(transaction.all_links), [transaction]
        apart = []
        for group in groups:
            if group[0].isdisjoint(links):
                apart.append(group)
            else:
                links |= group[0]
                members = group[1] + members
        groups = [*apart, (links, members)]
    return [members for _links, members in groups]


def figures_of(transactions: Sequence[Transaction]) -> Figures:
    """Return the sums of an order: tenders add up, reports of one tender do not.

    A shop and a gateway tell of the same money, each what it knows: of each sum the larger counts,
    and what is still open is what the one who saw more of it taken says.
    """
    total = Figures()
    for members in tenders(transactions):
        reporters = {member.reporter for member in members}
        total += _same_money(
            [_reported([m for m in members if m.reporter == reporter]) for reporter in reporters]
        )
    return total


def _same_money(reports: list[Figures]) -> Figures:
    captured = max(report.captured for report in reports)
    closest = [r for r in reports if r.captured == captured and r.knows_of_money]
    return Figures(
        captured=captured,
        refunded=max(report.refunded for report in reports),
        open_amount=min((report.open_amount for report in closest), default=Decimal(0)),
        voided=any(report.voided for report in reports),
        expired=any(report.expired for report in reports),
        failed=any(report.failed for report in reports),
        reversed=any(report.reversed for report in reports),
        pending=any(report.pending for report in reports),
    )


def _reported(members: list[Transaction]) -> Figures:
    """Return what one reporter says of one tender."""
    done = [member for member in members if member.succeeded]
    rests = {m: _rest(m, done) for m in done if m.kind is PaymentKind.AUTHORIZATION}
    change = _sum(done, PaymentKind.CHANGE)
    failed = [member for member in members if _counts_as_failed(member)]
    return Figures(
        captured=_sum(done, *MONEY_IN) - change,
        refunded=_sum(done, PaymentKind.REFUND),
        open_amount=sum((r for m, r in rests.items() if not m.expired), Decimal(0)),
        voided=any(member.kind is PaymentKind.VOID for member in done),
        expired=any(member.expired and rest for member, rest in rests.items()),
        failed=bool(failed),
        reversed=any(member.had_succeeded for member in failed),
        pending=any(member.state is TransactionState.PENDING for member in members),
    )


def _sum(done: Iterable[Transaction], *kinds: PaymentKind) -> Decimal:
    return sum((member.amount for member in done if member.kind in kinds), Decimal(0))


def _rest(authorisation: Transaction, done: Iterable[Transaction]) -> Decimal:
    """Return what can still be taken. A void ends all of it, whatever amount it names."""
    children = [member for member in done if member.parent == authorisation.name]
    if any(child.kind is PaymentKind.VOID for child in children):
        return Decimal(0)
    return max(authorisation.amount - _sum(children, *MONEY_IN), Decimal(0))


def _counts_as_failed(transaction: Transaction) -> bool:
    paying = transaction.kind in MONEY_IN or transaction.kind is PaymentKind.AUTHORIZATION
    return paying and transaction.state in FAILED


def standing(figures: Figures, total: Decimal) -> Standing:
    """Return how far an order of this total is paid.

    What is authorised counts as long as it can be taken: a gift card with an authorised rest, and
    an order whose first parcel was captured, are authorised.
    """
    if figures.refunded and figures.captured:
        whole = figures.refunded >= figures.captured
        return Standing.REFUNDED if whole else Standing.PARTIALLY_REFUNDED
    if figures.captured and figures.captured >= total:
        return Standing.PAID
    if figures.open_amount and figures.captured + figures.open_amount >= total:
        return Standing.AUTHORIZED
    if figures.captured > 0:
        return Standing.PARTIALLY_PAID
    return _unpaid(figures)


def _unpaid(figures: Figures) -> Standing:
    if figures.open_amount or figures.pending:
        return Standing.PENDING
    if figures.voided:
        return Standing.VOIDED
    if figures.expired:
        return Standing.EXPIRED
    if figures.reversed:
        return Standing.REVERSED
    return Standing.FAILED if figures.failed else Standing.NONE


# Which of two words about an order's money tells more. A failed attempt tells nothing of the others
# that there may have been.
_SAYS: dict[str, int] = {
    each.value: place
    for place, words in enumerate(
        (
            (PaymentState.UNKNOWN, Standing.NONE, Standing.FAILED),
            (PaymentState.PENDING,),
            (PaymentState.AUTHORIZED,),
            (Standing.REVERSED,),
            (PaymentState.EXPIRED, PaymentState.VOIDED),
            (PaymentState.PARTIALLY_PAID,),
            (PaymentState.PAID,),
            (PaymentState.PARTIALLY_REFUNDED,),
            (PaymentState.REFUNDED,),
        )
    )
    for each in words
}
# Who sees a part of the money taken contradicts nobody who sees that the whole can be taken.
_COVERED = {PaymentState.AUTHORIZED, PaymentState.PARTIALLY_PAID}


def counted_state(word: PaymentState | None, facts: Standing) -> PaymentState:
    """Return the state that counts: the channel's word or what the payments tell.

    Whichever tells more. Neither alone knows everything (a shop does not see a bank transfer, a
    gateway does not see the gift card), and what has happened to money does not unhappen: a lost
    authorisation counts more than an authorisation, money that came more than both.
    """
    told = facts.payment_state
    if word is None:
        return told
    if {word, told} == _COVERED:
        return PaymentState.AUTHORIZED
    return told if _SAYS[facts.value] > _SAYS[word.value] else word
