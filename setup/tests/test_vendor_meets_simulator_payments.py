"""The provider and the simulated shop about payments, over HTTP: told, taken, given back."""

import json
import threading
from decimal import Decimal

import pytest
from graphql import parse as parse_document
from graphql import validate
from jsonschema import Draft202012Validator
from vendor_money import CURRENCIES, deliver, disputed, heard, listed, money, read, refund
from vendor_shop import provider

from odoo.addons.retail_connector_base.canonical import CapturePayment, VoidPayment
from odoo.addons.retail_connector_base.providers import AuthenticationError, RejectedError
from odoo.addons.retail_connector_shop.providers.shopify import documents_payments
from odoo.addons.retail_connector_shop.providers.shopify.client import Operation

from simulator import MONEY_TOPICS, Faults, ShopifySimulator
from simulator.bucket import Bucket
from simulator.graph import schema as schemas

SCHEMAS = schemas.contracts() / "shopify" / "webhook_jsonschema" / "2026-04"
# The published schema was inferred from payloads of a till, with a card.
NARROWER = {"device_id", "payment_details", "location_id", "user_id"}
ROUGH = Faults(
    rate_limited=0.1,
    retry_after=0,
    server_error=0.1,
    throttled=0.1,
    disconnect=0.1,
    error_after_effect=0.4,
)
# What the API does not tell of a transaction, and what webhooks do not.
ONE_SIDED = {"reference", "authorization"}


@pytest.fixture
def shop():
    with ShopifySimulator(seed=3, bucket=Bucket(100_000)) as simulator:
        yield simulator


# Payments and refunds


@pytest.mark.parametrize("currency", CURRENCIES)
def test_a_list_and_webhooks_tell_the_same_payments(currency):
    included = CURRENCIES[currency]
    with ShopifySimulator(
        seed=7, currency=currency, taxes_included=included, bucket=Bucket(100_000)
    ) as shop:
        shop.shop.trade(60)
        shop.till.decline(shop.shop.place("pending"))
        told, found = heard(shop, "order_transactions/create"), listed(shop, "payment")
        assert told.keys() == found.keys()
        for number, payment in told.items():
            left = found[number].model_dump(exclude=ONE_SIDED)
            assert left == payment.model_dump(exclude=ONE_SIDED)
            assert found[number].reference.startswith("#")
        assert {one.payment_kind.value for one in told.values()} == {
            "sale", "authorization", "refund",
        }  # fmt: skip
        assert "card_declined" in {one.failure for one in told.values()}


def test_payments_of_orders_that_changed_are_listed_again(shop):
    _old, new = shop.shop.trade(2, ["plain"])
    since = new.current.updated_at
    shop.till.refund(new.current.payments[0].id, Decimal(1))
    adapter = provider(shop)
    messages = [one for page in adapter.fetch("payment", "", since) for one in page.messages]
    found = {read(adapter, one).payment_kind.value for one in messages}
    assert "refund" in found


def test_refunds_of_webhooks_are_read(shop):
    (history,) = shop.shop.trade(1, ["plain"])
    made = shop.till.refund(history.current.payments[0].id, Decimal("1.50"), "Sorry")
    found = heard(shop, "refunds/create")[str(made.id)]
    assert (found.note, found.order_external_id) == ("Sorry", str(history.id))
    ((only,), (adjustment,)) = found.transactions, found.adjustments
    assert (only.amount, only.state) == (money("1.50"), "success")
    # The shop's adjustment of the order is negative; what the customer got is positive.
    assert adjustment.amount.shop == money("1.50")


@pytest.mark.skipif(not SCHEMAS.exists(), reason="the contracts folder is absent")
@pytest.mark.parametrize("topic", MONEY_TOPICS)
def test_webhooks_about_money_follow_the_published_schema(shop, topic):
    shop.shop.trade(40)
    disputed(shop)
    name = topic.replace("/", ".")
    validator = Draft202012Validator(json.loads((SCHEMAS / f"{name}.json").read_text()))
    sent = shop.plan(topics=[topic]).deliveries
    assert sent
    wrong = {
        error.message
        for one in sent
        for error in validator.iter_errors(json.loads(one.body))
        if topic != "refunds/create" and not set(error.absolute_path) & NARROWER
    }
    assert wrong == set()


def test_money_adds_nothing_to_what_is_sent_by_default(shop):
    shop.shop.trade(40)
    before = [(one.topic, one.event_id) for one in shop.plan().deliveries]
    shop.account.issue()
    made = shop.account.dispute(shop.shop.orders[0])
    shop.account.win(made.id)
    assert [(one.topic, one.event_id) for one in shop.plan().deliveries] == before


# Commands


@pytest.mark.parametrize("seed", range(5))
def test_every_refund_has_its_effect_once_though_answers_are_lost(seed):
    with ShopifySimulator(seed=seed, bucket=Bucket(100_000)) as shop:
        (history,) = shop.shop.trade(1, ["several_lines"])
        paid = history.current.payments[0]
        shop.faults = ROUGH
        known = []
        for number in range(4):
            # Twice the same amount, so that only the reference tells them apart.
            command = refund(history, "1.00", f"RINV/{number}")
            known += deliver(shop, command, f"refund-{number}", known)
        made = [one for one in history.current.payments if one.kind == "refund"]
        assert known == [str(one.id) for one in made]
        assert len(history.current.refunds) == 4
        assert history.current.moved(paid.id, "refund").presentment == 4


