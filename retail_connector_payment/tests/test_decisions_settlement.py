from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import BalanceCategory as Category

from ..decisions.ledger import AT_ONCE, NEVER_NEGATIVE, NEVER_POSITIVE, WITH_PAYOUT, Role
from ..decisions.settlement import tie_out
from ..decisions.settlement_booking import UnbalancedError, book
from ..decisions.settlement_match import match
from ..decisions.settlement_parts import Books, Cause, Entry, Line

ALL = Books(frozenset(Role))
PLACES = {"EUR": 2, "JPY": 0, "BHD": 3}
# What one unit is worth in EUR.
RATES = {"EUR": Decimal(1), "JPY": Decimal("0.0061"), "BHD": Decimal("2.45")}


def line(number=1, category=Category.CHARGE, gross="10", fee="0", **values):
    gross, fee = Decimal(gross), Decimal(fee)
    defaults = {
        "external_id": f"t{number}",
        "net": gross - fee,
        "currency": "EUR",
        "key": f"k{number}",
        "word": category.value,
    }
    return Line(number=number, category=category, gross=gross, fee=fee, **{**defaults, **values})


def entry(number=1, category=Category.CHARGE, amount="10", currency="EUR", **values):
    amount = Decimal(amount)
    defaults = {"key": f"k{number}", "balance": amount}
    return Entry(number, category, amount=amount, currency=currency, **{**defaults, **values})


def causes(lines, entries, amount=None, books=ALL, **values):
    """Return why a payout in EUR does not tie."""
    total = sum(one.net for one in lines) if amount is None else Decimal(amount)
    return [one.cause for one in tie_out(total, "EUR", lines, entries, books, 2, **values).misfits]


@tagged("post_install", "-at_install")
class TestTieOut(BaseCase):
    def test_what_agrees_ties(self):
        lines = [line(1, gross="100", fee="3"), line(2, Category.REFUND, "-20")]
        entries = [entry(1, amount="100"), entry(2, Category.REFUND, "-20")]
        tie = tie_out(Decimal(77), "EUR", lines, entries, ALL, 2)
        self.assertFalse(tie.misfits)
        self.assertEqual({number: one.number for number, one in tie.settled.items()}, {1: 1, 2: 2})

    def test_nets_must_add_up_to_the_payout(self):
        self.assertEqual(causes([line()], [entry()], amount="9.99"), [Cause.SUM])

    def test_gross_less_fee_must_be_net(self):
        wrong = line(net=Decimal(8), fee="1")
        self.assertEqual(causes([wrong], [entry()]), [Cause.ARITHMETIC])

    def test_fractions_of_the_minor_unit_do_not_tie(self):
        self.assertIn(Cause.PRECISION, causes([line(gross="10.005")], [entry(amount="10.005")]))

    def test_a_transaction_in_another_currency_does_not_tie(self):
        self.assertIn(Cause.CURRENCY, causes([line(currency="USD")], [entry(currency="USD")]))

    def test_a_sign_that_cannot_be_is_not_believed(self):
        self.assertIn(Cause.SIGN, causes([line(gross="-10")], [entry(amount="-10")]))
        hold = line(category=Category.RESERVE_HOLD, gross="10")
        self.assertEqual(causes([hold], []), [Cause.SIGN])

    def test_tax_must_be_within_the_fee(self):
        self.assertEqual(causes([line(fee="1", fee_tax=Decimal(2))], [entry()]), [Cause.FEE_TAX])

    def test_what_nobody_knows_must_be_mapped(self):
        unknown = line(category=Category.UNKNOWN, gross="-5", word="loan_payment")
        self.assertEqual(causes([unknown], []), [Cause.UNMAPPED])
        mapped = Books(ALL.roles, {"loan_payment": 7})
        self.assertEqual(causes([unknown], [], books=mapped), [])

    def test_an_adjustment_without_an_account_must_be_mapped(self):
        books = Books(ALL.roles - {Role.ADJUSTMENT})
        wrong = line(category=Category.ADJUSTMENT, gross="-5")
        self.assertEqual(causes([wrong], [], books=books), [Cause.UNMAPPED])

    def test_a_fee_without_an_account_is_named_once(self):
        books = Books(ALL.roles - {Role.FEE})
        lines = [line(1, fee="1"), line(2, fee="1")]
        found = causes(lines, [entry(1), entry(2)], books=books)
        self.assertEqual(found, [Cause.NO_ACCOUNT])

    def test_what_was_never_heard_of_is_missing(self):
        self.assertEqual(causes([line()], []), [Cause.MISSING])

    def test_what_waits_to_be_posted_is_told_apart_from_what_is_settled(self):
        self.assertEqual(causes([line()], [entry(state="to_post")]), [Cause.NOT_POSTED])
        self.assertEqual(causes([line()], [entry(state="settled")]), [Cause.SETTLED_BEFORE])

    def test_another_amount_does_not_tie(self):
        self.assertEqual(causes([line()], [entry(amount="10.01")]), [Cause.AMOUNT])

    def test_a_transaction_of_another_payout_does_not_tie(self):
        self.assertEqual(causes([line()], [entry()], elsewhere={"t1": "po_1"}), [Cause.TWICE])

    def test_an_entry_is_settled_once(self):
        lines = [line(1, key="k"), line(2, key="k")]
        found = causes(lines, [entry(key="k")])
        self.assertEqual(found, [Cause.SETTLED_BEFORE])


