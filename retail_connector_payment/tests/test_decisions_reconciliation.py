import io
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import openpyxl
from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..decisions.reconciliation import Item, Verdict, add_up, compare, wanted_of_order
from ..decisions.reconciliation_lines import Transaction, sides_of
from ..decisions.spreadsheet import as_csv, as_xlsx

DAY = date(2026, 5, 6)
items = st.lists(
    st.builds(
        Item,
        key=st.sampled_from("abc"),
        amount=st.integers(-3, 3).map(Decimal),
        currency=st.sampled_from(["EUR", "USD"]),
        on=st.sampled_from([None, DAY, DAY + timedelta(days=2)]),
        label=st.text(max_size=2),
        model=st.sampled_from([None, "m"]),
        record=st.one_of(st.none(), st.integers(1, 4)),
    ),
    max_size=8,
)


def item(amount="10", key="a", on=None, currency="EUR"):
    """Return an item."""
    return Item(key, Decimal(amount), currency, on)


@tagged("post_install", "-at_install")
class TestCompare(BaseCase):
    def verdict(self, here, there, days=0):
        (pair,) = compare(here, there, days)
        return pair.verdict

    def test_verdicts(self):
        self.assertEqual(self.verdict([item()], [item()]), Verdict.MATCHED)
        self.assertEqual(self.verdict([item()], [item("11")]), Verdict.AMOUNT)
        self.assertEqual(self.verdict([item()], []), Verdict.MISSING_THERE)
        self.assertEqual(self.verdict([], [item()]), Verdict.MISSING_HERE)
        late = DAY + timedelta(days=2)
        self.assertEqual(self.verdict([item(on=DAY)], [item(on=late)], 1), Verdict.DATE)
        self.assertEqual(self.verdict([item(on=DAY)], [item(on=late)], 2), Verdict.MATCHED)

    def test_parts_are_added_up(self):
        self.assertEqual(self.verdict([item("4"), item("6")], [item()]), Verdict.MATCHED)

    def test_currencies_are_kept_apart(self):
        found = compare([item()], [item(currency="USD")])
        self.assertEqual(
            [pair.verdict for pair in found], [Verdict.MISSING_THERE, Verdict.MISSING_HERE]
        )

    @given(items, items)
    def test_every_item_is_in_exactly_one_pair(self, here, there):
        found = compare(here, there)
        self.assertEqual(Counter(each for pair in found for each in pair.here), Counter(here))
        self.assertEqual(Counter(each for pair in found for each in pair.there), Counter(there))
        self.assertTrue(all(pair.here or pair.there for pair in found))
        keys = [(pair.key, pair.currency) for pair in found]
        self.assertEqual(len(keys), len(set(keys)))

    @given(items, items, st.integers(0, 3))
    def test_what_is_matched_has_no_difference(self, here, there, days):
        for pair in compare(here, there, days):
            if pair.verdict in (Verdict.MATCHED, Verdict.DATE):
                self.assertEqual(pair.difference, 0)
            if pair.verdict is Verdict.AMOUNT:
                self.assertNotEqual(pair.difference, 0)

    @given(items, items)
    def test_the_differences_add_up(self, here, there):
        total = sum(each.amount for each in here) - sum(each.amount for each in there)
        self.assertEqual(sum(pair.difference for pair in compare(here, there)), total)

    @given(items, items, st.randoms(use_true_random=False))
    def test_the_order_does_not_matter(self, here, there, random):
        found = [(pair.key, pair.verdict, pair.difference) for pair in compare(here, there)]
        random.shuffle(here)
        random.shuffle(there)
        again = [(pair.key, pair.verdict, pair.difference) for pair in compare(here, there)]
        self.assertEqual(found, again)

    def test_sums(self):
        rows = [
            ("bank", "matched", "EUR", Decimal(5), Decimal(5)),
            ("bank", "matched", "EUR", Decimal(1), Decimal(1)),
            ("bank", "different", "EUR", Decimal(3), Decimal(0)),
        ]
        found = add_up(rows)
        self.assertEqual(found["bank", "matched", "EUR"].count, 2)
        self.assertEqual(found["bank", "different", "EUR"].difference, 3)


