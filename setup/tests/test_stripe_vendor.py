"""The provider against the simulated account, over HTTP: what comes in."""

from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest
from stripe_account import SECRET, messages, newest, parsed, provider, trade
from woo_shop import Receiver

from simulator_stripe import Faults, Key, StripeSimulator
from simulator_stripe.money import Terms

# What stripe_account makes importable.
# isort: split
from odoo.addons.retail_connector_base.canonical import BalanceCategory, PayoutState
from odoo.addons.retail_connector_base.providers import AuthenticationError, TransientError

CURRENCIES = ("eur", "usd", "jpy", "bhd", "isk")


@pytest.fixture
def simulator():
    terms = Terms(settles=("eur", "jpy"), tax=Decimal("0.19"))
    with StripeSimulator(seed=11, terms=terms) as running:
        yield running


def received(simulator, adapter, **faults):
    """Return what our endpoint hears of all that happened since it was made."""
    with Receiver() as receiver:
        adapter.sync_subscriptions(receiver.url)
        trade(simulator.account, Random(3), 60, CURRENCIES)
        simulator.faults = Faults(**faults)
        simulator.deliver()
    (number,) = simulator.webhooks.rows
    adapter = provider(simulator, *simulator.webhooks.secrets[number])
    heard, refused = [], 0
    for request in receiver.requests:
        try:
            heard += adapter.verify(request).messages
        except AuthenticationError:
            refused += 1
    return heard, refused


def test_what_was_sent_and_what_is_listed_are_the_same_messages(simulator):
    adapter = provider(simulator)
    heard, refused = received(simulator, adapter, duplicate=0.2, disorder=0.3, forged=0.2)
    assert refused and len(heard) > 100
    identities = {(one.topic, one.event_id): one for one in heard}
    assert len(identities) < len(heard)
    listed = {
        (one.topic, one.event_id): one
        for one in messages(adapter, "payment") + messages(adapter, "dispute")
        if not one.topic.startswith("poll/")
    }
    assert listed == identities


def test_what_was_lost_is_polled(simulator):
    adapter = provider(simulator)
    heard, _refused = received(simulator, adapter, dropped=0.5)
    polled = newest(adapter, messages(adapter, "payment"))
    assert set(newest(adapter, heard)) < set(polled) | {
        f"dispute:{number}" for number in simulator.account.disputes
    }
    assert {f"dispute:{number}" for number in simulator.account.disputes} == set(
        newest(adapter, messages(adapter, "dispute"))
    )


def test_payments_come_to_what_customers_paid_and_got_back(simulator):
    trade(simulator.account, Random(4), 120, CURRENCIES)
    adapter = provider(simulator)
    found = newest(adapter, messages(adapter, "payment")).values()
    charged = {
        one.external_id: one.amount.amount
        for one in found
        if one.payment_kind in ("sale", "capture") and one.state == "success"
    }
    refunded: dict[str, Decimal] = {}
    for one in found:
        if one.payment_kind == "refund" and one.state == "success":
            known = refunded.get(one.parent_external_id, Decimal(0))
            refunded[one.parent_external_id] = known + one.amount.amount
    truth = simulator.truth()
    assert (charged, refunded) == (truth.charged, truth.refunded)
    assert len(charged) > 50 and len(refunded) > 5


def test_older_payments_are_read_from_the_objects_themselves(simulator):
    trade(simulator.account, Random(5), 120, ("eur", "usd"))
    begun = simulator.clock() - timedelta(days=5)
    adapter = provider(simulator)
    by_events = newest(adapter, messages(adapter, "payment"))
    simulator.clock.pass_by(days=60)
    assert messages(adapter, "payment") == []
    by_objects = newest(adapter, messages(adapter, "payment", begun))
    # A void is told by events only, and by no charge; nor is an authorisation, once it is captured.
    kept = ("sale", "capture", "refund")
    both = [
        {key: (one.payment_kind, one.state, one.amount) for key, one in found.items()
         if one.payment_kind in kept}
        for found in (by_events, by_objects)
    ]  # fmt: skip
    assert both[0] == both[1]
    assert len(both[0]) > 80


def test_an_interrupted_poll_goes_on_from_its_cursor(simulator):
    trade(simulator.account, Random(6), 200, ("eur",))
    adapter = provider(simulator)
    pages = list(adapter.fetch("payment", ""))
    assert len(pages) > 3
    for index, page in enumerate(pages[:-1]):
        rest = [one for part in adapter.fetch("payment", page.cursor) for one in part.messages]
        left = [one for part in pages[index + 1 :] for one in part.messages]
        assert {one.event_id for one in rest} == {one.event_id for one in left}


def test_only_what_happened_since_is_read(simulator):
    account, adapter = simulator.account, provider(simulator)
    account.pay(100)
    simulator.clock.pass_by(3_600)
    since = simulator.clock()
    account.pay(200)
    amounts = [parsed(adapter, one).amount.amount for one in messages(adapter, "payment", since)]
    assert amounts == [2]


