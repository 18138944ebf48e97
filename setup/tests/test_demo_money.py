"""The money of the demonstration: what the books must show, statements, and known differences."""

from datetime import datetime, timezone
from decimal import Decimal
from random import Random
from types import SimpleNamespace

import pytest
from lxml import etree

from demo_day.books import Books, expected_of_shop
from demo_day.signing import BY_TELEPHONE, GOODWILL, cause_of
from demo_day.statement import Movement, statement
from demo_day.telesales import CURRENCY, Telesales, stripe_account
from demo_day.till import Till, held_of, is_simple, payment_of
from demo_day.verdict_money import _truth_of_payouts
from simulator import Shop, ShopifySimulator

NOTHING = Books(Decimal(0), Decimal(0), Decimal(0))
AT = datetime(2026, 5, 6, 12, tzinfo=timezone.utc)


@pytest.fixture
def till():
    with ShopifySimulator(3) as simulator:
        brand = SimpleNamespace(currency=simulator.shop.currency, name="Shop")
        backend = SimpleNamespace(id=1)
        yield Till(SimpleNamespace(simulator=simulator, brand=brand, backend=backend), Random(1))


def books(till):
    return expected_of_shop(till.channel.simulator.account.entries)


# What the books must show of a shop's gateway


def test_a_payment_is_held_by_the_gateway_until_it_is_paid_out(till):
    history = till.choose()
    paid = payment_of(history).amount.shop
    assert books(till) == Books(paid, Decimal(0), Decimal(0))
    payout = till.pay_out()
    fee = sum(entry.fee for entry in till.channel.simulator.account.entries)
    assert books(till) == Books(Decimal(0), payout.net, fee)
    assert payout.net == paid - fee


def test_a_payout_that_comes_back_is_held_by_the_gateway_again(till):
    till.choose()
    payout = till.pay_out()
    till.channel.simulator.account.fail(payout.id)
    shown = books(till)
    assert (shown.clearing, shown.transit) == (payout.net, Decimal(0))
    again = till.pay_out()
    assert (books(till).clearing, books(till).transit) == (Decimal(0), again.net)
    assert again.net == payout.net


def test_a_dispute_that_is_won_costs_nothing_in_the_end(till):
    number, account = till.dispute(), till.channel.simulator.account
    till.pay_out()
    costly = books(till).fees
    account.win(number)
    till.pay_out()
    charge = next(entry for entry in account.entries if entry.kind == "CHARGE")
    assert books(till) == Books(Decimal(0), charge.net, charge.fee)
    assert costly > charge.fee


def test_what_the_gateway_books_of_its_own_comes_with_its_payout(till):
    till.channel.simulator.account.adjust(Decimal("-12.50"), "Campaign", "SHOP_CASH_BILLING_DEBIT")
    assert books(till) == NOTHING


# Choosing


def test_what_was_chosen_is_not_chosen_again(till):
    till.channel.simulator.shop.trade(5, ["plain"])
    chosen = [till.choose().id for _ in range(8)]
    assert len(set(chosen)) == len(chosen)


@pytest.mark.parametrize(
    "kind", ["pending", "authorized", "test_order", "cancelled", "gift_card_tender", "presentment"]
)
def test_only_orders_that_were_simply_paid_are_chosen(kind):
    assert not is_simple(Shop(3).place(kind))


def test_all_that_is_held_is_captured_once(till):
    till.authorize()
    assert till.capture() == 1
    assert till.capture() == 0
    assert not [one for each in till.channel.simulator.shop.orders for one in held_of(each)]


def test_a_failed_refund_is_none_that_went_back(till):
    number = till.refund()
    assert till.refunded()
    till.channel.simulator.till.fail_refund(number)
    assert not till.refunded()


# Telesales


def test_what_the_account_paid_out_is_known_to_the_cent(till):
    with stripe_account(1) as simulator:
        telesales = Telesales(simulator, SimpleNamespace(id=2), Random(1))
        telesales.sell(2)
        number = telesales.pay_out()
        row = simulator.account.payouts[number]
        truth = _truth_of_payouts(SimpleNamespace(tills=[till], telesales=telesales))
        assert truth == {1: {}, 2: {number: (Decimal(row["amount"]) / 100, "paid")}}
        assert row["currency"] == CURRENCY.lower()


# The bank


def test_a_statement_leads_from_one_balance_to_the_other():
    movements = [
        Movement("R1", Decimal("100.10"), "PAYOUT <T1> & more", "A"),
        Movement("R2", Decimal("-30.00"), "Rent", "B"),
    ]
    root = etree.fromstring(statement("DE1", "EUR", movements, AT, Decimal("5.00")))
    balances = [
        (node.findtext(".//{*}Cd"), node.findtext("{*}Amt"), node.findtext("{*}CdtDbtInd"))
        for node in root.iter("{*}Bal")
    ]
    assert balances == [("OPBD", "5.00", "CRDT"), ("CLBD", "75.10", "CRDT")]
    signs = [
        (node.findtext("{*}Amt"), node.findtext("{*}CdtDbtInd")) for node in root.iter("{*}Ntry")
    ]
    assert signs == [("100.10", "CRDT"), ("30.00", "DBIT")]
    assert root.findtext(".//{*}Ustrd") == "PAYOUT <T1> & more"
    assert root.findtext(".//{*}Acct//{*}IBAN") == "DE1"


def test_an_account_without_iban_is_named_otherwise():
    root = etree.fromstring(statement("4000", "USD", [], AT, Decimal(-1)))
    assert root.findtext(".//{*}Acct//{*}Othr/{*}Id") == "4000"
    assert [node.findtext("{*}CdtDbtInd") for node in root.iter("{*}Bal")] == ["DBIT", "DBIT"]


# Differences that are known


def line(leg="orders", verdict="amount", here=100.0, there=80.0):
    return {
        "leg": leg, "verdict": verdict, "label": "#1", "amount_here": here, "amount_there": there,
    }  # fmt: skip


def test_a_difference_is_known_where_just_that_much_went_back():
    assert cause_of(line(), {"#1": (Decimal("20.00"), GOODWILL)}) == GOODWILL
    assert cause_of(line(), {"#1": (Decimal("19.99"), GOODWILL)}) is None
    assert cause_of(line(), {"#2": (Decimal("20.00"), GOODWILL)}) is None
    assert cause_of(line(here=80.0, there=100.0), {"#1": (Decimal("20.00"), GOODWILL)}) is None


def test_what_nobody_knows_stays_open():
    assert cause_of(line("clearing", "missing_here"), {}) is None
    assert cause_of(line("bank", "missing_there"), {})
    assert cause_of(line("orders", "missing_here"), {}) is None
    assert cause_of(line("orders", "missing_here"), {}, BY_TELEPHONE)
