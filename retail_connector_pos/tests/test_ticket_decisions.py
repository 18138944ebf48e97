from decimal import Decimal
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.retail_connector_base.canonical.pos_ticket import TenderState

from ..decisions.ticket_identity import record_uuid
from ..decisions.ticket_price import line_price
from ..decisions.ticket_rounding import CashRounding, odoo_rounds
from ..decisions.ticket_tender import declined_amount, is_change, payments_of, sum_of
from ..decisions.ticket_totals import TicketTotals, comparison, rounded, ties, told_totals
from .tickets import card, cash

cents = st.integers(-10_000_00, 10_000_00).map(lambda number: Decimal(number) / 100)
states = st.sampled_from(list(TenderState))
tenders = st.lists(st.builds(lambda amount, state: card(amount, state=state), cents, states))


class TestPayments(TestCase):
    def test_what_is_accepted_pays(self):
        told = [cash(5), card(10, state=TenderState.DECLINED), card(10)]
        found = payments_of(told, Decimal(15))
        self.assertEqual(([t.amount for t in found.tenders], found.pending), ([5, 10], False))

    def test_what_is_pending_pays_only_where_it_is_needed(self):
        told = [cash(5), card(10, state=TenderState.PENDING)]
        self.assertTrue(payments_of(told, Decimal(15)).pending)
        self.assertFalse(payments_of(told, Decimal(5)).pending)
        self.assertIsNone(payments_of(told, Decimal(10)))

    def test_a_declined_tender_leaves_its_amount_unpaid(self):
        told = [cash(5), card(10, state=TenderState.DECLINED)]
        self.assertIsNone(payments_of(told, Decimal(15)))
        self.assertEqual(declined_amount(told, Decimal(15)), 10)
        self.assertEqual(declined_amount(told, Decimal(16)), 0, "something else is wrong, too")

    def test_nothing_pays_nothing(self):
        self.assertEqual(payments_of([], Decimal(0)).tenders, ())

    @given(tenders, cents)
    def test_what_pays_always_comes_to_the_total(self, told, total):
        found = payments_of(told, total)
        if found is not None:
            self.assertEqual(sum_of(found.tenders), total)
            self.assertNotIn(TenderState.DECLINED, {t.state for t in found.tenders})

    @given(tenders)
    def test_accepted_tenders_pay_their_sum(self, told):
        accepted = sum_of([t for t in told if t.state is TenderState.ACCEPTED])
        self.assertFalse(payments_of(told, accepted).pending)

    def test_change_goes_against_the_ticket(self):
        found = [
            is_change(Decimal(amount), Decimal(total))
            for amount, total in ((-5, 10), (15, 10), (-10, -10), (5, -10), (-3, 0))
        ]
        self.assertEqual(found, [True, False, False, True, True])


class TestRounding(TestCase):
    half = CashRounding(Decimal("0.05"), half_up=True, only_cash=True)

    def test_no_rounding_needs_nobody(self):
        self.assertTrue(odoo_rounds(Decimal(0), None, False))

    def test_a_point_of_sale_that_does_not_round_gets_a_line(self):
        self.assertFalse(odoo_rounds(Decimal("0.02"), None, True))

    def test_only_cash_is_rounded_where_it_says_so(self):
        self.assertTrue(odoo_rounds(Decimal("-0.02"), self.half, True))
        self.assertFalse(odoo_rounds(Decimal("-0.02"), self.half, False))

    def test_more_than_a_rounding_is_none(self):
        self.assertFalse(odoo_rounds(Decimal("0.03"), self.half, True))
        up = CashRounding(Decimal("0.05"), half_up=False, only_cash=True)
        self.assertTrue(odoo_rounds(Decimal("0.04"), up, True))


