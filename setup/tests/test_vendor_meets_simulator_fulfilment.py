"""The provider tells the simulated shop what was shipped, over HTTP, with all that can go wrong."""

from collections import Counter

import pytest
from vendor_shop import provider

from odoo.addons.retail_connector_base.canonical import (
    CancelFulfillment,
    Fulfill,
    ShipmentLine,
    Tracking,
    UpdateTracking,
)
from odoo.addons.retail_connector_base.providers import (
    NotYetError,
    RateLimitedError,
    RejectedError,
    UnknownOutcomeError,
)

from simulator import Faults, ShopifySimulator

NUMBERS = (
    Tracking(number="1Z1", url="https://carrier.example/1Z1"),
    Tracking(number="1Z2", url="https://carrier.example/1Z2"),
)


@pytest.fixture
def shop():
    with ShopifySimulator(seed=5, locations=("Main", "Store")) as simulator:
        yield simulator


def ordered(shop, quantity=3, index=0):
    """Return an order of several units of one variant that can be shipped."""
    item = shop.shop.goods[index]
    level = shop.stock.level(item.inventory_item_id, shop.shop.places[0].id)
    shop.stock.put(level, "available", 50, "manual")
    return shop.sell(item.sku, quantity)


def stocked_everywhere(shop):
    for item in shop.shop.goods:
        level = shop.stock.connect(item.inventory_item_id, shop.shop.places[1].id)
        shop.stock.put(level, "available", 50, "manual")


def command(history, quantity=None, trackings=NUMBERS[:1], **values):
    line = history.current.lines[0]
    return Fulfill(
        order_external_id=str(history.id),
        reference="WH/OUT/00001",
        lines=(
            ShipmentLine(
                order_line_external_id=str(line.id), quantity=quantity or line.current_quantity
            ),
        ),
        carrier="DHL Express",
        trackings=trackings,
        **values,
    )


def shipped(history) -> Counter:
    """Return the units that have left, by line."""
    total = Counter()
    for parcel in history.current.fulfilments:
        if parcel.status == "success":
            total.update({line.line_id: line.quantity for line in parcel.lines})
    return total


def ids(history):
    return [str(parcel.id) for parcel in history.current.fulfilments]


def test_a_shipment_becomes_a_fulfilment_with_its_parcels(shop):
    history = ordered(shop)
    result = provider(shop).send(command(history, trackings=NUMBERS), "key")
    (parcel,) = history.current.fulfilments
    assert result.external_ids == (str(parcel.id),)
    assert parcel.tracking.company == "DHL Express"
    assert parcel.tracking.numbers == ("1Z1", "1Z2")
    assert parcel.tracking.urls == tuple(one.url for one in NUMBERS)
    assert shipped(history) == {history.current.lines[0].id: 3}
    assert history.current.fulfilment_status == "FULFILLED"


def test_parts_are_shipped_one_after_the_other(shop):
    history, adapter = ordered(shop), provider(shop)
    first = adapter.send(command(history, 1), "key-1")
    second = adapter.send(command(history, 2, trackings=NUMBERS[1:]), "key-2")
    assert [*first.external_ids, *second.external_ids] == ids(history)
    assert sum(shipped(history).values()) == 3


def test_equal_shipments_without_tracking_are_two(shop):
    history, adapter = ordered(shop, 2), provider(shop)
    first = adapter.send(command(history, 1, ()), "key-1")
    second = adapter.send(command(history, 1, ()), "key-2")
    assert first != second
    assert sum(shipped(history).values()) == 2
    assert adapter.look_up(command(history, 1, ()), "key-2", first.external_ids) == second


def test_more_than_remains_is_refused_with_line_and_quantities(shop):
    history = ordered(shop)
    with pytest.raises(RejectedError, match=r"4 wanted, 3 remaining") as caught:
        provider(shop).send(command(history, 4), "key")
    assert str(history.current.lines[0].id) in str(caught.value)
    assert not history.current.fulfilments