@tagged("post_install", "-at_install")
class TestMatch(BaseCase):
    def test_a_charge_and_what_was_not_captured_of_it_settle_one_entry(self):
        lines = [line(1, gross="100", key="k"), line(2, gross="-40", key="k")]
        tie = match(lines, [entry(amount="60", key="k")])
        self.assertFalse(tie.misfits)
        self.assertEqual({one.number for one in tie.settled.values()}, {1})

    def test_a_dispute_that_was_taken_twice_settles_both(self):
        lines = [line(n, Category.DISPUTE, "-10", key="d") for n in (1, 2)]
        entries = [entry(n, Category.DISPUTE, "-10", key="d") for n in (1, 2)]
        tie = match(lines, entries)
        self.assertFalse(tie.misfits)
        self.assertEqual({one.number for one in tie.settled.values()}, {1, 2})

    def test_a_failed_payout_without_a_name_is_found_by_its_amount(self):
        failure = line(1, Category.PAYOUT_FAILURE, "50", key=None)
        entries = [
            entry(n, Category.PAYOUT_FAILURE, amount) for n, amount in ((1, "50"), (2, "60"))
        ]
        self.assertEqual(match([failure], entries).settled[1].number, 1)

    def test_of_two_of_one_amount_none_is_guessed(self):
        failure = line(1, Category.PAYOUT_FAILURE, "50", key=None)
        entries = [entry(n, Category.PAYOUT_FAILURE, "50") for n in (1, 2)]
        self.assertEqual([one.cause for one in match([failure], entries).misfits], [Cause.NO_KEY])

    def test_a_charge_without_a_name_is_never_found_by_its_amount(self):
        misfits = match([line(key=None)], [entry()]).misfits
        self.assertEqual([one.cause for one in misfits], [Cause.NO_KEY])

    def test_a_conversion_ties_by_what_the_customer_paid(self):
        told = line(gross="9", original=Decimal(10), original_currency="USD")
        self.assertFalse(match([told], [entry(currency="USD")]).misfits)
        other = line(gross="9", original=Decimal(11), original_currency="USD")
        self.assertTrue(match([other], [entry(currency="USD")]).misfits)

    def test_a_conversion_that_is_not_told_must_be_near_our_rate(self):
        near = entry(currency="USD", worth=Decimal("9.30"))
        far = entry(currency="USD", worth=Decimal(19))
        self.assertFalse(match([line(gross="9")], [near]).misfits)
        self.assertTrue(match([line(gross="9")], [far]).misfits)


# Whole payouts, drawn

minor = st.integers(1, 500_000)


def signed(category, amount):
    if category in NEVER_POSITIVE:
        return -amount
    return amount


