"""The simulated seller answers as Square does."""

import json
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from simulator_common import Trouble
from simulator_square import Pays, Seller, SquareSimulator, Wanted


@pytest.fixture
def simulator():
    with SquareSimulator(seed=3) as running:
        yield running


def call(simulator, method, path, body=None, token=None):
    """Return status and content of a request."""
    headers = {"Authorization": f"Bearer {token or simulator.token}"}
    data = None if body is None else json.dumps(body).encode()
    request = Request(f"{simulator.base_url}/v2{path}", data, headers, method=method)
    try:
        with urlopen(request) as answer:
            return answer.status, json.load(answer)
    except HTTPError as error:
        with error:
            return error.code, json.load(error)


def code(answer):
    """Return the code of a refusal."""
    return answer[1]["errors"][0]["code"]


def count_of(item, quantity="7", key="k"):
    """Return a request that counts an item."""
    count = {"catalog_object_id": item, "location_id": "L001", "state": "IN_STOCK",
             "quantity": quantity, "occurred_at": "2026-04-02T12:00:00Z"}  # fmt: skip
    change = {"type": "PHYSICAL_COUNT", "physical_count": count}
    return {"idempotency_key": key, "changes": [change]}


def test_a_key_is_answered_once_and_again(simulator):
    seller = simulator.seller
    item = seller.add_item("Mug", 900)
    path = "/inventory/changes/batch-create"
    first = call(simulator, "POST", path, count_of(item))
    seller.count(item, "L001", 3)
    assert call(simulator, "POST", path, count_of(item)) == first
    assert seller.counts[item, "L001"] == 3
    other = call(simulator, "POST", path, count_of(item, "8"))
    assert (other[0], code(other)) == (400, "IDEMPOTENCY_KEY_REUSED")


def test_a_failure_after_the_effect_is_no_second_effect(simulator):
    item = simulator.seller.add_item("Mug", 900)
    path = "/inventory/changes/batch-create"
    simulator.trouble = Trouble(accept_then_fail=1)
    assert call(simulator, "POST", path, count_of(item))[0] == 500
    simulator.trouble = Trouble()
    events = len(simulator.seller.events)
    assert call(simulator, "POST", path, count_of(item))[0] == 200
    assert len(simulator.seller.events) == events


def test_versions_are_compared(simulator):
    seller = simulator.seller
    number = seller.add_item("Mug", 900)
    shown = seller.catalog[number]
    body = {"idempotency_key": "k", "batches": [{"objects": [{**shown, "version": 1}]}]}
    answer = call(simulator, "POST", "/catalog/batch-upsert", body)
    assert (answer[0], code(answer)) == (409, "CONFLICT")
    body = {"idempotency_key": "l", "batches": [{"objects": [shown]}]}
    assert call(simulator, "POST", "/catalog/batch-upsert", body)[0] == 200
    assert seller.catalog[number]["version"] > shown["version"]


def test_a_batch_is_written_whole_or_not_at_all(simulator):
    item = simulator.seller.add_item("Mug", 900)
    body = count_of(item)
    body["changes"] += count_of("gone")["changes"]
    answer = call(simulator, "POST", "/inventory/changes/batch-create", body)
    assert (answer[0], code(answer)) == (404, "NOT_FOUND")
    assert not simulator.seller.counts


def test_pages_are_followed_by_a_cursor_of_the_same_question(simulator):
    for _number in range(7):
        simulator.seller.sell("L001", [Wanted(None, 1, 500)])
    seen, cursor = [], ""
    while True:
        page = call(simulator, "GET", f"/payments?location_id=L001&limit=3{cursor}")[1]
        seen += [row["id"] for row in page["payments"]]
        if "cursor" not in page:
            break
        cursor = f"&cursor={page['cursor']}"
    assert sorted(seen) == sorted(simulator.seller.payments) and len(seen) == 7
    answer = call(simulator, "GET", f"/payments?location_id=L002{cursor}")
    assert code(answer) == "INVALID_CURSOR"


def test_who_is_not_known_is_refused(simulator):
    assert call(simulator, "GET", "/locations", token="x")[0] == 401
    assert call(simulator, "GET", "/nothing")[0] == 404


def test_drawers_hold_what_was_paid_in_cash():
    seller = Seller(1)
    shift = seller.open_drawer("L001", "D1", 5_000)
    order = seller.sell("L001", [Wanted(None, 1, 700)], [Pays("CASH", given=1_000)], device="D1")
    seller.sell("L001", [Wanted(None, 1, 900)], device="D1")
    seller.give_back(order["id"], {order["line_items"][0]["uid"]: 1})
    seller.sell("L001", [Wanted(None, 1, 300)], [Pays("CASH")], device="D2")
    assert shift["expected_cash_money"]["amount"] == 5_000
    assert shift["cash_payment_money"]["amount"] == shift["cash_refunds_money"]["amount"] == 700


@pytest.mark.parametrize("seed", range(3))
def test_the_same_seed_makes_the_same_day(seed):
    days = []
    for _time in range(2):
        seller = Seller(seed)
        seller.sell("L001", [Wanted(seller.add_item("Mug", 900), 2)])
        days.append((seller.orders, seller.events))
    assert days[0] == days[1]
