"""Lets a day pass in all stores, by a seed; everything is pure, nothing is sent."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from .basket import Baskets
from .counter import Counter
from .goods import Good
from .habits import Habits
from .money import ZERO, rounded
from .paying import Cashdesk, Payment
from .purse import Memory, Purse
from .ticket import CARD, CASH, Person, Ticket
from .world import Store

OPENS, HOURS = time(9), 11
AFTERWARDS = timedelta(minutes=1)
PEOPLE = 8
CASHIERS = ("anna", "ben", "cleo")
SKEWS = (-43, -7, 4, 18)  # minutes
NOTHING: Mapping[str, Decimal] = {}
OVERS = (-500, -37, 5, 120, 1_000)  # smallest units


class Life:
    """One day of an estate. ``counters`` are its registers, by their identity.

    ``begin`` (UTC) and ``hours`` say when it happens; the business date is ``day`` in any case.
    ``before`` is the day before: numbers, drawers, gift cards and what may come back go on from it.
    """

    def __init__(
        self, stores: Sequence[Store], goods: Sequence[Good], seed: object, day: date,
        habits: Habits | None = None, *, begin: datetime | None = None, hours: float = HOURS,
        weights: Sequence[int] = (), before: "Life | None" = None,
    ) -> None:  # fmt: skip
        self.habits, self.seed, self.day = habits or Habits(), seed, day
        self.rng = Random(f"{seed}:life:{day}")
        zone = ZoneInfo(stores[0].terms.timezone)
        self.begin = begin or datetime.combine(day, OPENS, zone).astimezone(ZoneInfo("UTC"))
        self.length = timedelta(hours=hours)
        self.purse = before.purse if before else Purse()
        self.memory = before.memory if before else Memory()
        self.people = [_person(seed, number) for number in range(PEOPLE)]
        self.counters = {
            counter.place: counter
            for store in stores
            for register in store.registers
            for counter in [Counter(store, register, day, skew=self._skew())]
        }
        for place, counter in before.counters.items() if before else ():
            self.counters[place].go_on_from(counter)
        terms = stores[0].terms
        self.baskets = Baskets(terms, goods, self.rng, self.memory, weights)
        self._breaks = {place: self._break() for place in self.counters}
        self._cards = 0

    def live(self, things: int) -> "Life":
        """Let so many things happen at registers that are drawn, then close them all."""
        return self.trade(things).close()

    def trade(self, things: int) -> "Life":
        """Let so many things happen, and leave the registers open."""
        for share in sorted(self.rng.random() for _ in range(things)):
            self.go_on(self.begin + share * self.length)
        return self

    def go_on(self, at: datetime, place: str | None = None) -> Ticket | None:
        """Let one thing happen at a register, or at any."""
        counter = self.counters[place or self.rng.choice(list(self.counters))]
        away = self._breaks[counter.place]
        counter.offline = bool(away and away[0] <= at < away[1])
        names, weights = zip(*self.habits.things, strict=True)
        thing = self.rng.choices(names, weights)[0]
        return getattr(self, f"_{thing}")(counter, at)

    def close(
        self, overs: Mapping[str, Decimal] = NOTHING, after: Collection[str] = (),
        at: datetime | None = None,
    ) -> "Life":  # fmt: skip
        """Let every register report its day; some print another ticket afterwards.

        ``overs`` says by how much the drawers of some registers are miscounted, and ``after`` which
        registers print one more ticket, whatever the habits are; ``at`` when, if not in the end.
        """
        end = at or self.begin + self.length
        for place, counter in self.counters.items():
            counter.offline = False
            counter.close(end, overs.get(place, self._over(counter)))
            if place in after or self._happens(self.habits.after_report):
                self.mark(self._sell(counter, end + AFTERWARDS), "after_report")
        return self

    def mark(self, ticket: Ticket, word: str) -> Ticket:
        """Say what becomes of a ticket on its way."""
        counter = self.counters[f"{ticket.store}:{ticket.register}"]
        return counter.renew(ticket, marks=ticket.marks | {word})

    def _over(self, counter: Counter) -> Decimal:
        if not self._happens(self.habits.miscounted):
            return ZERO
        terms = counter.store.terms
        return rounded(terms.unit * self.rng.choice(OVERS), terms.coin)

    @property
    def tickets(self) -> list[Ticket]:
        """All tickets in the order in which they were printed."""
        found = [ticket for one in self.counters.values() for ticket in one.tickets]
        return sorted(found, key=lambda ticket: (ticket.sold_at, ticket.id))

    def sell(
        self, place: str, at: datetime, good: Good, quantity: int = 1, *, voided: bool = False
    ) -> Ticket:
        """Sell one good by hand, whatever else happens."""
        counter = self.counters[place]
        lines = self.baskets.of(good, Decimal(quantity))
        return self._ring_up(counter, at, lines, voided=voided)

    # What happens

    def _sell(self, counter: Counter, at: datetime) -> Ticket:
        return self._ring_up(counter, at, self.baskets.some())

    def _promote(self, counter: Counter, at: datetime) -> Ticket:
        return self._ring_up(counter, at, self.baskets.promoted())

    def _void(self, counter: Counter, at: datetime) -> Ticket:
        return self._ring_up(counter, at, self.baskets.some(), voided=True)

    def _sell_card(self, counter: Counter, at: datetime) -> Ticket:
        self._cards += 1
        code = f"GC-{self.seed}-{self.day:%y%m%d}-{self._cards:04d}"
        line = self.baskets.card(code)
        desk, payment = self._desk(counter), Payment()
        desk._card(payment, line.total, self.people[0])
        self.purse.issue(code, line.total, counter.place)
        return self._print(counter, at, [line], payment)

    def _give_back(self, counter: Counter, at: datetime) -> Ticket | None:
        lines = self.baskets.returned(counter.store.id)
        return self._ring_up(counter, at, lines) if lines else None

    def _give_back_unknown(self, counter: Counter, at: datetime) -> Ticket:
        return self._ring_up(counter, at, self.baskets.returned_without_receipt())

    def _exchange(self, counter: Counter, at: datetime) -> Ticket | None:
        lines = self.baskets.returned(counter.store.id, exchange=True)
        return self._ring_up(counter, at, lines) if lines else None

    def _pay_in(self, counter: Counter, at: datetime) -> None:
        self._move(counter, at, "paid_in", 1, "Change from the bank")

    def _pay_out(self, counter: Counter, at: datetime) -> None:
        self._move(counter, at, "paid_out", -1, "Window cleaner")

    def _drop(self, counter: Counter, at: datetime) -> None:
        self._move(counter, at, "bank_drop", -1, "Night safe")

    def _move(self, counter: Counter, at: datetime, kind: str, sign: int, reason: str) -> None:
        terms = counter.store.terms
        amount = rounded(terms.unit * self.rng.randint(500, 5_000), terms.coin)
        counter.move_cash(at, kind, sign * amount, reason)

    # A ticket

    def _ring_up(
        self, counter: Counter, at: datetime, lines: Sequence, *, voided: bool = False
    ) -> Ticket:
        due = sum((line.total for line in lines), ZERO)
        desk, person = self._desk(counter), self.rng.choice(self.people)
        tip = desk.tip() if due > 0 and self._happens(self.habits.tip) else ZERO
        payment = Payment() if voided else desk.take(due + tip, person)
        known = person if self._happens(self.habits.known) else None
        return self._print(counter, at, lines, payment, tip=tip, customer=known, voided=voided)

    def _print(
        self, counter: Counter, at: datetime, lines: Sequence, payment: Payment, **values: object
    ) -> Ticket:
        cashier = f"{counter.store.id}-{self.rng.choice(CASHIERS)}"
        ticket = counter.ring_up(at, lines, payment, cashier=cashier, **values)
        if _is_plain(ticket) and self._happens(self.habits.voided_later):
            return counter.renew(ticket, voided=True, marks=frozenset({"voided_later"}))
        if ticket.counts:
            self.memory.note(ticket)
        cards = any(one.method == CARD and one.amount > 0 for one in ticket.tenders)
        if ticket.offline and cards and self._happens(self.habits.declined):
            return self.mark(ticket, "declined")
        if self._happens(self.habits.lost):
            ticket = counter.renew(ticket, marks=frozenset({"lost"}))
        return ticket

    def _desk(self, counter: Counter) -> Cashdesk:
        terms, travel = counter.store.terms, self.habits.travel
        return Cashdesk(terms, self.rng, self.purse, counter.place, travel)

    # Chance

    def _happens(self, probability: float) -> bool:
        return probability > 0 and self.rng.random() < probability

    def _skew(self) -> timedelta:
        off = self._happens(self.habits.skewed)
        return timedelta(minutes=self.rng.choice(SKEWS)) if off else timedelta()

    def _break(self) -> tuple[datetime, datetime] | None:
        if not self._happens(self.habits.offline):
            return None
        start = self.begin + self.rng.uniform(0.1, 0.6) * self.length
        return start, start + self.rng.uniform(0.1, 0.5) * self.length


def _is_plain(ticket: Ticket) -> bool:
    """Tell whether nothing else depends on a ticket: no card, and nothing that was sold before."""
    sold = all(line.good and line.quantity > 0 for line in ticket.lines)
    return ticket.counts and sold and {one.method for one in ticket.tenders} <= {CASH, CARD}


def _person(seed: object, number: int) -> Person:
    return Person(f"C-{seed}-{number}", f"Customer {number}", f"c{number}.{seed}@example.com")
