from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..decisions.return_match import ReturnBook, SoldLine
from ..decisions.return_split import shares, split_line
from .tickets import line

PRODUCTS = "AB"
units = st.integers(1, 5).map(Decimal)
sold_lines = st.lists(
    st.tuples(st.sampled_from(PRODUCTS), units, st.integers(0, 5).map(Decimal)), max_size=6
)
returns = st.lists(
    st.tuples(
        st.integers(1, 3),
        st.one_of(st.none(), st.integers(0, 6)),
        st.sampled_from(PRODUCTS),
        units,
    ),
    max_size=12,
)


def sold(*rows):
    """Return sold lines L0, L1, … of (product, quantity, returned)."""
    return [
        SoldLine(number, f"L{number}", product, Decimal(quantity), Decimal(returned))
        for number, (product, quantity, returned) in enumerate(rows)
    ]


def parts_of(taken):
    """Return what was taken by line."""
    return {part.key: int(part.quantity) for part in taken.parts}


@tagged("post_install", "-at_install")
class TestReturnMatch(BaseCase):
    """Which sold units a return takes."""

    def _take(self, lines, quantity, product="A", line_id=None):
        book = ReturnBook(lines)
        return book.take(1, [each.key for each in lines], line_id, product, Decimal(quantity))

    def test_a_named_line_gives_and_no_other(self):
        lines = sold(("A", 1, 0), ("A", 5, 0))
        self.assertEqual(parts_of(self._take(lines, 3, line_id="L1")), {1: 3})
        self.assertEqual(self._take(lines, 2, line_id="L0").missing, 1)

    def test_without_a_name_the_line_that_fits_exactly_gives(self):
        lines = sold(("A", 5, 0), ("B", 2, 0), ("A", 3, 1))
        self.assertEqual(parts_of(self._take(lines, 2)), {2: 2})
        self.assertEqual(parts_of(self._take(lines, 4)), {0: 4})

    def test_several_lines_give_where_none_has_enough(self):
        lines = sold(("A", 2, 0), ("A", 3, 1))
        self.assertEqual(parts_of(self._take(lines, 4)), {0: 2, 1: 2})

    def test_more_than_is_left_takes_nothing(self):
        lines = sold(("A", 2, 1))
        taken = self._take(lines, 2)
        self.assertEqual((taken.parts, taken.missing, taken.contested), ((), 1, False))

    def test_what_another_return_took_is_contested_and_what_oneself_took_is_not(self):
        book = ReturnBook(sold(("A", 1, 0)))
        book.take("first", [0], None, "A", Decimal(1))
        self.assertTrue(book.take("second", [0], None, "A", Decimal(1)).contested)
        self.assertFalse(book.take("first", [0], None, "A", Decimal(1)).contested)

    @given(sold_lines, returns)
    def test_never_more_comes_back_than_was_sold(self, rows, wanted):
        lines = sold(*rows)
        book, back = ReturnBook(lines), {}
        keys = [each.key for each in lines]
        for owner, number, product, quantity in wanted:
            line_id = None if number is None else f"L{number}"
            taken = book.take(owner, keys, line_id, product, quantity)
            total = sum(part.quantity for part in taken.parts)
            self.assertEqual(total, 0 if taken.missing else quantity)
            for part in taken.parts:
                back[part.key] = back.get(part.key, 0) + part.quantity
                self.assertGreater(part.quantity, 0)
        for each in lines:
            self.assertLessEqual(back.get(each.key, 0), max(each.quantity - each.returned, 0))

    @given(sold_lines, st.sampled_from(PRODUCTS), units)
    def test_what_is_there_is_always_found(self, rows, product, quantity):
        lines = sold(*rows)
        there = sum(max(one.quantity - one.returned, 0) for one in lines if one.product == product)
        self.assertEqual(bool(self._take(lines, quantity, product).parts), there >= quantity)


@tagged("post_install", "-at_install")
class TestReturnSplit(BaseCase):
    """One told line as several."""

    @given(
        st.decimals("-1000", "1000", places=2),
        st.lists(st.integers(1, 9).map(Decimal), min_size=1, max_size=5),
    )
    def test_shares_add_up(self, amount, weights):
        parts = shares(amount, weights, Decimal("0.01"))
        self.assertEqual((sum(parts), len(parts)), (amount, len(weights)))
        self.assertTrue(all(part == part.quantize(Decimal("0.01")) for part in parts))

    @given(st.lists(st.integers(1, 9), min_size=1, max_size=4), st.decimals("0", "5", places=2))
    def test_a_divided_line_comes_to_the_same(self, quantities, discount):
        whole = line(quantity=-sum(quantities), price="9.99", discount=-discount)
        parts = split_line(whole, [Decimal(-each) for each in quantities], Decimal("0.01"))
        self.assertEqual(sum(part.quantity for part in parts), whole.quantity)
        self.assertEqual(sum(part.discount for part in parts), whole.discount)
        self.assertEqual(sum(part.taxes[0].amount for part in parts), whole.taxes[0].amount)
