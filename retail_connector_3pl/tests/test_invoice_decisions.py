from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import (
    InvoiceLine,
    Money,
    Service,
    WarehouseInvoice,
)

from ..decisions.invoice_check import Charge, Facts, Per, Rate, State, Work, check
from ..decisions.invoice_tie import rounded, spread, tie

cents = st.integers(0, 10_000).map(lambda value: Decimal(value) / 100)
fine = st.integers(0, 10_000_000).map(lambda value: Decimal(value) / 100_000)


def money(amount, currency="EUR"):
    return Money(amount=Decimal(amount), currency=currency)


def invoice(total, *amounts, tax=None, currency="EUR"):
    lines = [
        InvoiceLine(
            external_id=str(number), service=Service.OTHER, quantity=1,
            amount=money(amount, currency),
        )
        for number, amount in enumerate(amounts)
    ]  # fmt: skip
    tax = money(tax, currency) if tax else None
    return WarehouseInvoice(
        external_id="I1", number="1", total=money(total, currency), total_tax=tax, lines=lines
    )


def charge(amount="2.00", quantity="4", price="0.50", service=Service.PICK, **values):
    defaults = {"unit_price": Decimal(price), "names_something": True, "day": date(2026, 5, 4)}
    return Charge(service, Decimal(quantity), Decimal(amount), "EUR", **{**defaults, **values})


def rate(price="0.50", per=Per.UNIT, service=Service.PICK, **values):
    return Rate(service, per, Decimal(price), **values)


def done(**quantities):
    return Facts(True, {Per(name): Decimal(value) for name, value in quantities.items()})


@tagged("post_install", "-at_install")
class TestTie(BaseCase):
    def test_lines_and_tax_are_the_total_to_the_cent(self):
        self.assertTrue(tie(invoice("12.10", "4.00", "6.00", tax="2.10")).ties)
        self.assertEqual(
            tie(invoice("12.11", "4.00", "6.00", tax="2.10")).difference, Decimal("-.01")
        )

    def test_fractions_of_cents_are_rounded_once(self):
        self.assertTrue(tie(invoice("0.01", "0.004", "0.004")).ties)
        self.assertTrue(tie(invoice("100", "33.4", "66.6", currency="JPY")).ties)
        self.assertFalse(tie(invoice("100.5", "100.5", currency="JPY")).ties)
        self.assertTrue(tie(invoice("1.005", "1.005", currency="BHD")).ties)

    def test_currencies_are_not_mixed(self):
        mixed = invoice("10.00", "10.00")
        line = mixed.lines[0].model_copy(update={"amount": money("10.00", "USD")})
        self.assertFalse(tie(mixed.model_copy(update={"lines": (line,)})).ties)

    def test_an_invoice_without_lines_ties_to_nothing_only(self):
        self.assertTrue(tie(invoice("0")).ties)
        self.assertFalse(tie(invoice("5")).ties)

    @given(st.lists(fine, min_size=1, max_size=8))
    def test_parts_of_a_bill_are_the_whole(self, amounts):
        parts = {str(number): amount for number, amount in enumerate(amounts)}
        total = rounded(sum(amounts, Decimal()), "EUR")
        found = spread(parts, total, "EUR")
        self.assertEqual(sum(found.values()), total)
        largest = Decimal("0.01") * len(amounts)
        self.assertTrue(all(abs(found[key] - parts[key]) <= largest for key in parts))


