"""What is sent to ShipBob, and what the simulator answers, is of ShipBob's specification."""

import pytest
from shipbob_account import (
    RECIPIENT,
    SECRET,
    announcement,
    cancellation,
    change,
    coming_back,
    messages,
    provider,
    release,
    taking_back,
)
from shipbob_spec import answer_problems, request_problems, schema_problems, specification

from simulator_shipbob import ShipBobSimulator

# What shipbob_account makes importable.
# isort: split
from odoo.addons.retail_connector_base.providers import RejectedError

KINDS = (
    "warehouse_order", "shipment", "tracking", "return", "receipt", "stock_snapshot", "product",
    "warehouse_invoice",
)  # fmt: skip
# The simulator's events, and the schema of each.
EVENTS = {
    "order.shipped": "OrderViewModel",
    "order.shipment.delivered": "ShipmentViewModel",
    "order.shipment.exception": "ShipmentViewModel",
    "order.shipment.on_hold": "ShipmentViewModel",
    "order.shipment.cancelled": "ShipmentViewModel",
    "return.created": "PublicReturnDto",
    "return.updated": "PublicReturnDto",
    "return.completed": "PublicReturnDto",
}


@pytest.fixture(scope="module")
def simulator():
    """A day in which everything is used."""
    with ShipBobSimulator(seed=5) as running:
        use_everything(running)
        yield running


def use_everything(simulator):
    account, adapter = simulator.account, provider(simulator)
    account.add_product("MUG", {"10": 100, "8": 5}, barcode="4006381333931")
    account.add_product("TEA", {"10": 9}, lot="L1", expires="2027-01-31T00:00:00+00:00")
    account.add_product("PEN", {"10": 100})
    account.add_bundle("SET", {"MUG": 1, "PEN": 2})
    adapter.test_connection()
    adapter.warehouses()
    for url in ("http://127.0.0.1:9/hooks/key", "http://127.0.0.1:8/hooks/key"):
        adapter.sync_subscriptions(url)
    adapter.sync_subscriptions(url)
    send_orders(account, adapter)
    take_goods_in(account, adapter)
    account.bill_shipping()
    account.bill_storage()
    read_everything(simulator, adapter)


def send_orders(account, adapter):
    for reference, wanted in (
        ("R1", {"MUG": 2, "PEN": 1}), ("R2", {"SET": 3}), ("R3", {"TEA": 4}), ("R4", {"TEA": 50}),
        ("R5", {"MUG": 1}), ("R6", {"PEN": 2}), ("R7", {"MUG": 1}),
    ):  # fmt: skip
        adapter.send(release(reference, wanted, tags=("VIP",), note="Ring"), reference)
    with pytest.raises(RejectedError):
        adapter.send(release("R1", {"MUG": 9}), "again")
    adapter.look_up(release("R1", {"MUG": 2, "PEN": 1}), "R1")
    adapter.send(change("R5", recipient=RECIPIENT), "a")
    adapter.send(change("R5", lines=release("R5", {"PEN": 3}).lines), "l")
    adapter.send(cancellation("R6"), "c")
    adapter.send(cancellation("R6"), "again")
    (first,) = account.shipments("R1")
    second = account.split(first["id"], [{"PEN": 1}])[1]
    account.ship(first["id"], [{"MUG": 1}, {"MUG": 1}])
    account.label(second["id"])
    account.ship(second["id"])
    account.move(second["id"], "InTransit", "Departed", "Reno")
    account.deliver_parcel(second["id"])
    account.ship(account.shipments("R2")[0]["id"])
    account.ship(account.shipments("R3")[0]["id"])
    account.hold(account.shipments("R5")[0]["id"])
    account.pick(account.shipments("R7")[0]["id"])
    with pytest.raises(RejectedError):
        adapter.send(cancellation("R7"), "late")
    account.return_to_sender(account.shipments("R3")[0]["id"])


def take_goods_in(account, adapter):
    number = adapter.send(announcement("PO-1", {"MUG": 10, "TEA": 5}), "p1").external_ids[0]
    account.arrive(int(number))
    account.receive(int(number), {"MUG": 10})
    account.receive(int(number), {"TEA": 4}, "L2", "2027-06-30T00:00:00+00:00")
    account.complete(int(number))
    adapter.look_up(announcement("PO-1", {"MUG": 10}), "p1")
    other = adapter.send(announcement("PO-2", {"MUG": 10}), "p2").external_ids[0]
    adapter.send(taking_back("PO-2", other), "b")
    adapter.look_up(taking_back("PO-2", other), "b")
    adapter.send(coming_back("RMA-1", "R1", {"MUG": 2}), "r1")
    back = account.returned("RMA-1")
    account.arrive_return(back["id"])
    actions = [("Restock", "", 1), ("Quarantine", "Damaged", 1)]
    account.process_return(back["id"], {"MUG": actions})
    adapter.look_up(coming_back("RMA-1", "R1", {"MUG": 2}), "r1")
    adapter.send(coming_back("RMA-2", "R2", {"MUG": 1}), "r2")
    account.cancel_return(account.returned("RMA-2")["id"])


def read_everything(simulator, adapter):
    since = simulator.clock().replace(year=2025)
    for kind in KINDS:
        found = messages(adapter, kind, since)
        assert found, kind
        for message in found[:2] if kind != "stock_snapshot" else ():
            adapter.fetch_one(kind, adapter.parse(message).external_id)


def test_all_requests_are_in_the_specification(simulator):
    found = {
        (call.method, call.path, problem)
        for call in simulator.server.calls
        for problem in request_problems(call.method, call.path, call.query, call.body, call.headers)
    }
    assert found == set(), "\n".join(map(str, sorted(found)))
    assert len({(call.method, call.path) for call in simulator.server.calls}) > 30


def test_all_answers_are_of_the_specification(simulator):
    found = {
        (call.method, call.path, problem)
        for call, status, content in simulator.server.exchanges if status == 200
        for problem in answer_problems(call.method, call.path, content)
    }  # fmt: skip
    assert found == set(), "\n".join(map(str, sorted(found)))


def test_all_events_show_what_the_specification_describes(simulator):
    told = {event["topic"] for event in simulator.account.events.values()}
    assert told == set(EVENTS)
    found = {
        (event["topic"], problem)
        for event in simulator.account.events.values()
        for problem in schema_problems(EVENTS[event["topic"]], event["body"])
    }
    assert found == set(), "\n".join(map(str, sorted(found)))


def test_the_topics_of_the_flows_can_be_subscribed_to():
    schemas = specification()["components"]["schemas"]
    topics = set(schemas["Webhooks.Topics"]["enum"])
    adapter = provider(ShipBobSimulator(seed=1), (SECRET,))
    assert set(adapter.topics()) <= topics
