from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..decisions.bank_match import Deposit, Expected, How, match

DAY = date(2026, 5, 6)


def deposit(key=1, amount="100.00", **values):
    """Return a deposit of a day in EUR."""
    return Deposit(
        **{"key": key, "amount": Decimal(amount), "currency": "EUR", "on": DAY, **values}
    )


def expected(key=1, amount="100.00", **values):
    """Return a payout that arrives on this day."""
    defaults = {"key": key, "amount": Decimal(amount), "currency": "EUR", "arrives": DAY}
    return Expected(**{**defaults, **values})


def days(number):
    """Return a day so many days later."""
    return DAY + timedelta(days=number)


@tagged("post_install", "-at_install")
class TestBankMatch(BaseCase):
    def sure(self, deposits, payouts, refused=()):
        """Return the certain pairs."""
        return [each.key for each in match(deposits, payouts, refused) if each.certain]

    def maybe(self, deposits, payouts, refused=()):
        """Return the suggested pairs with their differences."""
        found = match(deposits, payouts, refused)
        return [(each.key, each.difference) for each in found if not each.certain]

    def test_a_name_in_the_text_is_found_however_it_is_written(self):
        for text in ("SEPA GIRO PO/12345-6 Shop", "po 12345 6", "xxPO123456xx"):
            found = match([deposit(text=text, on=days(40))], [expected(names=("po_123456",))])
            self.assertEqual([(each.certain, each.how) for each in found], [(True, How.REFERENCE)])

    def test_a_short_name_is_none(self):
        self.assertEqual(
            self.sure([deposit(text="PO 12", on=days(40))], [expected(names=("12",))]), []
        )

    def test_a_name_with_another_amount_is_a_suggestion(self):
        found = self.maybe(
            [deposit(amount="99.20", text="PO-123456")], [expected(names=("PO-123456",))]
        )
        self.assertEqual(found, [((1, (1,)), Decimal("-0.80"))])

    def test_a_longer_name_that_contains_a_shorter_is_the_longer(self):
        payouts = [expected(1, names=("PO-123456",)), expected(2, names=("PO-1234567",))]
        self.assertEqual(self.sure([deposit(text="PO-1234567")], payouts), [(1, (2,))])

    def test_a_name_that_several_bear_leaves_it_to_the_amount(self):
        payouts = [
            expected(1, "60.00", names=("MY SHOP",)),
            expected(2, "40.00", names=("MY SHOP",), arrives=days(1)),
        ]
        deposits = [deposit(1, "40.00", text="MY SHOP"), deposit(2, "60.00", text="MY SHOP")]
        self.assertEqual(self.sure(deposits, payouts), [(1, (2,)), (2, (1,))])

    def test_one_deposit_of_several_named_payouts(self):
        payouts = [
            expected(1, "60.00", names=("PO-111111",)),
            expected(2, "40.00", names=("PO-222222",)),
        ]
        found = self.sure([deposit(text="PO-111111 PO-222222")], payouts)
        self.assertEqual(found, [(1, (1, 2))])

    def test_the_same_amount_within_the_window(self):
        self.assertEqual(self.sure([deposit(on=days(5))], [expected(window=5)]), [(1, (1,))])
        self.assertEqual(self.sure([deposit(on=days(-5))], [expected(window=5)]), [(1, (1,))])
        self.assertEqual(self.sure([deposit(on=days(6))], [expected(window=5)]), [])

    def test_two_that_it_could_be_are_suggestions(self):
        payouts = [expected(1), expected(2, arrives=days(1))]
        self.assertEqual(self.sure([deposit()], payouts), [])
        self.assertEqual(
            [key for key, _ in self.maybe([deposit()], payouts)], [(1, (1,)), (1, (2,))]
        )

    def test_two_deposits_for_one_payout_are_suggestions(self):
        self.assertEqual(self.sure([deposit(1), deposit(2)], [expected()]), [])

    def test_a_name_decides_between_equal_amounts(self):
        payouts = [expected(1), expected(2, names=("PO-222222",))]
        deposits = [deposit(1), deposit(2, text="PO-222222")]
        self.assertEqual(self.sure(deposits, payouts), [(1, (1,)), (2, (2,))])

    def test_another_bank_account_does_not_fit(self):
        self.assertEqual(self.sure([deposit(last_four="1111")], [expected(last_four="2222")]), [])
        self.assertEqual(
            self.sure([deposit(last_four="2222")], [expected(last_four="2222")]), [(1, (1,))]
        )
        self.assertEqual(
            self.sure([deposit(last_four=None)], [expected(last_four="2222")]), [(1, (1,))]
        )
        self.assertEqual(self.sure([deposit(journal=1)], [expected(journal=2)]), [])

    def test_another_currency_does_not_fit(self):
        self.assertEqual(match([deposit()], [expected(currency="USD")]), [])

    def test_what_the_bank_converted_fits_by_its_original_amount(self):
        found = deposit(amount="92.00", original=(Decimal("100.00"), "USD"))
        self.assertEqual(self.sure([found], [expected(currency="USD")]), [(1, (1,))])

    def test_a_named_payout_in_another_currency_is_a_suggestion(self):
        payouts = [expected(currency="USD", names=("PO-123456",))]
        self.assertEqual(self.maybe([deposit(text="PO-123456")], payouts), [((1, (1,)), None)])

    def test_a_debit_is_a_negative_payout(self):
        payouts = [expected(1, "-30.00"), expected(2, "30.00", arrives=days(30))]
        self.assertEqual(self.sure([deposit(amount="-30.00")], payouts), [(1, (1,))])

    def test_the_sum_of_a_days_payouts(self):
        payouts = [expected(1, "60.00", group=7), expected(2, "40.00", group=7)]
        self.assertEqual(self.sure([deposit()], payouts), [(1, (1, 2))])

    def test_not_the_sum_of_two_gateways(self):
        payouts = [expected(1, "60.00", group=7), expected(2, "40.00", group=8)]
        self.assertEqual(self.sure([deposit()], payouts), [])

    def test_nearly_the_same_amount_is_a_suggestion(self):
        self.assertEqual(
            self.maybe([deposit(amount="97.50")], [expected()]), [((1, (1,)), Decimal("-2.50"))]
        )
        self.assertEqual(match([deposit(amount="80.00")], [expected()]), [])

    def test_among_many_near_amounts_none_is_suggested(self):
        deposits = [deposit(1, "97.50"), deposit(2, "98.00")]
        self.assertEqual(match(deposits, [expected()]), [])

    def test_a_refused_pair_does_not_come_again(self):
        self.assertEqual(match([deposit()], [expected()], {(1, (1,))}), [])

    def test_refusing_one_leaves_the_other_certain(self):
        payouts = [expected(1), expected(2)]
        self.assertEqual(self.sure([deposit()], payouts, {(1, (1,))}), [(1, (2,))])


