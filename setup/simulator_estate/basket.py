"""What customers bring to the register, or back to it."""

from collections.abc import Sequence
from decimal import Decimal
from random import Random

from .goods import Good
from .line import Line, card_line, good_line, gross
from .money import ZERO, rounded, shared_out
from .purse import Memory, Sold
from .terms import Terms

MOST_LINES = 4
PERCENT, BUNDLE = "SUMMER-10", "BUY-2-GET-1"
TENTH = Decimal("0.1")
GRAMS = Decimal("0.001")
CARD_VALUES = (1_000, 2_500, 5_000)  # smallest units


class Baskets:
    """Fills baskets. ``weights`` say how often each good is taken."""

    def __init__(
        self, terms: Terms, goods: Sequence[Good], rng: Random, memory: Memory,
        weights: Sequence[int] = (),
    ) -> None:  # fmt: skip
        self.terms, self.goods, self.rng, self.memory = terms, goods, rng, memory
        self._weights = weights or [1] * len(goods)

    def of(self, good: Good, quantity: Decimal) -> list[Line]:
        """Return a basket of one good."""
        return [good_line(1, good, quantity, self.terms)]

    def some(self) -> list[Line]:
        """Return a basket of some goods at their prices."""
        return [
            good_line(number, good, self._quantity(good), self.terms)
            for number, good in enumerate(self._goods(), 1)
        ]

    def promoted(self) -> list[Line]:
        """Return a basket with a promotion: a tenth off all, or the third one free."""
        return self._bundle() if self.rng.random() < 0.5 else self._percent()

    def card(self, code: str) -> Line:
        """Return a gift card that is sold."""
        value = self.terms.unit * self.rng.choice(CARD_VALUES)
        return card_line(1, code, value, self.terms)

    def returned(self, store: str, *, exchange: bool = False) -> list[Line]:
        """Return a line that comes back with its receipt, and what is taken for it."""
        row = self.memory.pick(self.rng, store)
        if row is None:
            return []
        lines = [self._back(row, 1)]
        if exchange:
            good = self._goods()[0]
            lines.append(good_line(2, good, self._quantity(good), self.terms))
        return lines

    def returned_without_receipt(self) -> list[Line]:
        """Return what comes back and nobody knows from where."""
        good = self._goods()[0]
        return [good_line(1, good, -self._quantity(good), self.terms)]

    def _back(self, row: Sold, number: int) -> Line:
        """Give back all that is left of a line, or some of it with its share of the discount."""
        good = row.line.good
        assert good
        some = Decimal(1) if row.left > 1 and not good.weighed else row.left
        share = row.discount_left
        if some < row.left:
            share = rounded(row.line.discount * some / row.line.quantity, self.terms.unit)
        row.left -= some
        row.discount_left -= share
        names = (row.ticket.id, row.line.id)
        return good_line(
            number, good, -some, self.terms, -share, row.line.promotions, original=names
        )

    def _goods(self) -> list[Good]:
        count = self.rng.randint(1, min(MOST_LINES, len(self.goods)))
        picked = self.rng.choices(self.goods, self._weights, k=count)
        return list(dict.fromkeys(picked))

    def _quantity(self, good: Good) -> Decimal:
        if good.weighed:
            return self.rng.randint(80, 2_400) * GRAMS
        return Decimal(self.rng.choice((1, 1, 1, 2, 3)))

    def _percent(self) -> list[Line]:
        """A tenth of the whole basket, to its lines by what they cost."""
        wanted = [(good, self._quantity(good)) for good in self._goods()]
        costs = [gross(quantity, good.price, self.terms) for good, quantity in wanted]
        off = rounded(sum(costs, ZERO) * TENTH, self.terms.unit)
        shares = shared_out(off, costs, self.terms.unit)
        return [
            good_line(number, good, quantity, self.terms, share, (PERCENT,))
            for number, ((good, quantity), share) in enumerate(zip(wanted, shares, strict=True), 1)
        ]

    def _bundle(self) -> list[Line]:
        """Two are paid, on a line of their own the third is free."""
        pieces = [good for good in self.goods if not good.weighed]
        good = self.rng.choice(pieces)
        price = gross(Decimal(1), good.price, self.terms)
        return [
            good_line(1, good, Decimal(2), self.terms, promotions=(BUNDLE,)),
            good_line(2, good, Decimal(1), self.terms, price, (BUNDLE,)),
        ]
