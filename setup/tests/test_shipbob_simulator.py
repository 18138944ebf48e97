"""The simulated account answers as ShipBob does."""

import json
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from simulator_common import Trouble
from simulator_shipbob import ShipBobSimulator

ADDRESS = {"address1": "Main Street 1", "city": "Reno", "country": "US"}


@pytest.fixture
def simulator():
    with ShipBobSimulator(seed=3) as running:
        running.account.add_product("MUG", {"10": 10})
        yield running


def call(simulator, method, path, body=None, token=None):
    """Return status and content of a request."""
    headers = {"Authorization": f"Bearer {token or simulator.token}",
               "shipbob_channel_id": str(simulator.account.channel["id"])}  # fmt: skip
    data = None if body is None else json.dumps(body).encode()
    request = Request(f"{simulator.base_url}/2026-01{path}", data, headers, method=method)
    try:
        with urlopen(request) as answer:
            return answer.status, json.load(answer)
    except HTTPError as error:
        with error:
            return error.code, json.load(error)


def order(reference="R1", units=2, **values):
    """Return an order as a client sends it."""
    wanted = [{"reference_id": "MUG", "name": "Mug", "quantity": units}]
    return {"reference_id": reference, "type": "DTC", "shipping_method": "Standard",
            "recipient": {"name": "Ada", "address": ADDRESS}, "products": wanted,
            **values}  # fmt: skip


def test_a_reference_is_taken_once(simulator):
    assert call(simulator, "POST", "/order", order())[0] == 200
    status, content = call(simulator, "POST", "/order", order())
    assert (status, content) == (422, {"": ["Cannot insert order with existing ReferenceId"]})
    assert len(simulator.account.orders) == 1


def test_a_failure_after_the_effect_is_no_second_effect(simulator):
    simulator.trouble = Trouble(accept_then_fail=1)
    assert call(simulator, "POST", "/order", order())[0] == 500
    simulator.trouble = Trouble()
    assert call(simulator, "POST", "/order", order())[0] == 422
    assert len(simulator.account.orders) == 1


def test_strangers_and_unknown_paths_are_refused(simulator):
    assert call(simulator, "GET", "/order", token="wrong")[0] == 401
    assert call(simulator, "GET", "/nothing")[0] == 404
    assert call(simulator, "POST", "/order", {})[0] == 400
    simulator.refused = frozenset(("receiving",))
    assert call(simulator, "GET", "/receiving")[0] == 403


def test_stock_decides_what_is_held(simulator):
    account = simulator.account
    call(simulator, "POST", "/order", order("R1", 8))
    _status, second = call(simulator, "POST", "/order", order("R2", 8))
    assert second["status"] == "Exception"
    assert second["shipments"][0]["status_details"][0]["name"] == "OutOfStock"
    account.ship(account.shipments("R1")[0]["id"])
    assert account.on_hand("MUG") == 2
    account.stow("MUG", "10", 10)
    account.settle(account.order_of("R2"))
    assert account.order_of("R2")["status"] == "Processing"
    account.ship(account.shipments("R2")[0]["id"])
    assert (account.on_hand("MUG"), account.order_of("R2")["status"]) == (4, "Fulfilled")


def test_what_is_picked_is_sent(simulator):
    account = simulator.account
    _status, made = call(simulator, "POST", "/order", order())
    account.pick(made["shipments"][0]["id"])
    status, answer = call(simulator, "POST", f"/order/{made['id']}:cancel")
    assert (status, answer["status"]) == (200, "Failure")
    assert not answer["canceled_shipment_results"][0]["is_success"]


def test_parts_of_an_order_are_shipments_of_their_own(simulator):
    account = simulator.account
    call(simulator, "POST", "/order", order("R1", 5))
    first, second = account.split(account.shipments("R1")[0]["id"], [{"MUG": 2}])
    account.ship(first["id"])
    assert account.order_of("R1")["status"] == "PartiallyFulfilled"
    account.short(second["id"], "MUG", 1)
    account.ship(second["id"], [{"MUG": 1}])
    assert (account.order_of("R1")["status"], account.on_hand("MUG")) == ("Fulfilled", 6)
    with pytest.raises(ValueError, match="is Completed"):
        account.cancel(second["id"])


def test_the_oldest_lot_leaves_first(simulator):
    account = simulator.account
    account.add_product("TEA")
    account.stow("TEA", "10", 2, "NEW", "2028-01-01T00:00:00+00:00")
    account.stow("TEA", "10", 3, "OLD", "2027-01-01T00:00:00+00:00")
    wanted = [{"reference_id": "TEA", "name": "Tea", "quantity": 4}]
    call(simulator, "POST", "/order", order("R9", products=wanted))
    shipment = account.ship(account.shipments("R9")[0]["id"])
    items = shipment["products"][0]["inventory_items"]
    assert [(one["lot"], one["quantity"]) for one in items] == [("OLD", 3), ("NEW", 1)]


def test_only_what_is_restocked_lies_there_again(simulator):
    account = simulator.account
    call(simulator, "POST", "/order", order("R1", 5))
    shipment = account.ship(account.shipments("R1")[0]["id"])
    back = account.return_to_sender(shipment["id"])
    actions = [("Restock", "", 3), ("Dispose", "Damaged", 2)]
    account.process_return(back["id"], {"MUG": actions})
    assert account.on_hand("MUG") == 8


def test_the_same_seed_makes_the_same_account():
    def tell(seed):
        with ShipBobSimulator(seed=seed) as simulator:
            simulator.account.add_product("MUG", {"10": 10})
            call(simulator, "POST", "/order", order())
            simulator.account.ship(simulator.account.shipments("R1")[0]["id"])
            return simulator.account.orders, simulator.account.events

    assert tell(4) == tell(4)
    assert tell(4) != tell(5)
