"""The provider and the simulated shop about the gateway's account: payouts, balance, disputes."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vendor_money import CURRENCIES, deliver, heard, listed, money, read, refund
from vendor_shop import provider

from odoo.addons.retail_connector_base.canonical import (
    BalanceCategory,
    DisputeState,
    PayoutState,
)

from simulator import MONEY_TOPICS, MoneyLife, ShopifySimulator
from simulator.bucket import Bucket

ZERO = Decimal(0)
SETTLES = (BalanceCategory.CHARGE, BalanceCategory.REFUND, BalanceCategory.REFUND_FAILURE)


@pytest.fixture
def shop():
    with ShopifySimulator(seed=3, bucket=Bucket(100_000)) as simulator:
        yield simulator


# Payouts


def test_a_payout_of_300_transactions_ties_over_pages(shop):
    shop.shop.trade(300, ["plain", "several_lines"])
    for history in shop.shop.orders[:20]:
        shop.till.refund(history.current.payments[0].id, Decimal("1.00"))
    shop.account.adjust(Decimal("-7.35"), "Label", "SHIPPING_LABEL")
    issued = shop.account.issue()
    waiting = shop.shop.place("plain")
    (payout,) = listed(shop, "payout").values()
    truth = shop.settlement().payouts[str(issued.id)]
    assert len(payout.transactions) > 300
    assert {one.external_id: one.net for one in payout.transactions} == truth.transactions
    assert sum(one.net for one in payout.transactions) == payout.amount.amount == truth.amount
    assert sum(one.fee for one in payout.transactions) == truth.fees
    assert {one.category.value for one in payout.transactions} == {"charge", "refund", "label"}
    known = {str(p.id) for h in shop.shop.orders for p in h.current.payments}
    for one in payout.transactions:
        label = one.category is BalanceCategory.LABEL
        assert (one.payment_external_id is None) == label
        assert one.payment_external_id in known | {None}
    paid = str(waiting.current.payments[0].id)
    assert paid not in {one.payment_external_id for one in payout.transactions}


def test_a_payout_goes_its_way_and_may_come_back(shop):
    shop.shop.trade(5, ["plain"])
    first = shop.account.issue()
    states, adapter = [], provider(shop)
    for _ in range(3):
        found = read(adapter, adapter.fetch_one("payout", str(first.id)))
        states.append((found.state, bool(found.reference)))
        if found.state is not PayoutState.PAID:
            shop.account.advance(first.id)
    assert states == [
        (PayoutState.PENDING, False), (PayoutState.IN_TRANSIT, True), (PayoutState.PAID, True),
    ]  # fmt: skip
    assert adapter.read_balance()[0].available == 0
    shop.account.fail(first.id)
    assert adapter.read_balance()[0].available == first.net
    shop.shop.trade(1, ["plain"])
    second = shop.account.issue()
    found = listed(shop, "payout")
    assert found[str(first.id)].state is PayoutState.FAILED
    returned = [
        one for one in found[str(second.id)].transactions
        if one.category is BalanceCategory.PAYOUT_FAILURE
    ]  # fmt: skip
    assert [one.net for one in returned] == [first.net]
    for payout in found.values():
        assert sum(one.net for one in payout.transactions) == payout.amount.amount


def test_a_negative_payout_is_a_withdrawal(shop):
    (history,) = shop.shop.trade(1, ["plain"])
    shop.account.issue()
    deliver(shop, refund(history, history.current.received.presentment))
    issued = shop.account.issue()
    payout = listed(shop, "payout")[str(issued.id)]
    assert payout.amount.amount == issued.net < 0
    assert [one.category.value for one in payout.transactions] == ["refund"]


def test_a_refund_that_the_bank_returns_comes_back(shop):
    (history,) = shop.shop.trade(1, ["plain"])
    (number,) = deliver(shop, refund(history, "2.00"))
    before = provider(shop).read_balance()[0].available
    shop.till.fail_refund(int(number))
    assert provider(shop).read_balance()[0].available == before + 2
    assert listed(shop, "payment")[number].state.value == "failure"
    issued = shop.account.issue()
    categories = [one.category.value for one in listed(shop, "payout")[str(issued.id)].transactions]
    assert categories == ["charge", "refund", "refund_failure"]


def test_a_shop_without_the_gateway_has_no_account(shop):
    shop.shop.trade(3)
    shop.account.active = False
    assert listed(shop, "payout") == {}
    assert provider(shop).read_balance() == ()


def test_a_poll_of_payouts_goes_on_where_it_was_left(shop):
    for _ in range(12):
        shop.shop.trade(1, ["plain"])
        shop.account.issue()
    adapter, whole = provider(shop), listed(shop, "payout")
    first = next(iter(adapter.fetch("payout", "")))
    rest = [one for page in adapter.fetch("payout", first.cursor) for one in page.messages]
    numbers = [read(adapter, one).external_id for one in (*first.messages, *rest)]
    assert sorted(numbers) == sorted(whole)
    assert len(numbers) == len(set(numbers)) == 12


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10**6), st.integers(1, 40), st.sampled_from(sorted(CURRENCIES)))
def test_whatever_happens_every_payout_ties_and_the_rest_is_the_balance(seed, steps, currency):
    with ShopifySimulator(seed=seed, currency=currency, bucket=Bucket(100_000)) as shop:
        shop.shop.trade(6, ["plain", "authorized", "presentment"])
        MoneyLife(shop.shop).live(steps)
        truth, found = shop.settlement(), listed(shop, "payout")
        assert found.keys() == truth.payouts.keys()
        for number, payout in found.items():
            own = truth.payouts[number]
            assert {one.external_id: one.net for one in payout.transactions} == own.transactions
            assert sum(one.net for one in payout.transactions) == payout.amount.amount
            for one in payout.transactions:
                _assert_what_the_customer_paid(shop, one)
        (balance,) = provider(shop).read_balance()
        assert balance.available == truth.balance
        # What was paid out, and came back of it, is all that is gone of what was earned.
        earned = sum((one.net for one in shop.account.entries if one.source != "TRANSFER"), ZERO)
        gone = [one.amount for one in truth.payouts.values() if one.status != "failed"]
        assert truth.balance == earned - sum(gone, ZERO)


def _assert_what_the_customer_paid(shop, line):
    """A charge or refund names its payment's own amount, where that was another."""
    if line.category not in SETTLES:
        assert line.original is None
        return
    history = shop.till.owner(int(line.payment_external_id))
    paid = history.current.payment(int(line.payment_external_id)).amount.presentment
    told = line.original or line.gross
    assert told.currency == history.current.terms.presentment
    assert told.amount == paid.copy_sign(line.gross.amount)


