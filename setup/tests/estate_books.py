"""What the books must show after days in stores, counted from what the customers were handed.

Nothing of what is tested is used here, and nothing of what the registers reported. Debits are
positive; every amount is in the stores' currency.
"""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from simulator_estate import CARD, CASH, GIFT_CARD, ON_ACCOUNT, Life, Line, Ticket

# What an account is for -> debits less credits.
Balances = dict[tuple[str, ...], Decimal]
# (store, SKU) -> units that are left of what was there in the morning.
Shelves = dict[tuple[str, str], Decimal]
SIDES = {CARD: "card", GIFT_CARD: "gift_cards", ON_ACCOUNT: "customers"}


class Oracle:
    """Counts what happened. ``unposted`` are tickets that are on no closed day."""

    def __init__(self, lives: Iterable[Life], unposted: Iterable[str] = ()) -> None:
        self.balances: Balances = defaultdict(Decimal)
        self.units: Shelves = defaultdict(Decimal)
        self.lives, left_out = list(lives), set(unposted)
        for life in self.lives:
            for ticket in life.tickets:
                if not ticket.voided:
                    self._count_goods(ticket)
                    if ticket.id not in left_out:
                        self._count_money(ticket)
            for place, counter in life.counters.items():
                self._count_drawer(place, counter)

    def shelves(self, morning: Shelves) -> Shelves:
        """Return what is left of what was there in the morning."""
        return {key: units - self.units[key] for key, units in morning.items()}

    def _count_goods(self, ticket: Ticket) -> None:
        for line in ticket.lines:
            if line.good:
                self.units[ticket.store, line.good.sku] += line.quantity

    def _count_money(self, ticket: Ticket) -> None:
        for line in ticket.lines:
            self._count_line(line)
        self._add(-ticket.tip, "tips")
        self._add(-ticket.rounding, "rounding")
        for tender in ticket.tenders:
            if tender.method == CASH:
                self._add(tender.amount, "cash", f"{ticket.store}:{ticket.register}")
            else:
                self._add(tender.amount, SIDES[tender.method])

    def _count_line(self, line: Line) -> None:
        """Goods are sold without their taxes; a gift card is owed to who holds it."""
        paid = line.quantity * line.unit_price - line.discount
        cents = paid.quantize(self.lives[0].baskets.terms.unit, "ROUND_HALF_UP")
        if line.good is None:
            self._add(-cents, "gift_cards")
            return
        taxes = sum((amount for _tax, amount in line.taxes), Decimal(0))
        base = cents - taxes if line.taxes_included else cents
        self._add(
            -base, "sales", *sorted(f"{t.title} {t.rate.normalize():f}" for t, _ in line.taxes)
        )
        for tax, amount in line.taxes:
            self._add(-amount, "tax", f"{tax.title} {tax.rate.normalize():f}")

    def _count_drawer(self, place: str, counter) -> None:
        """Cash that came or went without a sale, and what was counted too much or too little."""
        report = counter.report
        if report is None:
            return
        for movement in counter.movements:
            self._add(movement.amount, "cash", place)
            self._add(-movement.amount, "movements")
        difference = report.counted - report.drawer
        self._add(difference, "cash", place)
        self._add(-difference, "over_short")
        deposit = report.counted - report.left
        self._add(-deposit, "cash", place)
        self._add(deposit, "movements")

    def _add(self, amount: Decimal, *role: str) -> None:
        self.balances[role] += amount


def differences(found: Balances, wanted: Balances) -> list[str]:
    """Return in words what is not as it must be."""
    return [
        f"{' '.join(role)}: {found.get(role, 0)} is shown, {wanted.get(role, 0)} is right"
        for role in sorted(found.keys() | wanted.keys())
        if found.get(role, Decimal(0)) != wanted.get(role, Decimal(0))
    ]


def all_sales(balances: Balances) -> Balances:
    """Return balances in which sales are told together, whatever taxes they bear."""
    found: Balances = defaultdict(Decimal)
    for role, amount in balances.items():
        found[role[:1] if role[0] == "sales" else role] += amount
    return found
