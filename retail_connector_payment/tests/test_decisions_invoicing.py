from collections import Counter
from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..decisions.invoicing import OpenLine, plan, still_to_invoice

quantities = st.integers(0, 1000).map(lambda number: Decimal(number) / 10)
lines = st.lists(
    st.builds(
        OpenLine,
        id=st.integers(1, 12),
        order=st.integers(1, 4),
        kind=st.integers(1, 2),
        is_sale=st.booleans(),
        is_debit=st.booleans(),
    ),
    max_size=16,
)


def one_side_each(found):
    """Return lines whose id has one kind and side, as the database has them."""
    first = {}
    for line in found:
        first.setdefault(line.id, line)
    return [replace(first[line.id], order=line.order) for line in found]


@tagged("post_install", "-at_install")
class TestInvoicing(BaseCase):
    def sale(self, number, debit, order="a", kind=1):
        return OpenLine(number, order, kind, True, debit)

    def credit(self, number, debit, order="a", kind=1):
        return OpenLine(number, order, kind, False, debit)

    def test_an_invoice_goes_with_its_payment(self):
        self.assertEqual(plan([self.sale(1, True), self.sale(2, False)], []), [((1, 2),)])

    def test_a_payment_alone_waits(self):
        self.assertEqual(plan([self.sale(1, False)], ["a"]), [])

    def test_currencies_are_not_mixed(self):
        self.assertEqual(plan([self.sale(1, True), self.sale(2, False, kind=2)], ["a"]), [])

    def test_a_refund_takes_a_payment_only_when_no_invoice_is_to_come(self):
        found = [self.sale(1, False), self.credit(2, True)]
        self.assertEqual(plan(found, []), [])
        self.assertEqual(plan(found, ["a"]), [((1, 2),)])

    def test_a_shared_invoice_gathers_the_payments_of_its_orders(self):
        found = [
            self.sale(1, True, "a"),
            self.sale(1, True, "b"),
            self.sale(2, False, "a"),
            self.sale(3, False, "b"),
        ]
        self.assertEqual(plan(found, []), [((1, 2, 3),)])

    @given(lines, st.sets(st.integers(1, 4)))
    def test_every_step_has_two_sides_of_one_kind(self, found, closed):
        found = one_side_each(found)
        by_id = {line.id: line for line in found}
        for steps in plan(found, closed):
            for step in steps:
                self.assertEqual({by_id[number].is_debit for number in step}, {True, False})
                self.assertEqual(len({by_id[number].kind for number in step}), 1)

    @given(lines, st.sets(st.integers(1, 4)))
    def test_no_line_is_in_two_plans(self, found, closed):
        counts = Counter(
            number
            for steps in plan(one_side_each(found), closed)
            for number in {number for step in steps for number in step}
        )
        self.assertTrue(all(count == 1 for count in counts.values()))

    @given(quantities, quantities, quantities)
    def test_nothing_is_invoiced_twice(self, wanted, due, invoiced):
        found = still_to_invoice(wanted, due, invoiced)
        self.assertLessEqual(found, wanted)
        self.assertTrue(found == 0 or invoiced + found <= due)