@tagged("post_install", "-at_install")
class TestCheck(BaseCase):
    def state(self, *arguments, repeated=False):
        return check(*arguments, repeated).state

    def test_what_was_done_at_the_agreed_price_matches(self):
        self.assertEqual(self.state(charge(), [rate()], done(unit=4)), State.MATCH)

    def test_a_higher_price_is_seen(self):
        found = check(charge("2.40", price="0.60"), [rate()], done(unit=4), False)
        self.assertEqual((found.state, found.expected_amount), (State.PRICE, Decimal("2.00")))

    def test_more_than_was_done_is_seen(self):
        found = check(charge(), [rate()], done(unit=3), False)
        self.assertEqual((found.state, found.expected_quantity), (State.QUANTITY, 3))
        self.assertEqual(found.difference(Decimal("2.00")), Decimal("0.50"))

    def test_an_order_that_is_not_known_should_cost_nothing(self):
        found = check(charge(), [rate()], Facts(), False)
        self.assertEqual((found.state, found.expected_amount), (State.UNKNOWN, 0))
        nameless = charge(names_something=False)
        self.assertEqual(self.state(nameless, [rate()], Facts()), State.UNKNOWN)

    def test_what_was_charged_before_should_cost_nothing(self):
        found = check(charge(), [rate()], done(unit=4), True)
        self.assertEqual((found.state, found.expected_amount), (State.TWICE, 0))

    def test_what_nobody_agreed_to_is_seen(self):
        late = rate(valid_from=date(2026, 6, 1))
        self.assertEqual(self.state(charge(), [late], done(unit=4)), State.NO_TARIFF)
        self.assertEqual(self.state(charge(), [], done(unit=4)), State.NO_TARIFF)

    def test_of_several_prices_the_one_that_explains_the_charge_is_taken(self):
        rates = [rate("0.50"), rate("2.00", Per.ORDER), rate("0.75", Per.LINE)]
        facts = done(unit=4, order=1, line=2)
        for amount, quantity, price in (
            ("2.00", 1, "2.00"),
            ("1.50", 2, "0.75"),
            ("2.00", 4, "0.50"),
        ):
            told = charge(amount, quantity, price)
            self.assertEqual(self.state(told, rates, facts), State.MATCH)
        self.assertEqual(self.state(charge("1.60", 2, "0.80"), rates, facts), State.PRICE)

    def test_a_minimum_is_charged_at_least(self):
        found = check(charge("5.00"), [rate(minimum=Decimal(5))], done(unit=4), False)
        self.assertEqual(found.state, State.MATCH)

    def test_freight_is_by_carrier_and_weight(self):
        bands = [
            rate("4.00", Per.PARCEL, Service.FREIGHT, carrier="DHL", weight_to=Decimal(2000)),
            rate("6.00", Per.PARCEL, Service.FREIGHT, carrier="dhl", weight_from=Decimal(2000)),
        ]
        told = charge("4.00", 1, "4.00", Service.FREIGHT)

        def parcel(grams, carrier="DHL"):
            return Facts(True, {Per.PARCEL: Decimal(1)}, carrier, grams and Decimal(grams))

        self.assertEqual(self.state(told, bands, parcel(1999)), State.MATCH)
        self.assertEqual(self.state(told, bands, parcel(2000)), State.PRICE)
        self.assertEqual(self.state(told, bands, parcel(None)), State.NO_TARIFF)
        self.assertEqual(self.state(told, bands, parcel(100, "UPS")), State.NO_TARIFF)

    @given(st.integers(0, 50), st.integers(0, 50), cents, cents)
    def test_what_differs_is_never_called_a_match(self, charged, worked, price, agreed):
        told = charge(str(charged * price), charged, str(price))
        found = check(told, [rate(str(agreed))], done(unit=worked), False)
        same = rounded(charged * price, "EUR") == rounded(worked * agreed, "EUR")
        self.assertEqual(found.state is State.MATCH, same)
        self.assertEqual(found.expected_amount, rounded(worked * agreed, "EUR"))


@tagged("post_install", "-at_install")
class TestWork(BaseCase):
    def test_the_same_work_has_one_name_whatever_the_zeros(self):
        first = Work(Service.PICK, Decimal("0.5"), order="1")
        self.assertEqual(
            first.fingerprint(), Work(Service.PICK, Decimal("0.50"), order="1").fingerprint()
        )
        self.assertNotEqual(
            first.fingerprint(), Work(Service.PACK, Decimal("0.5"), order="1").fingerprint()
        )

    def test_a_parcel_is_paid_once_at_whatever_price(self):
        one, other = (Work(Service.FREIGHT, Decimal(price), tracking="T") for price in (4, 6))
        self.assertEqual(one.fingerprint(), other.fingerprint())

    def test_storage_is_charged_once_for_a_time(self):
        may = (date(2026, 5, 1), date(2026, 5, 31))
        one = Work(Service.STORAGE, Decimal(1), sku="A", period=may)
        other = Work(Service.STORAGE, Decimal(1), sku="B", period=may)
        self.assertNotEqual(one.fingerprint(), other.fingerprint())
        self.assertIsNone(Work(Service.STORAGE, Decimal(1)).fingerprint())

    def test_what_names_nothing_cannot_be_told_apart(self):
        self.assertIsNone(Work(Service.MATERIAL, Decimal(1)).fingerprint())