@st.composite
def payouts(draw):
    """Draw (lines, entries, currency of the payout, of the company): a payout that ties."""
    currency, company = draw(st.sampled_from(["EUR", "JPY", "BHD"])), "EUR"
    unit = Decimal(1).scaleb(-PLACES[currency])
    lines, entries = [], []
    kinds = st.sampled_from([*AT_ONCE, *WITH_PAYOUT])
    for number in range(1, draw(st.integers(1, 12)) + 1):
        category = draw(kinds)
        gross = signed(category, draw(minor) * unit)
        fee = draw(st.integers(-200, 300)) * unit
        tax = (abs(fee) * draw(st.integers(0, 100)) // 100).quantize(unit)
        tax = tax if fee >= 0 else -tax
        original = _original(draw, currency, gross) if category in AT_ONCE else None
        lines.append(
            line(
                number, category, gross, fee, fee_tax=tax, currency=currency,
                original=original and original[0], original_currency=original and original[1],
            )
        )  # fmt: skip
        if category in AT_ONCE:
            amount, code = original or (gross, currency)
            balance = (amount * RATES[code]).quantize(Decimal("0.01"))
            entries.append(entry(number, category, amount, code, balance=balance))
    return lines, entries, currency, company


def _original(draw, currency, gross):
    """Return what the customer paid in another currency, if he did."""
    other = draw(st.sampled_from([None, "EUR", "BHD"]))
    if other in (None, currency):
        return None
    amount = draw(minor) * Decimal(1).scaleb(-PLACES[other])
    return (amount if gross > 0 else -amount), other


def convert(amount, currency):
    # Another rate than that of the day of the payment.
    rate = RATES[currency] * (Decimal("1.01") if currency != "EUR" else 1)
    return (amount * rate).quantize(Decimal("0.01"))


@tagged("post_install", "-at_install")
class TestBooking(BaseCase):
    @given(payouts())
    def test_what_ties_is_booked_balanced_and_closes_every_entry(self, drawn):
        lines, entries, currency, company = drawn
        total = sum(one.net for one in lines)
        tie = tie_out(total, currency, lines, entries, ALL, PLACES[currency])
        self.assertFalse(tie.misfits)
        items = book(lines, tie.settled, ALL, company, convert)
        self.assertEqual(sum(item.balance for item in items), 0, "debits are credits")
        closed = {item.entry: (item.amount, item.balance) for item in items if item.entry}
        expected = {one.number: (-one.amount, -one.balance) for one in entries}
        self.assertEqual(closed, expected)
        transit = sum(item.amount for item in items if item.target is Role.TRANSIT)
        self.assertEqual(transit, total, "the bank gets what the gateway pays out")
        clearing = sum(item.amount for item in items if item.target is Role.CLEARING)
        self.assertEqual(clearing, -sum(one.amount for one in entries))

    @given(payouts(), st.integers(1, 5))
    def test_parts_come_to_the_same_as_the_whole(self, drawn, size):
        lines, entries, _currency, company = drawn
        settled = match(lines, entries).settled
        parts = [lines[at : at + size] for at in range(0, len(lines), size)]
        totals = {}
        for part in parts:
            items = book(part, settled, ALL, company, convert)
            self.assertEqual(sum(item.balance for item in items), 0)
            for item in items:
                key = (item.target, item.currency)
                totals[key] = totals.get(key, 0) + item.amount
        whole = {}
        for item in book(lines, settled, ALL, company, convert):
            key = (item.target, item.currency)
            whole[key] = whole.get(key, 0) + item.amount
        exchange = {(Role.EXCHANGE_GAIN, company), (Role.EXCHANGE_LOSS, company)}
        for key in (totals.keys() | whole.keys()) - exchange:
            self.assertEqual(totals.get(key, 0), whole.get(key, 0), key)

    @given(payouts(), st.integers(0, 11), st.integers(1, 99))
    def test_any_amount_that_is_changed_is_noticed(self, drawn, at, cents):
        lines, entries, currency, _company = drawn
        total = sum(one.net for one in lines)
        victim = entries[at % len(entries)] if entries else None
        if victim is None:
            return
        wrong = Decimal(cents).scaleb(-PLACES[victim.currency])
        changed = [
            one if one is not victim else entry(
                one.number, one.category, one.amount + wrong, one.currency, balance=one.balance
            )
            for one in entries
        ]  # fmt: skip
        tie = tie_out(total, currency, lines, changed, ALL, PLACES[currency])
        self.assertTrue(tie.misfits)

    def test_amounts_in_company_currency_leave_no_exchange_difference(self):
        lines = [line(1, gross="100", fee="3", fee_tax=Decimal("0.48"))]
        items = book(lines, {1: entry(1, amount="100")}, ALL, "EUR", lambda amount, _code: amount)
        found = {item.target: item.amount for item in items}
        self.assertEqual(
            found,
            {
                Role.CLEARING: Decimal(-100),
                Role.FEE: Decimal("2.52"),
                Role.FEE_TAX: Decimal("0.48"),
                Role.TRANSIT: Decimal(97),
            },
        )

    def test_what_does_not_add_up_is_never_an_exchange_difference(self):
        with self.assertRaises(UnbalancedError):
            book(
                [line(1, gross="100", net=Decimal(99))],
                {1: entry(1, amount="100")},
                ALL,
                "EUR",
                lambda amount, _code: amount,
            )

    def test_a_dispute_s_fee_is_no_ordinary_fee(self):
        lines = [line(1, Category.DISPUTE, "-50", fee="15")]
        settled = {1: entry(1, Category.DISPUTE, "-50")}
        items = book(lines, settled, ALL, "EUR", lambda amount, _code: amount)
        self.assertEqual(
            [item.amount for item in items if item.target is Role.DISPUTE_FEE], [Decimal(15)]
        )

    def test_without_an_account_for_its_tax_a_fee_is_booked_whole(self):
        books = Books(ALL.roles - {Role.FEE_TAX})
        lines = [line(1, gross="100", fee="3", fee_tax=Decimal("0.48"))]
        items = book(lines, {1: entry(1, amount="100")}, books, "EUR", lambda amount, _code: amount)
        fees = [item.amount for item in items if item.target is Role.FEE]
        self.assertEqual(fees, [Decimal(3)])


@tagged("post_install", "-at_install")
class TestSigns(BaseCase):
    def test_no_category_can_have_only_the_other_sign(self):
        self.assertFalse(NEVER_NEGATIVE & NEVER_POSITIVE)
