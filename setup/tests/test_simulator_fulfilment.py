"""Fulfilment orders and fulfilments over HTTP, and what a merchant does by hand."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from jsonschema import Draft202012Validator
from shop_client import FULFIL, ask, available, change, gid, parts, place

from simulator import FULFILMENT_TOPICS, RefusedError, ShopifySimulator, Tracking, edits
from simulator.delivery import body_of
from simulator.graph.schema import contracts

SKU = "SKU-0001"
ORDER = """query ($id: ID!) { order(id: $id) { displayFulfillmentStatus updatedAt
  lineItems(first: 9) { nodes { quantity unfulfilledQuantity } }
  fulfillments { id name status fulfillmentOrders(first: 2) { nodes { id } } }
  fulfillmentOrders(first: 9) { nodes { id status supportedActions { action }
    assignedLocation { name location { id } } fulfillmentHolds { id reason }
    lineItems(first: 9) { nodes { id totalQuantity remainingQuantity lineItem { id } } } } } } }"""
CANCEL = """mutation ($id: ID!) { fulfillmentCancel(id: $id) {
  fulfillment { id status } userErrors { field message } } }"""
TRACK = """mutation ($id: ID!, $tracking: FulfillmentTrackingInput!) {
  fulfillmentTrackingInfoUpdate(fulfillmentId: $id, trackingInfoInput: $tracking) {
    fulfillment { trackingInfo { company number url } } userErrors { message } } }"""
HOLD = """mutation ($id: ID!, $hold: FulfillmentOrderHoldInput!) {
  fulfillmentOrderHold(id: $id, fulfillmentHold: $hold) { fulfillmentHold { id }
    fulfillmentOrder { status } remainingFulfillmentOrder { id status }
    userErrors { field code message } } }"""
RELEASE = """mutation ($id: ID!) { fulfillmentOrderReleaseHold(id: $id) {
  fulfillmentOrder { status } userErrors { code message } } }"""
MOVE = """mutation ($id: ID!, $place: ID!) {
  fulfillmentOrderMove(id: $id, newLocationId: $place) {
    movedFulfillmentOrder { id status } originalFulfillmentOrder { id status }
    userErrors { field message } } }"""
SPLIT = """mutation ($splits: [FulfillmentOrderSplitInput!]!) {
  fulfillmentOrderSplit(fulfillmentOrderSplits: $splits) {
    fulfillmentOrderSplits { fulfillmentOrder { id } remainingFulfillmentOrder { id } }
    userErrors { code message } } }"""
SCHEMAS = contracts() / "shopify" / "webhook_jsonschema" / "2026-04"


@pytest.fixture
def simulator():
    with ShopifySimulator(seed=3, locations=("Main", "Annex")) as running:
        yield running


@pytest.fixture
def sale(simulator):
    return simulator.sell(SKU, 3)


def seen(simulator, history):
    return ask(simulator, ORDER, id=gid("Order", history.id))["order"]


def fulfil(simulator, *entries, **values):
    given = {"lineItemsByFulfillmentOrder": list(entries)} | values
    return change(simulator, FULFIL, fulfillment=given)


def refusal(payload):
    assert payload["userErrors"]
    return payload["userErrors"][0]["message"]


def test_every_order_with_goods_has_fulfilment_orders_for_all_its_units():
    with ShopifySimulator(seed=5) as simulator:
        for history in simulator.shop.trade(100):
            order = history.current
            for line in order.lines:
                waiting = sum(
                    part.remaining
                    for item in order.fulfilment_orders
                    if item.active
                    for part in item.parts
                    if part.line_id == line.id
                )
                assert waiting == (order.unshipped(line) if line.shippable else 0), history.kind
            if order.cancelled_at:
                assert {item.status for item in order.fulfilment_orders} <= {"CANCELLED"}


def test_a_fulfilment_order_is_read_by_itself_and_in_lists(simulator, sale):
    order = seen(simulator, sale)
    (found,) = order["fulfillmentOrders"]["nodes"]
    assert found["status"] == "OPEN"
    assert found["assignedLocation"]["name"] == "Main"
    assert {"action": "CREATE_FULFILLMENT"} in found["supportedActions"]
    data = ask(
        simulator,
        """query ($id: ID!) { fulfillmentOrder(id: $id) { id order { name } destination { city } }
        fulfillmentOrders(first: 5, query: "status:open") { nodes { id } } }""",
        id=found["id"],
    )
    assert data["fulfillmentOrder"]["order"]["name"] == sale.current.name
    assert [one["id"] for one in data["fulfillmentOrders"]["nodes"]] == [found["id"]]


def test_units_are_fulfilled_in_parts_and_then_in_whole(simulator, sale):
    before = sale.current.updated_at
    tracking = {"company": "DHL", "number": "1Z", "url": "https://dhl.example/1Z"}
    first = fulfil(simulator, parts(simulator, sale.current, count=1), trackingInfo=tracking)
    parcel = first["fulfillment"]
    assert (parcel["status"], parcel["totalQuantity"]) == ("SUCCESS", 1)
    assert parcel["name"] == f"{sale.current.name}.1"
    assert parcel["trackingInfo"] == [tracking]
    assert parcel["order"]["displayFulfillmentStatus"] == "PARTIALLY_FULFILLED"
    assert sale.current.updated_at > before
    assert seen(simulator, sale)["fulfillmentOrders"]["nodes"][0]["status"] == "IN_PROGRESS"
    fulfil(simulator, parts(simulator, sale.current))
    order = seen(simulator, sale)
    assert order["displayFulfillmentStatus"] == "FULFILLED"
    assert order["lineItems"]["nodes"] == [{"quantity": 3, "unfulfilledQuantity": 0}]
    assert order["fulfillmentOrders"]["nodes"][0]["status"] == "CLOSED"
    assert [one["status"] for one in order["fulfillments"]] == ["SUCCESS", "SUCCESS"]
    assert len(simulator.effects.of("fulfillmentCreate")) == 2


def test_shipping_takes_goods_out_of_the_house_but_not_from_what_is_available(simulator, sale):
    left = available(simulator, SKU)
    fulfil(simulator, parts(simulator, sale.current))
    level = simulator.stock.levels(sale.current.lines[0].variant.inventory_item_id)[0]
    assert (level.quantity("available"), level.quantity("committed")) == (left, 0)
    assert level.quantity("on_hand") == left


@pytest.mark.parametrize("count", [0, 4, -1])
def test_more_than_remains_is_refused(simulator, sale, count):
    payload = fulfil(simulator, parts(simulator, sale.current, count=count))
    assert refusal(payload) == "Invalid fulfillment order line item quantity requested."
    assert not sale.current.fulfilments
    assert not len(simulator.effects)


def test_what_is_held_closed_or_cancelled_cannot_be_fulfilled(simulator, sale):
    entry = parts(simulator, sale.current)
    simulator.merchant.hold(sale.current.fulfilment_orders[0].id, "AWAITING_PAYMENT")
    assert "unfulfillable status= on_hold" in refusal(fulfil(simulator, entry))
    simulator.merchant.release(sale.current.fulfilment_orders[0].id)
    assert not fulfil(simulator, entry)["userErrors"]
    assert "unfulfillable status= closed" in refusal(fulfil(simulator, entry))
    other = simulator.sell(SKU)
    simulator.merchant.cancel_order(other)
    payload = fulfil(simulator, parts(simulator, other.current))
    assert "unfulfillable status= cancelled" in refusal(payload)
    unknown = {"fulfillmentOrderId": gid("FulfillmentOrder", 1)}
    assert refusal(fulfil(simulator, unknown)) == "Fulfillment order does not exist."


def test_fulfilment_orders_of_other_places_or_orders_do_not_mix(simulator, sale):
    item = sale.current.fulfilment_orders[0]
    new = simulator.merchant.split(item.id, {item.parts[0].id: 1})
    number = sale.current.lines[0].variant.inventory_item_id
    simulator.stock.connect(number, simulator.shop.places[1].id)
    simulator.merchant.move(new.id, simulator.shop.places[1].id)
    order = sale.current
    both = [parts(simulator, order, 0), parts(simulator, order, 1)]
    assert "same location" in refusal(fulfil(simulator, *both))
    other = simulator.sell(SKU)
    mixed = [parts(simulator, order, 0), parts(simulator, other.current)]
    assert "same order" in refusal(fulfil(simulator, *mixed))


def test_a_cancelled_fulfilment_leaves_its_units_waiting_again(simulator, sale):
    parcel = fulfil(simulator, parts(simulator, sale.current))["fulfillment"]
    payload = change(simulator, CANCEL, id=parcel["id"])
    assert payload["fulfillment"]["status"] == "CANCELLED"
    order = seen(simulator, sale)
    assert order["displayFulfillmentStatus"] == "UNFULFILLED"
    assert [one["status"] for one in order["fulfillmentOrders"]["nodes"]] == ["CLOSED", "OPEN"]
    assert refusal(change(simulator, CANCEL, id=parcel["id"]))
    assert not fulfil(simulator, parts(simulator, sale.current, 1))["userErrors"]
    level = simulator.stock.levels(sale.current.lines[0].variant.inventory_item_id)[0]
    assert level.quantity("on_hand") == level.quantity("available")


def test_a_partly_fulfilled_order_takes_cancelled_units_back(simulator, sale):
    parcel = fulfil(simulator, parts(simulator, sale.current, count=2))["fulfillment"]
    change(simulator, CANCEL, id=parcel["id"])
    (item,) = sale.current.fulfilment_orders
    assert (item.status, item.remaining) == ("OPEN", 3)


def test_tracking_is_written_later(simulator, sale):
    parcel = fulfil(simulator, parts(simulator, sale.current))["fulfillment"]
    given = {"company": "UPS", "numbers": ["1", "2"]}
    payload = change(simulator, TRACK, id=parcel["id"], tracking=given)
    numbers = [one["number"] for one in payload["fulfillment"]["trackingInfo"]]
    assert numbers == ["1", "2"]


def test_the_app_holds_releases_moves_and_splits(simulator, sale):
    item = sale.current.fulfilment_orders[0]
    number = gid("FulfillmentOrder", item.id)
    hold = {"reason": "INVENTORY_OUT_OF_STOCK", "handle": "a"}
    held = change(simulator, HOLD, id=number, hold=hold)
    assert held["fulfillmentOrder"]["status"] == "ON_HOLD"
    assert seen(simulator, sale)["displayFulfillmentStatus"] == "ON_HOLD"
    again = change(simulator, HOLD, id=number, hold=hold)
    assert again["userErrors"][0]["code"] == "DUPLICATE_FULFILLMENT_HOLD_HANDLE"
    released = change(simulator, RELEASE, id=number)
    assert released["fulfillmentOrder"]["status"] == "OPEN"
    unstocked = change(simulator, MOVE, id=number, place=place(simulator, 1))
    assert "doesn't stock" in refusal(unstocked)
    level = simulator.stock.connect(
        sale.current.lines[0].variant.inventory_item_id, simulator.shop.places[1].id
    )
    moved = change(simulator, MOVE, id=number, place=place(simulator, 1))
    assert moved["movedFulfillmentOrder"]["id"] == number
    assert (level.quantity("committed"), level.quantity("available")) == (3, -3)
    part = gid("FulfillmentOrderLineItem", item.parts[0].id)
    wanted = [{"id": part, "quantity": 2}]
    splits = [{"fulfillmentOrderId": number, "fulfillmentOrderLineItems": wanted}]
    assert not change(simulator, SPLIT, splits=splits)["userErrors"]
    assert [one.remaining for one in sale.current.fulfilment_orders] == [1, 2]
    late = change(simulator, SPLIT, splits=splits)
    assert late["userErrors"][0]["code"] == "INVALID_LINE_ITEM_QUANTITY"


def test_some_units_are_held_and_the_rest_goes_on(simulator, sale):
    item = sale.current.fulfilment_orders[0]
    part = gid("FulfillmentOrderLineItem", item.parts[0].id)
    hold = {"reason": "OTHER", "fulfillmentOrderLineItems": [{"id": part, "quantity": 1}]}
    payload = change(simulator, HOLD, id=gid("FulfillmentOrder", item.id), hold=hold)
    assert payload["remainingFulfillmentOrder"]["status"] == "OPEN"
    assert [(one.status, one.remaining) for one in sale.current.fulfilment_orders] == [
        ("ON_HOLD", 1),
        ("OPEN", 2),
    ]


def test_the_rest_of_a_started_fulfilment_order_moves_into_a_new_one(simulator, sale):
    fulfil(simulator, parts(simulator, sale.current, count=1))
    number = sale.current.lines[0].variant.inventory_item_id
    simulator.stock.connect(number, simulator.shop.places[1].id)
    item = sale.current.fulfilment_orders[0]
    moved, rest = simulator.merchant.move(item.id, simulator.shop.places[1].id)
    assert (moved.remaining, rest.status) == (2, "CLOSED")
    assert moved.id != item.id


def test_a_merchant_fulfils_and_calls_back_by_hand(simulator, sale):
    (parcel,) = simulator.merchant.fulfil_all(sale, Tracking("DHL", ("1",)))
    assert not len(simulator.effects), "only the app's doings are in the ledger"
    assert seen(simulator, sale)["fulfillments"][0]["id"] == gid("Fulfillment", parcel.id)
    with pytest.raises(RefusedError):
        simulator.merchant.cancel_order(sale)
    simulator.merchant.cancel_fulfilment(parcel.id)
    assert sale.current.fulfilment_status == "UNFULFILLED"


def test_every_state_of_a_fulfilment_order_can_be_reached(simulator, sale):
    merchant, number = simulator.merchant, sale.current.fulfilment_orders[0].id
    soon = sale.current.updated_at + timedelta(days=1)
    assert merchant.schedule(number, soon).status == "SCHEDULED"
    assert seen(simulator, sale)["displayFulfillmentStatus"] == "SCHEDULED"
    assert "scheduled" in refusal(fulfil(simulator, parts(simulator, sale.current)))
    assert merchant.open(number).status == "OPEN"
    assert merchant.start(number).status == "IN_PROGRESS"
    assert merchant.give_up(number).status == "INCOMPLETE"
    assert [one.status for one in sale.current.fulfilment_orders] == ["INCOMPLETE", "OPEN"]
    merchant.fulfil_all(sale)
    assert [one.status for one in sale.current.fulfilment_orders] == ["INCOMPLETE", "CLOSED"]


def test_the_truth_tells_what_was_shipped(simulator, sale):
    fulfil(simulator, parts(simulator, sale.current, count=1))
    gone = simulator.merchant.fulfil_all(sale)[0]
    simulator.merchant.cancel_fulfilment(gone.id)
    truth = simulator.expected()[str(sale.id)]
    assert truth.fulfilment_state == "partially_fulfilled"
    assert truth.shipped == {SKU: 1}
    assert list(truth.parcels.values()) == ["success", "cancelled"]


def test_a_refund_of_waiting_units_leaves_fewer_to_ship():
    with ShopifySimulator(seed=5) as simulator:
        history = simulator.shop.place("unit_removed")
        first, last = history.states[0].order, history.current
        before = sum(item.remaining for item in first.fulfilment_orders)
        assert sum(item.remaining for item in last.fulfilment_orders) == before - 1
        grown = simulator.shop.place("line_added").current
        assert len(grown.fulfilment_orders) == 2


def test_an_order_is_edited_while_it_is_being_shipped(simulator, sale):
    left = available(simulator, SKU)
    fulfil(simulator, parts(simulator, sale.current, count=1))
    simulator.merchant.edit(sale, edits.remove_unit)
    assert sale.current.fulfilment_orders[0].remaining == 1
    assert available(simulator, SKU) == left + 1
    assert sale.current.fulfilment_status == "PARTIALLY_FULFILLED"
    simulator.merchant.fulfil_all(sale)
    assert sale.current.fulfilment_status == "FULFILLED"


def test_of_many_parcels_for_the_same_units_only_so_many_leave(simulator, sale):
    entry = parts(simulator, sale.current, count=1)
    with ThreadPoolExecutor(8) as pool:
        payloads = list(pool.map(lambda _: fulfil(simulator, entry), range(10)))
    assert len([one for one in payloads if not one["userErrors"]]) == 3
    assert sale.current.fulfilment_status == "FULFILLED"
    assert len(simulator.effects) == len(sale.current.fulfilments) == 3


def test_webhooks_tell_what_the_api_tells(simulator, sale):
    fulfil(simulator, parts(simulator, sale.current, count=1))
    parcel = simulator.merchant.fulfil_all(sale)[0]
    simulator.merchant.cancel_fulfilment(parcel.id)
    events = [e for e in simulator.shop.events([sale]) if e.topic in FULFILMENT_TOPICS]
    assert [event.topic for event in events] == [
        "fulfillments/create",
        "orders/partially_fulfilled",
        "fulfillments/create",
        "orders/fulfilled",
        "fulfillments/update",
    ]
    bodies = [json.loads(body_of(event, simulator.shop.settings)) for event in events]
    assert bodies[0]["line_items"][0]["quantity"] == 1
    assert bodies[1]["fulfillment_status"] == "partial"
    assert bodies[1]["line_items"][0]["fulfillable_quantity"] == 2
    assert (bodies[2]["id"], bodies[2]["status"]) == (parcel.id, "success")
    assert bodies[3]["fulfillment_status"] == "fulfilled"
    assert [one["status"] for one in bodies[3]["fulfillments"]] == ["success", "success"]
    assert bodies[4]["status"] == "cancelled"
    assert len({event.event_id for event in events}) == 3
    assert len(simulator.plan(topics=FULFILMENT_TOPICS).deliveries) == 5


@pytest.mark.skipif(not SCHEMAS.exists(), reason="the contracts folder is absent")
@pytest.mark.parametrize("topic", ["fulfillments.create", "fulfillments.update"])
def test_fulfilment_webhooks_follow_the_published_schema(simulator, sale, topic):
    tracking = Tracking("DHL", ("1",), ("https://dhl.example/1",))
    parcel = simulator.merchant.fulfil_all(sale, tracking)[0]
    simulator.merchant.cancel_fulfilment(parcel.id)
    validator = Draft202012Validator(json.loads((SCHEMAS / f"{topic}.json").read_text()))
    (event,) = [e for e in simulator.shop.events() if e.topic == topic.replace(".", "/")]
    body = json.loads(body_of(event, simulator.shop.settings))
    assert [problem.message for problem in validator.iter_errors(body)] == []