def test_an_order_that_the_shop_does_not_have_is_refused(shop):
    history = ordered(shop)
    for trackings in ((), NUMBERS):
        unknown = command(history, trackings=trackings).model_copy(
            update={"order_external_id": "999999999999"}
        )
        with pytest.raises(RejectedError, match="no order"):
            provider(shop).send(unknown, "key")


def test_a_hold_is_waited_for_and_its_reason_shown(shop):
    history, adapter = ordered(shop), provider(shop)
    (waiting,) = history.current.fulfilment_orders
    shop.merchant.hold(waiting.id, "INCORRECT_ADDRESS", "Ask the customer")
    with pytest.raises(NotYetError, match="Ask the customer") as caught:
        adapter.send(command(history), "key")
    assert caught.value.retry_after
    assert not history.current.fulfilments
    shop.merchant.release(waiting.id)
    assert adapter.send(command(history), "key").external_ids


def test_what_is_not_held_can_leave(shop):
    history = ordered(shop)
    (waiting,) = history.current.fulfilment_orders
    shop.merchant.hold(waiting.id, units={waiting.parts[0].id: 1})
    adapter = provider(shop)
    assert adapter.send(command(history, 2), "key-1").external_ids
    with pytest.raises(NotYetError):
        adapter.send(command(history, 1, NUMBERS[1:]), "key-2")


def split_between_places(shop):
    """Return an order whose units wait at two locations."""
    stocked_everywhere(shop)
    history = ordered(shop)
    (waiting,) = history.current.fulfilment_orders
    shop.merchant.move(waiting.id, shop.shop.places[1].id, {waiting.parts[0].id: 2})
    return history


def test_several_locations_need_one_fulfilment_each(shop):
    history, adapter = split_between_places(shop), provider(shop)
    result = adapter.send(command(history), "key")
    assert list(result.external_ids) == ids(history)
    assert len(result.external_ids) == 2
    assert result.notes
    assert adapter.look_up(command(history), "key") == result


def test_the_location_that_shipped_is_taken_first(shop):
    history, adapter = split_between_places(shop), provider(shop)
    store = shop.shop.places[1].id
    adapter.send(command(history, 1, location_external_id=str(store)), "key")
    assert [parcel.location_id for parcel in history.current.fulfilments] == [store]


def test_goods_of_another_place_than_the_shops_are_said(shop):
    stocked_everywhere(shop)
    history, store = ordered(shop), shop.shop.places[1].id
    result = provider(shop).send(command(history, location_external_id=str(store)), "key")
    assert str(shop.shop.places[0].id) in " ".join(result.notes)


def test_a_hold_that_comes_in_between_is_waited_for(shop):
    """The order is held after it was read: the refusal is understood, not taken as final."""
    history = ordered(shop)
    (waiting,) = history.current.fulfilment_orders
    adapter = provider(shop)
    request = adapter.context.http.request

    def held_meanwhile(method, url, **options):
        if "fulfillmentCreate" in str(options.get("json")) and not waiting_now().holds:
            shop.merchant.hold(waiting.id)
        return request(method, url, **options)

    def waiting_now():
        return history.current.fulfilment_order(waiting.id)

    adapter.context.http.request = held_meanwhile
    with pytest.raises(NotYetError):
        adapter.send(command(history), "key")


def test_a_lost_answer_is_looked_up_and_not_sent_again(shop):
    history = ordered(shop)
    shop.faults = Faults(error_after_effect=1)
    with pytest.raises(UnknownOutcomeError):
        provider(shop).send(command(history), "key")
    shop.faults = Faults()
    found = provider(shop).look_up(command(history), "key")
    assert found
    assert list(found.external_ids) == ids(history)
    assert provider(shop).send(command(history), "key", known=()) == found
    assert len(history.current.fulfilments) == 1