class TestPrice(TestCase):
    def test_price_and_discount_stay_as_told(self):
        price = line_price(Decimal("29.97"), Decimal("2.997"), Decimal(3))
        self.assertEqual((price.price_unit, price.discount), (9.99, 10.0))

    def test_a_rounded_line_comes_to_its_rounding(self):
        price = line_price(Decimal("3.32667"), Decimal(0), Decimal("0.333"), Decimal("3.33"))
        self.assertAlmostEqual(price.price_unit * 0.333, 3.33, 9)

    def test_a_surcharge_is_in_the_price(self):
        price = line_price(Decimal(10), Decimal(-1), Decimal(2))
        self.assertEqual((price.price_unit, price.discount), (5.5, 0.0))

    def test_what_is_free_keeps_its_price(self):
        price = line_price(Decimal(10), Decimal(10), Decimal(1), Decimal(0))
        self.assertEqual((price.price_unit, price.discount), (10.0, 100.0))

    @given(
        st.integers(1, 10**7), st.integers(0, 10**7),
        st.sampled_from(("1", "3", "-2", "0.335", "12")),
    )  # fmt: skip
    def test_the_amount_is_exact_to_a_thousandth_of_a_cent(self, price, reduction, quantity):
        quantity = Decimal(quantity)
        gross = Decimal(price) / 100 * quantity
        discount = Decimal(reduction) / 100 * (1 if quantity > 0 else -1)
        found = line_price(gross, discount, quantity)
        amount = found.price_unit * (1 - found.discount / 100) * float(quantity)
        self.assertAlmostEqual(amount, float(gross - discount), 4)


class TestTotals(TestCase):
    @given(cents, cents, st.dictionaries(st.integers(1, 5), cents))
    def test_a_ticket_ties_with_itself(self, total, tax, taxes):
        totals = TicketTotals(total, tax, taxes)
        self.assertTrue(ties(totals, totals))

    @given(cents, cents, cents.filter(bool))
    def test_no_cent_may_differ(self, total, tax, more):
        theirs = TicketTotals(total, tax)
        self.assertFalse(ties(theirs, TicketTotals(total + more, tax)))
        self.assertFalse(ties(theirs, TicketTotals(total, tax + more)))

    def test_two_taxes_that_cancel_out_do_not_tie(self):
        theirs = TicketTotals(Decimal(10), Decimal(2), {1: Decimal(1), 2: Decimal(1)})
        ours = TicketTotals(Decimal(10), Decimal(2), {1: Decimal("1.01"), 2: Decimal("0.99")})
        self.assertFalse(ties(theirs, ours))

    def test_parts_of_a_cent_on_lines_are_not_compared(self):
        told = told_totals(Decimal(10), Decimal("1.60"), {1: Decimal("1.604")}, "EUR")
        self.assertEqual(told.taxes, {1: Decimal("1.60")})
        told = told_totals(Decimal(10), Decimal("1.60"), {1: Decimal("1.59")}, "EUR")
        self.assertEqual(told.taxes, {})

    def test_each_currency_has_its_minor_unit(self):
        found = [str(rounded(Decimal("2.5555"), name)) for name in ("JPY", "EUR", "BHD")]
        self.assertEqual(found, ["3", "2.56", "2.556"])

    def test_both_computations_are_shown(self):
        theirs = TicketTotals(Decimal(119), Decimal(19), {1: Decimal(19)})
        rows = comparison(theirs, TicketTotals(Decimal(119), Decimal(0)), "EUR", {1: "19 %"})
        self.assertEqual(rows[1], ("Taxes", "19 EUR", "0 EUR"))
        self.assertEqual(rows[3], ("19 %", "19 EUR", "0 EUR"))


class TestIdentity(TestCase):
    @given(st.text(), st.text(), st.text())
    def test_the_same_ticket_is_the_same_record(self, key, ticket, part):
        self.assertEqual(record_uuid(key, ticket, part), record_uuid(key, ticket, part))

    def test_another_backend_ticket_or_part_is_another(self):
        ids = {
            record_uuid(*words) for words in (("a", "1"), ("b", "1"), ("a", "2"), ("a", "1", "x"))
        }
        self.assertEqual(len(ids), 4)