def test_one_payment_is_fetched_by_any_of_its_ids(simulator):
    account, adapter = simulator.account, provider(simulator)
    held = account.pay(5_000, manual=True, metadata={"order_id": "S1"})
    (authorized,) = [parsed(adapter, adapter.fetch_one("payment", held["id"]))]
    assert (authorized.external_id, authorized.payment_kind) == (held["id"], "authorization")
    assert authorized.expires_at - authorized.processed_at == timedelta(days=7)
    account.capture(held["id"], 3_000)
    charge = parsed(adapter, adapter.fetch_one("payment", held["latest_charge"]))
    assert (charge.payment_kind, charge.amount.amount) == ("capture", 30)
    assert charge.parent_external_id == held["id"]
    # What became of the intent is its charge.
    became = adapter.fetch_one("payment", held["id"])
    assert parsed(adapter, became) == charge
    (rest,) = [parsed(adapter, adapter.fetch_one("payment", one)) for one in account.refunds]
    assert (rest.payment_kind, rest.amount.amount) == ("void", 20)
    assert rest.parent_external_id == held["id"]
    refund = account.refund(held["latest_charge"], 500)
    found = parsed(adapter, adapter.fetch_one("payment", refund["id"]))
    assert (found.payment_kind, found.amount.amount) == ("refund", 5)
    let_go = account.pay(700, manual=True)
    assert adapter.fetch_one("payment", f"{let_go['id']}:void") is None
    simulator.clock.pass_by(days=8)
    account.lapse()
    gone = parsed(adapter, adapter.fetch_one("payment", f"{let_go['id']}:void"))
    assert gone.payment_kind == "void"
    assert parsed(adapter, adapter.fetch_one("payment", let_go["id"])) == gone
    failed = account.pay(900, declined="card_declined")
    found = parsed(adapter, adapter.fetch_one("payment", failed["id"]))
    assert (found.external_id, found.state) == (failed["latest_charge"], "failure")
    assert adapter.fetch_one("payment", "ch_of_nobody") is None
    assert adapter.fetch_one("payout", "po_of_nobody") is None


# Payouts


def test_a_payout_of_many_pages_ties_out(simulator):
    account, adapter = simulator.account, provider(simulator)
    trade(account, Random(7), 350, ("eur", "usd", "bhd"))
    account.fee(2_500)
    account.adjust(-476, "tax", "tax_fee")
    account.adjust(-5_000, "risk_reserved_funds", "reserved_funds")
    simulator.clock.pass_by(days=4)
    made = account.pay_out()
    simulator.server.calls.clear()
    found = parsed(adapter, adapter.fetch_one("payout", made["id"]))
    pages = [call for call in simulator.server.calls if call.path.endswith("transactions")]
    assert len(found.transactions) > 350 and len(pages) >= 4
    assert found.transactions_complete
    assert sum(line.net for line in found.transactions) == found.amount.amount
    assert {line.external_id for line in found.transactions} == set(
        simulator.truth().settled[made["id"]]
    )
    assert all(line.gross.amount - line.fee == line.net for line in found.transactions)
    assert BalanceCategory.UNKNOWN not in {line.category for line in found.transactions}
    assert any(line.fee_tax for line in found.transactions)
    assert any(line.original for line in found.transactions)


def test_transactions_settle_the_payments_that_were_told(simulator):
    """Charges, with what was not captured of them, and refunds come to the payments' amounts."""
    account, adapter = simulator.account, provider(simulator)
    trade(account, Random(8), 150, ("eur", "usd"))
    simulator.clock.pass_by(days=4)
    account.pay_out()
    payments = {
        one.external_id: one for one in newest(adapter, messages(adapter, "payment")).values()
    }
    (payout,) = newest(adapter, messages(adapter, "payout")).values()
    sums: dict[str, Decimal] = {}
    for line in payout.transactions:
        if line.category in (BalanceCategory.CHARGE, BalanceCategory.REFUND):
            money = line.original or line.gross
            known = sums.get(line.payment_external_id, Decimal(0))
            sums[line.payment_external_id] = known + money.amount
    assert len(sums) > 80
    for number, amount in sums.items():
        sign = -1 if payments[number].payment_kind == "refund" else 1
        assert payments[number].amount.amount * sign == amount


def test_payouts_are_polled_when_something_happens_to_them(simulator):
    account, adapter = simulator.account, provider(simulator)
    account.pay(5_000)
    simulator.clock.pass_by(days=3)
    made = account.pay_out(reconciled=False)
    (begun,) = newest(adapter, messages(adapter, "payout")).values()
    assert not begun.transactions_complete and begun.state is PayoutState.PENDING
    simulator.clock.pass_by(days=1)
    since = simulator.clock()
    account.reconcile(made["id"])
    (known,) = newest(adapter, messages(adapter, "payout", since)).values()
    assert known.transactions_complete and len(known.transactions) == 1
    simulator.clock.pass_by(days=1)
    account.land_payout(made["id"])
    account.fail_payout(made["id"])
    (failed,) = newest(adapter, messages(adapter, "payout", since)).values()
    assert failed.state is PayoutState.FAILED and "account_closed" in failed.failure
    again = account.pay_out()
    found = parsed(adapter, adapter.fetch_one("payout", again["id"]))
    (line,) = found.transactions
    assert line.category is BalanceCategory.PAYOUT_FAILURE
    assert line.payment_external_id == made["id"]


