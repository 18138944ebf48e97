"""The simulated account keeps its own books, and answers as Stripe does."""

import json
from collections import Counter
from decimal import Decimal
from random import Random
from threading import Thread
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from stripe_account import trade

from simulator_stripe import Faults, StripeSimulator
from simulator_stripe.forms import decode
from simulator_stripe.money import Terms


@pytest.fixture
def simulator():
    with StripeSimulator(seed=17) as running:
        yield running


def call(simulator, path, form=None, key=None, token=None):
    """Return status, content and headers of a request."""
    headers = {"Authorization": f"Bearer {token or simulator.key.value}"}
    if key:
        headers["Idempotency-Key"] = key
    data = None if form is None else urlencode(form).encode()
    try:
        with urlopen(Request(f"{simulator.base_url}/v1{path}", data, headers)) as answer:
            return answer.status, json.load(answer), answer.headers
    except HTTPError as error:
        with error:
            return error.code, json.load(error), error.headers


@pytest.mark.parametrize("seed", range(10))
def test_every_movement_is_in_one_payout_or_in_the_balance(seed):
    random = Random(seed)
    terms = Terms(settles=("eur", "usd"), tax=Decimal("0.19"))
    simulator = StripeSimulator(seed, terms=terms)
    account = simulator.account
    for _day in range(6):
        trade(account, random, 15, ("eur", "usd", "jpy", "bhd"))
        account.clock.pass_by(days=1)
        for currency in terms.settles:
            made = account.pay_out(currency)
            if made and random.random() < 0.2:
                account.fail_payout(made["id"])
    truth = simulator.truth()
    rows = {row["id"]: row for row in truth.transactions}
    for number, taken in truth.settled.items():
        assert sum(rows[one]["net"] for one in taken) == account.payouts[number]["amount"]
    assert max(Counter(one for taken in truth.settled.values() for one in taken).values()) == 1
    left = Counter()
    for row in truth.transactions:
        left[row["currency"]] += row["net"]
        assert row["amount"] - row["fee"] == row["net"]
        assert sum(fee["amount"] for fee in row["fee_details"]) == row["fee"]
    assert {name.lower(): int(value * 100) for name, value in truth.balances.items()} == left


def test_the_same_seed_makes_the_same_day():
    days = []
    for _time in range(2):
        simulator = StripeSimulator(23)
        trade(simulator.account, Random(1), 30, ("eur", "usd"))
        days.append((simulator.truth(), simulator.account.events))
    assert days[0] == days[1]


def test_a_key_is_answered_once_and_again(simulator):
    charge = simulator.account.pay(5_000)["latest_charge"]
    form = {"charge": charge, "amount": 1_000, "metadata[reference]": "A"}
    first = call(simulator, "/refunds", form, "k")
    again = call(simulator, "/refunds", form, "k")
    assert first[:2] == again[:2] and first[1]["metadata"] == {"reference": "A"}
    assert again[2]["Idempotent-Replayed"] == "true"
    other = call(simulator, "/refunds", {**form, "amount": 2_000}, "k")
    assert (other[0], other[1]["error"]["type"]) == (400, "idempotency_error")
    assert len(simulator.account.refunds) == 1


def test_a_key_in_use_is_409(simulator):
    charge = simulator.account.pay(5_000)["latest_charge"]
    simulator.faults = Faults(hang=1, hang_seconds=0.5)
    slow = Thread(target=call, args=(simulator, "/refunds", {"charge": charge}, "k"))
    slow.start()
    while not simulator.account.refunds:
        pass
    status, content, _headers = call(simulator, "/refunds", {"charge": charge}, "k")
    assert (status, content["error"]["code"]) == (409, "idempotency_key_in_use")
    slow.join()


def test_what_fails_validation_is_not_kept(simulator):
    charge = simulator.account.pay(5_000)["latest_charge"]
    assert call(simulator, "/refunds", {"charge": charge, "amount": "x"}, "k")[0] == 400
    assert call(simulator, "/refunds", {"charge": charge, "amount": 1}, "k")[0] == 200


def test_lists_are_pages_of_the_newest_first(simulator):
    for _number in range(7):
        simulator.account.pay(1_000)
    seen, after = [], ""
    while True:
        _status, page, _headers = call(simulator, f"/charges?limit=3{after}")
        seen += [row["id"] for row in page["data"]]
        if not page["has_more"]:
            break
        after = f"&starting_after={seen[-1]}"
    assert seen == list(simulator.account.charges)[::-1]
    assert call(simulator, "/charges?limit=101")[0] == 400


def test_events_are_forgotten_after_30_days(simulator):
    simulator.account.pay(1_000)
    assert call(simulator, "/events")[1]["data"]
    simulator.clock.pass_by(days=31)
    assert call(simulator, "/events")[1]["data"] == []
    assert call(simulator, "/charges")[1]["data"]


def test_who_is_not_known_is_refused(simulator):
    assert call(simulator, "/balance", token="sk_live_x")[0] == 401
    assert call(simulator, "/nothing")[0] == 404


def test_transactions_of_a_payout_by_hand_cannot_be_told(simulator):
    simulator.account.pay(5_000)
    simulator.clock.pass_by(days=3)
    made = simulator.account.pay_out_by_hand(1_000)
    assert call(simulator, f"/balance_transactions?payout={made['id']}")[0] == 400


def test_forms_are_nested():
    pairs = [("a", "1"), ("m[k]", "v"), ("m[n][o]", "w"), ("e[]", "x"), ("e[]", "y"),
             ("f[0]", "p"), ("f[1]", "q"), ("[bad", "z")]  # fmt: skip
    assert decode(pairs) == {
        "a": "1", "m": {"k": "v", "n": {"o": "w"}}, "e": ["x", "y"], "f": ["p", "q"],
    }  # fmt: skip
