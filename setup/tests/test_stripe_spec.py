"""Every request that the adapter makes is one of Stripe's published specification."""

from contextlib import suppress

import pytest
from stripe_account import messages, provider
from stripe_spec import problems, specification

from simulator_stripe import StripeSimulator

# What stripe_account makes importable.
# isort: split
from odoo.addons.retail_connector_base.canonical import (
    CapturePayment,
    Money,
    RefundPayment,
    VoidPayment,
)
from odoo.addons.retail_connector_base.providers import RejectedError
from odoo.addons.retail_connector_payment.providers.stripe.client import DEFAULT_VERSION

# Added to all versions after the specification that is stored.
NEWER = {"form.final_capture: is not known"}


@pytest.fixture(scope="module")
def calls():
    """All requests of a day in which everything is used."""
    with StripeSimulator(seed=5) as simulator:
        use_everything(simulator)
        return simulator.server.calls


def euros(amount):
    return Money(amount=amount, currency="EUR")


def use_everything(simulator):
    account, adapter = simulator.account, provider(simulator)
    adapter.test_connection()
    for url in ("http://127.0.0.1:9/hooks/key", "http://127.0.0.1:8/hooks/key"):
        adapter.sync_subscriptions(url)
    simulator.webhooks.create({"url": url, "enabled_events": ["*"]})
    adapter.sync_subscriptions(url)
    account.pay_out()
    paid, held, let_go = (account.pay(5_000, manual=manual) for manual in (False, True, True))
    commands = [
        RefundPayment(payment_external_id=paid["latest_charge"], amount=euros(10), reference="A",
                      reason="duplicate"),
        RefundPayment(payment_external_id=paid["id"], amount=euros(1), reference="B", reason="X"),
        CapturePayment(payment_external_id=held["id"], amount=euros(30)),
        CapturePayment(payment_external_id=held["id"], amount=euros(30), final=False),
        VoidPayment(payment_external_id=let_go["id"]),
        VoidPayment(payment_external_id=account.pay(100, manual=True)["latest_charge"]),
        CapturePayment(payment_external_id=account.pay(100, manual=True)["latest_charge"],
                       amount=euros(1)),
    ]  # fmt: skip
    for number, command in enumerate(commands):
        # What was captured in part cannot be captured again.
        with suppress(RejectedError):
            adapter.send(command, f"key-{number}")
        adapter.look_up(command, f"key-{number}")
    read_everything(simulator, adapter)


def read_everything(simulator, adapter):
    account, clock = simulator.account, simulator.clock
    account.dispute(next(iter(account.charges)))
    clock.pass_by(days=3)
    account.pay_out()
    for _time in range(2):
        for kind in ("payment", "dispute", "payout"):
            assert messages(adapter, kind, account.clock.time.replace(month=1))
            messages(adapter, kind)
        clock.pass_by(days=40)
    for number in (*account.intents, *account.charges, *account.refunds):
        adapter.fetch_one("payment", number)
    for number in account.intents:
        adapter.fetch_one("payment", f"{number}:void")
    adapter.fetch_one("dispute", next(iter(account.disputes)))
    adapter.fetch_one("payout", next(iter(account.payouts)))
    adapter.read_balance()


def test_all_requests_are_in_the_specification(calls):
    found = {
        (call.method, call.path, problem)
        for call in calls
        for problem in problems(call.method, call.path, call.query, call.form)
    }
    assert {one for one in found if one[2] not in NEWER} == set()


def test_all_of_the_adapter_was_used(calls):
    used = {(call.method, call.path.split("/")[2]) for call in calls}
    assert len(used) >= 15
    writes = {call.path.split("/")[-1] for call in calls if call.method == "POST"}
    assert {"refunds", "capture", "cancel", "webhook_endpoints"} <= writes


def test_the_version_is_the_specifications(calls):
    assert {call.version for call in calls} == {DEFAULT_VERSION}
    assert specification()["info"]["version"] == DEFAULT_VERSION


def test_every_effect_has_a_key_of_its_own(calls):
    writes = [c for c in calls if c.method == "POST" and "webhook_endpoints" not in c.path]
    assert all(call.key for call in writes)
    assert len({call.key for call in writes}) == len(writes)


@pytest.mark.parametrize(
    ("method", "path", "query", "form"),
    [
        ("POST", "/v1/refund", [], []),
        ("PUT", "/v1/refunds", [], []),
        ("POST", "/v1/refunds", [], [("sum", "1")]),
        ("POST", "/v1/refunds", [], [("amount", "1.5")]),
        ("POST", "/v1/refunds", [], [("reason", "whim")]),
        ("POST", "/v1/refunds", [], [("metadata", "x")]),
        ("POST", "/v1/refunds", [], [("metadata[a][b]", "x")]),
        ("POST", "/v1/webhook_endpoints", [], [("url", "https://a.example")]),
        ("GET", "/v1/charges", [("created[since]", "1")], []),
        ("GET", "/v1/charges", [("expand[1]", "data.refunds")], []),
        ("GET", "/v1/balance_transactions", [("limit", "many")], []),
    ],
)
def test_the_check_sees_what_is_wrong(method, path, query, form):
    assert problems(method, path, query, form)