def test_what_had_no_effect_is_said_to_have_none(shop):
    history = ordered(shop)
    assert provider(shop).look_up(command(history), "key") is None
    assert provider(shop).look_up(command(history, trackings=()), "key") is None


def test_a_fulfilment_of_another_command_is_not_taken_for_ours(shop):
    history, adapter = ordered(shop), provider(shop)
    other = adapter.send(command(history, 1), "other")
    assert adapter.look_up(command(history, 1), "key", other.external_ids) is None
    assert adapter.look_up(command(history, 1, NUMBERS[1:]), "key") is None


@pytest.mark.parametrize("trackings", [NUMBERS[:1], ()])
def test_a_shipment_sent_in_part_is_continued(shop, trackings):
    """The first location's answer is lost; the second is sent, the first not sent again."""
    history = split_between_places(shop)
    wanted = command(history, trackings=trackings)
    shop.faults = Faults(error_after_effect=1)
    with pytest.raises(UnknownOutcomeError):
        provider(shop).send(wanted, "key")
    shop.faults = Faults()
    assert len(history.current.fulfilments) == 1
    assert provider(shop).look_up(wanted, "key") is None
    result = provider(shop).send(wanted, "key", known=())
    assert list(result.external_ids) == ids(history)
    assert sum(shipped(history).values()) == 3


def test_tracking_is_corrected_once(shop):
    history, adapter = ordered(shop), provider(shop)
    (number,) = adapter.send(command(history), "key").external_ids
    change = UpdateTracking(
        order_external_id=str(history.id),
        fulfillment_external_id=number,
        carrier="UPS",
        trackings=NUMBERS,
    )
    assert adapter.look_up(change, "key-2") is None
    assert adapter.send(change, "key-2").external_ids == (number,)
    assert history.current.fulfilments[0].tracking.numbers == ("1Z1", "1Z2")
    assert history.current.fulfilments[0].tracking.company == "UPS"
    effects = len(shop.effects)
    assert adapter.send(change, "key-2").external_ids == (number,)
    assert adapter.look_up(change, "key-2").external_ids == (number,)
    assert len(shop.effects) == effects


def test_a_cancelled_fulfilment_can_be_cancelled_again_and_shipped_anew(shop):
    history, adapter = ordered(shop), provider(shop)
    (number,) = adapter.send(command(history), "key").external_ids
    cancel = CancelFulfillment(order_external_id=str(history.id), fulfillment_external_id=number)
    assert adapter.look_up(cancel, "key-2") is None
    for _ in range(2):
        assert adapter.send(cancel, "key-2").external_ids == (number,)
    assert history.current.fulfilments[0].status == "cancelled"
    assert adapter.look_up(command(history), "key", ()) is None
    assert adapter.send(command(history), "key-3").external_ids != (number,)


def test_changes_of_unknown_fulfilments_are_refused(shop):
    history, adapter = ordered(shop), provider(shop)
    values = {"order_external_id": str(history.id), "fulfillment_external_id": "999999999999"}
    for wrong in (CancelFulfillment(**values), UpdateTracking(**values)):
        with pytest.raises(RejectedError):
            adapter.send(wrong, "key")


def test_a_cancellation_whose_answer_was_lost_is_found(shop):
    history, adapter = ordered(shop), provider(shop)
    (number,) = adapter.send(command(history), "key").external_ids
    cancel = CancelFulfillment(order_external_id=str(history.id), fulfillment_external_id=number)
    shop.faults = Faults(error_after_effect=1)
    with pytest.raises(UnknownOutcomeError):
        adapter.send(cancel, "key-2")
    shop.faults = Faults()
    assert provider(shop).look_up(cancel, "key-2").external_ids == (number,)


def test_a_throttled_shop_makes_nothing(shop):
    history, adapter = ordered(shop), provider(shop)
    shop.faults = Faults(throttled=1)
    with pytest.raises(RateLimitedError):
        adapter.send(command(history), "key")
    assert not history.current.fulfilments