def test_the_same_seed_leads_the_same_life():
    def life(seed):
        with ShopifySimulator(seed=seed) as shop:
            shop.shop.trade(20)
            done = MoneyLife(shop.shop).live(60)
            return done, shop.settlement().balance

    assert life(1) == life(1)
    assert life(1) != life(2)


# Disputes


def test_a_dispute_lives_from_the_bank_to_the_payout(shop):
    history = shop.shop.place("plain")
    made = shop.account.dispute(history)
    number, states = str(made.id), []

    def look():
        found, told = listed(shop, "dispute")[number], heard(shop, *MONEY_TOPICS[2:])[number]
        assert found == told
        assert found.entity_key == f"order:{history.id}"
        states.append(found.state)
        return found

    found = look()
    assert found.amount == money(history.current.received.shop)
    assert found.respond_until == made.due_by
    shop.account.respond(made.id)
    look()
    shop.account.win(made.id)
    assert look().closed_at
    assert states == [DisputeState.NEEDS_RESPONSE, DisputeState.UNDER_REVIEW, DisputeState.WON]
    issued = shop.account.issue()
    payout = listed(shop, "payout")[str(issued.id)]
    moved = {one.category.value: one for one in payout.transactions}
    assert list(moved) == [
        "charge", "dispute", "dispute_fee", "dispute_reversal", "dispute_fee_refund",
    ]  # fmt: skip
    assert moved["dispute"].net == -moved["dispute_reversal"].net == -found.amount.amount
    assert moved["dispute"].dispute_external_id == number
    assert moved["dispute"].payment_external_id == moved["charge"].payment_external_id
    assert shop.settlement().disputes == {number: "won"}


def test_an_inquiry_takes_no_money_until_it_is_a_chargeback(shop):
    history = shop.shop.place("plain")
    made = shop.account.dispute(history, inquiry=True)
    number, before = str(made.id), provider(shop).read_balance()[0].available
    assert listed(shop, "dispute")[number].state is DisputeState.INQUIRY
    shop.account.escalate(made.id)
    assert listed(shop, "dispute")[number].state is DisputeState.NEEDS_RESPONSE
    assert provider(shop).read_balance()[0].available < before
    shop.account.lose(made.id, accepted=True)
    assert listed(shop, "dispute")[number].state is DisputeState.ACCEPTED