def test_negative_and_manual_payouts(simulator):
    account, adapter = simulator.account, provider(simulator)
    charge = account.pay(5_000)["latest_charge"]
    simulator.clock.pass_by(days=3)
    by_hand = account.pay_out_by_hand(1_000)
    found = parsed(adapter, adapter.fetch_one("payout", by_hand["id"]))
    assert not found.automatic and found.transactions_complete and not found.transactions
    account.pay_out()
    account.refund(charge)
    made = account.pay_out()
    found = parsed(adapter, adapter.fetch_one("payout", made["id"]))
    assert found.amount.amount == sum(line.net for line in found.transactions) == -50
    (rest,) = [one for one in account.payouts.values() if one["amount"] not in (1_000, -5_000)]
    found = parsed(adapter, adapter.fetch_one("payout", rest["id"]))
    assert BalanceCategory.PAYOUT in {line.category for line in found.transactions}
    assert found.amount.amount == sum(line.net for line in found.transactions)


def test_ten_thousand_transactions_are_a_few_megabytes(simulator):
    account, adapter = simulator.account, provider(simulator)
    for _number in range(100):
        account.pay(1_000)
    rows = [*account.ledger.rows.values()]
    for number in range(9_900):
        copy = {**rows[number % 100], "id": f"txn_{number:018}"}
        account.ledger.rows[copy["id"]] = copy
    simulator.clock.pass_by(days=3)
    made = account.pay_out()
    message = adapter.fetch_one("payout", made["id"])
    assert len(message.body) < 5_000_000
    found = parsed(adapter, message)
    assert len(found.transactions) == 10_000
    assert sum(line.net for line in found.transactions) == found.amount.amount


# The account


def test_the_balance_is_what_stripe_holds(simulator):
    trade(simulator.account, Random(9), 60, CURRENCIES)
    simulator.clock.pass_by(days=1)
    held = {one.currency: one.available + one.pending for one in provider(simulator).read_balance()}
    assert held == simulator.truth().balances
    assert set(held) == {"EUR", "JPY"}


def test_the_connection_test_tells_what_is_amiss(simulator):
    report = provider(simulator).test_connection()
    assert (report.account, report.problems, report.warnings) == ("Simulated Shop", (), ())
    wrong = provider(simulator, mode="test").test_connection()
    assert any("mode" in text for text in wrong.problems)
    with pytest.raises(AuthenticationError):
        provider(simulator, key="sk_live_of_nobody").test_connection()
    key = Key("rk_live_little", frozenset({"account", "disputes", "payouts"}))
    with StripeSimulator(key=key) as other:
        report = provider(other).test_connection()
    assert report.problems == ("The key may not read payouts.",)
    assert any("Disputes" in text for text in report.warnings)


def test_one_endpoint_is_made_kept_repaired_and_its_doubles_removed(simulator):
    adapter, url = provider(simulator), "http://127.0.0.1:9/retail/v1/hooks/key"
    topics = set(adapter.topics())
    assert set(adapter.sync_subscriptions(url).created) == topics
    assert set(adapter.sync_subscriptions(url).present) == topics
    (row,) = simulator.webhooks.rows.values()
    row["status"] = "disabled"
    assert set(adapter.sync_subscriptions(url).repaired) == topics
    assert row["status"] == "enabled"
    other = {"url": "https://other.example/hook", "enabled_events": ["*"]}
    simulator.webhooks.create(other)
    simulator.webhooks.create({**other, "url": "http://127.0.0.1:7/retail/v1/hooks/key"})
    report = adapter.sync_subscriptions(url, {"dispute"})
    assert report.repaired and report.removed
    assert {one["url"] for one in simulator.webhooks.rows.values()} == {url, other["url"]}
    assert not [name for name in row["enabled_events"] if "dispute" in name]


def test_events_are_heard_while_the_secret_rolls(simulator):
    adapter = provider(simulator)
    with Receiver() as receiver:
        adapter.sync_subscriptions(receiver.url)
        (number,) = simulator.webhooks.rows
        old = simulator.webhooks.secrets[number][0]
        new = simulator.webhooks.roll(number)
        simulator.account.pay(100)
        simulator.deliver()
    for secrets in ((old,), (new,), (SECRET, new)):
        assert provider(simulator, *secrets).verify(receiver.requests[0]).messages
    with pytest.raises(AuthenticationError):
        provider(simulator).verify(receiver.requests[0])
    simulator.clock.pass_by(301)
    with pytest.raises(AuthenticationError):
        provider(simulator, new).verify(receiver.requests[0])


def test_faults_of_the_api_are_passing(simulator):
    simulator.account.pay(100)
    adapter = provider(simulator)
    simulator.faults = Faults(server_error=1)
    with pytest.raises(TransientError):
        messages(adapter, "payment")
