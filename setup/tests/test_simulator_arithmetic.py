"""The simulator's amounts add up: recomputed here from the wire's text alone."""

from datetime import datetime, timezone
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import KINDS, Shop
from simulator.money import allocate, minor_unit
from simulator.rest import order_json

START = datetime(2026, 3, 1, tzinfo=timezone.utc)
SHOPS = [
    (currency, included) for currency in ("EUR", "USD", "JPY", "BHD") for included in (False, True)
]
SIDES = ("shop_money", "presentment_money")
cents = st.integers(0, 10**7).map(lambda value: Decimal(value).scaleb(-2))


def amount(money_set: dict | None, side: str) -> Decimal:
    return Decimal(money_set[side]["amount"]) if money_set else Decimal(0)


def discounts(charge: dict, side: str) -> Decimal:
    return sum(
        (amount(part["amount_set"], side) for part in charge["discount_allocations"]), Decimal(0)
    )


def taxes(charge: dict, side: str) -> Decimal:
    return sum((amount(tax["price_set"], side) for tax in charge["tax_lines"]), Decimal(0))


def recomputed_total(order: dict, side: str) -> Decimal:
    """Σ lines − discounts + shipping + tax unless included + duties + tip beside the lines."""
    total = tax = Decimal(0)
    tips = Decimal(0)
    for line in order["line_items"]:
        gross = amount(line["price_set"], side) * line["quantity"]
        total += gross - discounts(line, side)
        tips += gross if line["title"] == "Tip" else 0
        tax += taxes(line, side)
        for duty in line["duties"]:
            total += amount(duty, side)
            tax += taxes(duty, side)
    for charge in order["shipping_lines"]:
        total += amount(charge["price_set"], side) - discounts(charge, side)
        tax += taxes(charge, side)
    assert tax == amount(order["total_tax_set"], side)
    if not tips and side == "shop_money":
        total += Decimal(order["total_tip_received"])
    return total if order["taxes_included"] else total + tax


@pytest.mark.parametrize(("currency", "included"), SHOPS)
def test_every_kind_adds_up_to_its_total(currency, included):
    shop = Shop(5, currency=currency, taxes_included=included, start=START)
    for history in shop.trade(len(KINDS) * 2):
        for state in history.states:
            order = order_json(state.order, shop.settings)
            for side in SIDES if history.kind != "tip" else SIDES[:1]:
                assert recomputed_total(order, side) == amount(order["total_price_set"], side)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**9), st.sampled_from(SHOPS))
def test_any_seed_adds_up(seed, shop_kind):
    currency, included = shop_kind
    shop = Shop(seed, currency=currency, taxes_included=included, start=START)
    for history in shop.trade(30):
        order = order_json(history.current, shop.settings)
        assert recomputed_total(order, "shop_money") == Decimal(order["total_price"])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**9), st.sampled_from(SHOPS))
def test_tax_of_each_line_is_its_rate_rounded_half_up(seed, shop_kind):
    currency, included = shop_kind
    shop = Shop(seed, currency=currency, taxes_included=included, start=START)
    for history in shop.trade(20, ["several_lines", "two_taxes", "order_percentage"]):
        for line in order_json(history.current, shop.settings)["line_items"]:
            check_line_tax(line, currency, included)


def check_line_tax(line: dict, currency: str, included: bool) -> None:
    base = Decimal(line["price"]) * line["quantity"] - discounts(line, "shop_money")
    rates = [Decimal(str(tax["rate"])) for tax in line["tax_lines"]]
    divisor = 1 + sum(rates) if included else 1
    for tax, rate in zip(line["tax_lines"], rates, strict=True):
        exact = base * rate / divisor
        assert Decimal(tax["price"]) == exact.quantize(minor_unit(currency), ROUND_HALF_UP)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**9), st.sampled_from(SHOPS))
def test_refunds_are_the_difference_of_before_and_after(seed, shop_kind):
    currency, included = shop_kind
    shop = Shop(seed, currency=currency, taxes_included=included, start=START)
    kinds = ["unit_removed", "edited_twice", "refunded_before_fulfilment", "cancelled"]
    for history in shop.trade(12, kinds):
        order = order_json(history.current, shop.settings)
        lines = [line for refund in order["refunds"] for line in refund["refund_line_items"]]
        for side in SIDES:
            lost = sum(amount(line["subtotal_set"], side) for line in lines)
            was = amount(order["subtotal_price_set"], side)
            assert was - lost == amount(order["current_subtotal_price_set"], side)
            refunded_tax = sum(amount(line["total_tax_set"], side) for line in lines)
            refunded_tax += sum(
                amount(charge["tax_amount_set"], side)
                for refund in order["refunds"]
                for charge in refund["refund_shipping_lines"]
            )
            was = amount(order["total_tax_set"], side)
            assert was - refunded_tax == amount(order["current_total_tax_set"], side)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**9))
def test_paid_orders_have_received_what_they_cost(seed):
    for history in Shop(seed, start=START).trade(40):
        order = history.current
        if order.financial in ("paid", "partially_refunded", "refunded"):
            assert order.received == order.totals(current=True).total


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**9))
def test_updated_at_increases_strictly(seed):
    for history in Shop(seed, start=START).trade(40):
        times = [state.order.updated_at for state in history.states]
        assert times == sorted(set(times))


@given(st.lists(cents, min_size=1, max_size=20), st.integers(0, 100))
def test_allocation_is_complete_and_takes_no_more_than_there_is(weights, percent):
    total = (sum(weights) * percent / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
    parts = allocate(total, weights, "EUR")
    assert sum(parts) == total
    assert all(0 <= part <= weight for part, weight in zip(parts, weights, strict=True))