@tagged("post_install", "-at_install")
class TestWanted(BaseCase):
    def wanted(self, total, invoiced=0, credited=0):
        return wanted_of_order(Decimal(total), Decimal(invoiced), Decimal(credited))

    def test_nothing_came_back(self):
        self.assertEqual(self.wanted(100, 100), 100)

    def test_a_return_does_not_lower_the_channels_total(self):
        self.assertEqual(self.wanted(100, 100, 30), 70)

    def test_what_was_taken_out_after_it_was_invoiced_counts_once(self):
        self.assertEqual(self.wanted(70, 100, 30), 70)

    def test_a_return_of_what_was_invoiced_so_far(self):
        self.assertEqual(self.wanted(100, 50, 10), 90)


transactions = st.lists(
    st.builds(
        Transaction,
        number=st.integers(1, 99),
        name=st.just("t"),
        group=st.sampled_from("ab"),
        at_once=st.booleans(),
        gross=st.integers(1, 3).map(Decimal),
        net=st.integers(1, 3).map(Decimal),
        currency=st.just("EUR"),
        posted=st.booleans(),
        original=st.integers(1, 3).map(Decimal),
        original_currency=st.sampled_from([None, "USD"]),
        entry=st.one_of(st.none(), st.integers(1, 3).map(Decimal)),
        entry_currency=st.sampled_from(["EUR", "USD"]),
    ),
    max_size=6,
    unique_by=lambda each: each.number,
)


@tagged("post_install", "-at_install")
class TestTransactions(BaseCase):
    def found(self, *given_transactions):
        """Return verdict and currency of each group."""
        pairs = compare(*sides_of(given_transactions))
        return [(pair.verdict, pair.currency) for pair in pairs]

    def transaction(self, number=1, **values):
        """Return a settled charge."""
        ten = Decimal(10)
        defaults = {"entry": ten, "entry_currency": "EUR"}
        return Transaction(
            number, "t", "g", True, ten, ten, "EUR", posted=True, **{**defaults, **values}
        )

    def test_several_transactions_that_settle_one_entry(self):
        first = self.transaction(entry=None)
        second = self.transaction(2, entry=Decimal(20))
        self.assertEqual(self.found(first, second), [(Verdict.MATCHED, "EUR")])

    def test_a_converted_one_is_compared_before_its_conversion(self):
        values = {"original": Decimal(11), "original_currency": "USD", "entry_currency": "USD"}
        self.assertEqual(
            self.found(self.transaction(entry=Decimal(11), **values)), [(Verdict.MATCHED, "USD")]
        )
        self.assertEqual(
            self.found(self.transaction(entry=Decimal(12), **values)), [(Verdict.AMOUNT, "USD")]
        )

    def test_what_settled_nothing_is_missing_here(self):
        self.assertEqual(self.found(self.transaction(entry=None)), [(Verdict.MISSING_HERE, "EUR")])

    @given(transactions)
    def test_every_transaction_is_told_once(self, given_transactions):
        _here, there = sides_of(given_transactions)
        self.assertEqual(
            sorted(item.record for item in there),
            sorted(each.number for each in given_transactions),
        )


@tagged("post_install", "-at_install")
class TestSpreadsheet(BaseCase):
    TEXTS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "http://x.example", "plain", "'=1")

    def test_no_text_is_a_formula_in_a_workbook(self):
        content = as_xlsx(
            "Title", ["=A1"], [[text, Decimal("-1.50"), DAY, None] for text in self.TEXTS]
        )
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        cells = [cell for row in sheet.iter_rows() for cell in row]
        self.assertFalse([cell for cell in cells if cell.data_type == "f" or cell.hyperlink])
        self.assertEqual(sheet["A2"].value, "=1+1")
        self.assertEqual((sheet["B2"].value, sheet["C2"].value.date()), (-1.5, DAY))

    def test_nor_in_a_text_file(self):
        content = as_csv(["=A1"], [[text, Decimal("-1.50"), DAY, None] for text in self.TEXTS])
        lines = content.decode("utf-8-sig").splitlines()
        self.assertEqual(lines[0], "'=A1")
        self.assertTrue(lines[1].startswith("'=1+1,-1.50,2026-05-06,"))
        self.assertFalse([line for line in lines if line.startswith(("=", "+", "-", "@", "\t"))])