@pytest.mark.parametrize("seed", range(5))
def test_every_capture_has_its_effect_once_though_answers_are_lost(seed):
    with ShopifySimulator(seed=seed, bucket=Bucket(100_000)) as shop:
        (history,) = shop.shop.trade(1, ["authorized"])
        held = history.current.payments[0]
        shop.till.allow_captures(held.id)
        shop.faults = ROUGH
        known = []
        for number, final in enumerate((False, False, True)):
            command = CapturePayment(
                payment_external_id=str(held.id), amount=money("2.00"), final=final
            )
            known += deliver(shop, command, f"capture-{number}", known)
        order = history.current
        taken = [one for one in order.payments if one.kind == "capture"]
        assert known == [str(one.id) for one in taken]
        assert order.received.presentment == 6
        assert order.moved(held.id, "capture", "void") == held.amount


@pytest.mark.parametrize("seed", range(5))
def test_an_authorisation_is_set_free_once_though_answers_are_lost(seed):
    with ShopifySimulator(seed=seed, bucket=Bucket(100_000)) as shop:
        (history,) = shop.shop.trade(1, ["authorized"])
        held = history.current.payments[0]
        shop.faults = ROUGH
        (number,) = deliver(shop, VoidPayment(payment_external_id=str(held.id)))
        assert [str(one.id) for one in history.current.payments if one.kind == "void"] == [number]
        assert history.current.financial == "voided"


def test_no_more_goes_back_than_was_taken(shop):
    (history,) = shop.shop.trade(1, ["plain"])
    paid = history.current.payments[0].amount.presentment
    provider(shop).send(refund(history, paid - 1), "key-1")
    for amount in ("1.01", str(paid), "0"):
        with pytest.raises(RejectedError, match="at most"):
            provider(shop).send(refund(history, amount, f"RINV/{amount}"), f"key-{amount}")
    provider(shop).send(refund(history, "1", "RINV/2"), "key-2")
    assert history.current.financial == "refunded"


def test_two_refunds_at_once_do_not_exceed_the_payment(shop):
    (history,) = shop.shop.trade(1, ["plain"])
    paid = history.current.payments[0].amount.presentment
    shop.engine.mutation_seconds = 0.1
    outcomes = []

    def give_back(number):
        try:
            provider(shop).send(refund(history, paid, f"RINV/{number}"), f"key-{number}")
            outcomes.append("done")
        except RejectedError:
            outcomes.append("refused")

    threads = [threading.Thread(target=give_back, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused"]
    assert not history.current.received


def test_a_key_is_bound_to_its_refund(shop):
    (history,) = shop.shop.trade(1, ["plain"])
    provider(shop).send(refund(history, "1.00"), "key")
    with pytest.raises(RejectedError, match="different operation parameters"):
        provider(shop).send(refund(history, "2.00"), "key")


def test_a_refund_that_the_gateway_refuses_gives_nothing_back(shop):
    (history,) = shop.shop.trade(1, ["plain"])
    shop.till.refund_status = "failure"
    command = refund(history, "1.00")
    with pytest.raises(RejectedError, match="generic_error"):
        provider(shop).send(command, "key")
    assert provider(shop).look_up(command, "key") is None
    assert history.current.received == history.current.payments[0].amount


def test_an_order_in_another_currency_is_given_back_in_it(shop):
    (history,) = shop.shop.trade(1, ["presentment"])
    assert history.current.terms.presentment == "USD"
    (number,) = deliver(shop, refund(history, "1.00"))
    given = history.current.payment(int(number)).amount
    assert given.presentment == 1
    assert given.shop < 1


def test_what_is_free_or_taken_is_not_captured_again(shop):
    (history,) = shop.shop.trade(1, ["authorized"])
    held = history.current.payments[0]
    whole = held.amount.presentment
    taking = CapturePayment(payment_external_id=str(held.id), amount=money(whole))
    with pytest.raises(RejectedError, match="greater than"):
        more = taking.model_copy(update={"amount": money(whole + 1)})
        provider(shop).send(more, "key-0")
    deliver(shop, taking)
    assert history.current.financial == "paid"
    with pytest.raises(RejectedError, match="can't be captured"):
        provider(shop).send(taking, "key-2")
    with pytest.raises(RejectedError, match="voidable"):
        provider(shop).send(VoidPayment(payment_external_id=str(held.id)), "key-3")
    deliver(shop, refund(history, whole), "key-4")
    assert not history.current.received


def test_without_the_scope_nothing_is_moved(shop):
    (history,) = shop.shop.trade(1, ["plain"])
    shop.scopes = shop.scopes - {"write_orders"}
    with pytest.raises(AuthenticationError, match="scope"):
        provider(shop).send(refund(history, "1.00"), "key")
    report = provider(shop).test_connection()
    assert any("write_orders" in text for text in report.warnings)
    shop.scopes = shop.scopes - {"read_shopify_payments_payouts"}
    report = provider(shop).test_connection()
    assert any("read_shopify_payments_payouts" in text for text in report.warnings)
    assert not report.problems


# Where the published schema is absent


def test_our_own_schema_covers_what_is_asked_about_money():
    texts = [
        one.document for one in vars(documents_payments).values() if isinstance(one, Operation)
    ]
    assert len(texts) > 10
    for text in texts:
        assert validate(schemas.own_schema(), parse_document(text)) == []