amounts = st.sampled_from([Decimal(n) for n in (-30, 10, 20, 30, 31)])
texts = st.sampled_from(["", "PO-111111", "PO-222222", "PO-111111 and PO-222222", "rent"])
deposit_lists = st.lists(
    st.builds(
        Deposit,
        key=st.integers(1, 99),
        amount=amounts,
        currency=st.sampled_from(["EUR", "USD"]),
        on=st.integers(0, 9).map(days),
        text=texts,
        last_four=st.sampled_from([None, "1111", "2222"]),
    ),
    max_size=6,
    unique_by=lambda each: each.key,
)
expected_lists = st.lists(
    st.builds(
        Expected,
        key=st.integers(1, 99),
        amount=amounts,
        currency=st.sampled_from(["EUR", "USD"]),
        arrives=st.integers(0, 9).map(days),
        names=st.sampled_from([(), ("PO-111111",), ("PO-222222",)]),
        last_four=st.sampled_from([None, "1111"]),
        window=st.integers(0, 5),
        group=st.integers(1, 2),
    ),
    max_size=6,
    unique_by=lambda each: each.key,
)


@tagged("post_install", "-at_install")
class TestAnyMatch(BaseCase):
    @given(deposit_lists, expected_lists)
    def test_what_is_certain_is_exact_and_happens_once(self, deposits, payouts):
        found = match(deposits, payouts)
        sure = [each for each in found if each.certain]
        self.assertLessEqual(max(Counter(each.deposit for each in sure).values(), default=0), 1)
        taken = Counter(key for each in sure for key in each.payouts)
        self.assertLessEqual(max(taken.values(), default=0), 1)
        shown = {each.key: each for each in deposits}
        amounts_of = {each.key: each for each in payouts}
        for each in sure:
            named = [amounts_of[key] for key in each.payouts]
            self.assertEqual({payout.currency for payout in named}, {shown[each.deposit].currency})
            self.assertEqual(sum(payout.amount for payout in named), shown[each.deposit].amount)
            self.assertEqual(each.difference, 0)

    @given(deposit_lists, expected_lists)
    def test_a_suggestion_shares_nothing_with_what_is_certain(self, deposits, payouts):
        found = match(deposits, payouts)
        sure = [each for each in found if each.certain]
        for each in found:
            if not each.certain:
                self.assertNotIn(each.deposit, {one.deposit for one in sure})
                for one in sure:
                    self.assertTrue(set(one.payouts).isdisjoint(each.payouts))

    @given(deposit_lists, expected_lists, st.randoms(use_true_random=False))
    def test_the_order_does_not_matter(self, deposits, payouts, random):
        found = match(deposits, payouts)
        random.shuffle(deposits)
        random.shuffle(payouts)
        self.assertEqual(match(deposits, payouts), found)

    @given(deposit_lists, expected_lists)
    def test_a_twin_makes_what_an_amount_found_uncertain(self, deposits, payouts):
        for each in match(deposits, payouts):
            if each.certain and each.how is How.AMOUNT:
                twin = replace(next(p for p in payouts if p.key == each.payouts[0]), key=100)
                again = match(deposits, [*payouts, twin])
                self.assertNotIn(each.key, {one.key for one in again if one.certain})

    @given(deposit_lists, expected_lists)
    def test_what_is_refused_stays_away(self, deposits, payouts):
        refused = {each.key for each in match(deposits, payouts)}
        self.assertFalse(refused & {each.key for each in match(deposits, payouts, refused)})
