"""The provider against the simulated account, over HTTP: money that is given back or taken."""

from decimal import Decimal
from threading import Thread

import pytest
from stripe_account import messages, newest, parsed, provider

from simulator_stripe import Faults, StripeSimulator

# What stripe_account makes importable.
# isort: split
from odoo.addons.retail_connector_base.canonical import (
    CapturePayment,
    Money,
    RefundPayment,
    VoidPayment,
)
from odoo.addons.retail_connector_base.providers import (
    ConnectorError,
    RateLimitedError,
    RejectedError,
    TransientError,
    UnknownOutcomeError,
)

STORM = Faults(rate_limited=0.15, server_error=0.15, accept_then_fail=0.3)


@pytest.fixture
def simulator():
    with StripeSimulator(seed=13) as running:
        yield running


def giving_back(intent, amount="10", currency="EUR", reference="RINV/1"):
    money = Money(amount=Decimal(amount), currency=currency)
    return RefundPayment(
        payment_external_id=intent["latest_charge"], amount=money, reference=reference
    )


def taking(intent, amount="30"):
    money = Money(amount=Decimal(amount), currency="EUR")
    return CapturePayment(payment_external_id=intent["id"], amount=money)


def carry_out(adapter, command, key, attempts=60):
    """Do as the sender of the outbox does: what is in doubt is asked about before it is sent."""
    in_doubt, known = False, None
    for _attempt in range(attempts):
        try:
            if in_doubt:
                found = adapter.look_up(command, key)
                if found:
                    return found
                in_doubt, known = False, ()
            return adapter.send(command, key, known)
        except UnknownOutcomeError:
            in_doubt = True
        except (TransientError, RateLimitedError):
            continue
    raise AssertionError("it never came to an end")


def test_a_refund_is_made_once_although_the_answer_is_lost(simulator):
    intent = simulator.account.pay(5_000)
    adapter = provider(simulator, read_timeout=0.2)
    simulator.faults = Faults(hang=1, hang_seconds=0.6)
    with pytest.raises(UnknownOutcomeError):
        adapter.send(giving_back(intent), "key-1")
    # The request is still at work: the same key is told to wait, and a look finds the refund.
    simulator.faults = Faults()
    with pytest.raises(TransientError):
        adapter.send(giving_back(intent), "key-1")
    found = adapter.look_up(giving_back(intent), "key-1")
    assert found.external_ids == tuple(simulator.account.refunds)
    assert len(simulator.account.refunds) == 1


@pytest.mark.parametrize("seed", range(12))
def test_a_storm_makes_each_effect_once(seed):
    with StripeSimulator(seed=seed) as simulator:
        account, adapter = simulator.account, provider(simulator)
        paid, held, let_go = (account.pay(5_000, manual=manual) for manual in (False, True, True))
        commands = [giving_back(paid, reference="A"), giving_back(paid, reference="B"),
                    taking(held), VoidPayment(payment_external_id=let_go["id"])]  # fmt: skip
        simulator.faults = STORM
        for number, command in enumerate(commands):
            assert carry_out(adapter, command, f"key-{number}").external_ids
        charge = account.charges[paid["latest_charge"]]
        assert charge["amount_refunded"] == 2_000
        references = [one["metadata"].get("reference") for one in account.refunds.values()]
        assert sorted(filter(None, references)) == ["A", "B"]
        assert (held["amount_received"], let_go["status"]) == (3_000, "canceled")


def test_two_workers_with_one_key_have_one_effect(simulator):
    intent = simulator.account.pay(5_000)
    answers = []

    def work():
        try:
            answers.append(provider(simulator).send(giving_back(intent), "key-1"))
        except TransientError:
            answers.append(None)

    workers = [Thread(target=work) for _number in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(simulator.account.refunds) == 1
    assert any(answers)


def test_a_500_that_a_key_keeps_is_stepped_over_only_if_nothing_was_done(simulator):
    intent = simulator.account.pay(5_000)
    adapter = provider(simulator)
    simulator.faults = Faults(accept_then_fail=1)
    with pytest.raises(UnknownOutcomeError):
        adapter.send(giving_back(intent), "key-1")
    simulator.faults = Faults()
    # Sent again without a look: Stripe's stored 500 leads to a look here.
    assert adapter.send(giving_back(intent), "key-1").external_ids
    assert len(simulator.account.refunds) == 1


def test_a_refusal_that_a_key_keeps_does_not_refuse_for_ever(simulator):
    account = simulator.account
    held = account.pay(5_000, manual=True)
    command, adapter = giving_back(held), provider(simulator)
    account.cancel(held["id"])
    with pytest.raises(RejectedError, match="already"):
        adapter.send(command, "key-1")
    # Somebody makes it possible: the same command is taken.
    account.charges[held["latest_charge"]].update(captured=True, amount_refunded=0)
    assert adapter.send(command, "key-1").external_ids
    assert len(account.refunds) == 1


def test_a_command_of_last_week_is_looked_up_not_made_again(simulator):
    """Stripe forgets keys after a day; its metadata stays."""
    intent = simulator.account.pay(5_000)
    adapter = provider(simulator)
    made = adapter.send(giving_back(intent), "key-1")
    simulator.server.keys.forget_all()
    assert adapter.look_up(giving_back(intent), "key-1") == made
    assert adapter.look_up(giving_back(intent), "key-2") is None


def test_what_stripe_refuses_is_told_with_its_code(simulator):
    account, adapter = simulator.account, provider(simulator)
    intent = account.pay(5_000)
    with pytest.raises(RejectedError, match="amount_too_large"):
        adapter.send(giving_back(intent, "50.01"), "key-1")
    with pytest.raises(RejectedError, match="payment_intent_unexpected_state"):
        adapter.send(VoidPayment(payment_external_id=intent["id"]), "key-2")
    with pytest.raises(RejectedError, match="resource_missing"):
        adapter.send(VoidPayment(payment_external_id="pi_of_nobody"), "key-3")
    account.dispute(intent["latest_charge"])
    with pytest.raises(RejectedError, match="charge_disputed"):
        adapter.send(giving_back(intent), "key-4")
    assert not account.refunds


def test_another_amount_under_the_same_key_is_refused(simulator):
    intent = simulator.account.pay(5_000)
    adapter = provider(simulator)
    adapter.send(giving_back(intent, "10"), "key-1")
    with pytest.raises(RejectedError, match="idempotency"):
        adapter.send(giving_back(intent, "11"), "key-1")
    assert len(simulator.account.refunds) == 1


def test_a_limit_is_told_with_its_wait(simulator):
    intent = simulator.account.pay(5_000)
    simulator.faults = Faults(rate_limited=1, retry_after=7)
    with pytest.raises(RateLimitedError) as caught:
        provider(simulator).send(giving_back(intent), "key-1")
    assert caught.value.retry_after == 7


def test_a_refund_comes_back_as_ours_and_may_fail_later(simulator):
    account, adapter = simulator.account, provider(simulator)
    account.refunds_pend = True
    intent = account.pay(5_000, "bhd", {"order_id": "S9"})
    (number,) = adapter.send(giving_back(intent, "1.25", "BHD", "RINV/9"), "key-1").external_ids
    assert account.refunds[number]["amount"] == 1_250
    found = newest(adapter, messages(adapter, "payment"))[f"payment:{number}"]
    assert (found.state, found.reference, found.amount.amount) == (
        "pending", "RINV/9", Decimal("1.25"),
    )  # fmt: skip
    simulator.clock.pass_by(60)
    account.settle_refund(number)
    simulator.clock.pass_by(60)
    account.fail_refund(number)
    found = newest(adapter, messages(adapter, "payment"))[f"payment:{number}"]
    assert (found.state, found.failure) == ("failure", "lost_or_stolen_card")


def test_a_capture_takes_what_it_says_and_sets_the_rest_free(simulator):
    account, adapter = simulator.account, provider(simulator)
    held = account.pay(5_000, manual=True)
    assert adapter.look_up(taking(held), "key-1") is None
    (number,) = adapter.send(taking(held), "key-1").external_ids
    assert number == held["latest_charge"]
    assert adapter.look_up(taking(held), "key-1").external_ids == (number,)
    found = parsed(adapter, adapter.fetch_one("payment", number))
    assert (found.payment_kind, found.amount.amount) == ("capture", 30)
    with pytest.raises(RejectedError):
        adapter.send(taking(held, "20"), "key-2")


def test_a_void_sets_free(simulator):
    account, adapter = simulator.account, provider(simulator)
    held = account.pay(5_000, manual=True)
    command = VoidPayment(payment_external_id=held["id"])
    assert adapter.look_up(command, "key-1") is None
    assert adapter.send(command, "key-1") == adapter.look_up(command, "key-1")
    assert simulator.truth().balances == {}
    found = newest(adapter, messages(adapter, "payment"))
    assert found[f"payment:{held['id']}:void"].parent_external_id == held["id"]


def test_nobody_is_not_asked_with_a_broken_key(simulator):
    intent = simulator.account.pay(5_000)
    with pytest.raises(ConnectorError):
        provider(simulator, key="sk_live_stolen").send(giving_back(intent), "key-1")
    assert not simulator.account.refunds
