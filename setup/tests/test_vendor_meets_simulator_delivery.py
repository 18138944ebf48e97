"""The provider shows customers of the simulated shop where parcels are, over HTTP."""

from datetime import datetime, timezone

import pytest
from test_vendor_meets_simulator_fulfilment import command, ordered
from vendor_shop import provider

from odoo.addons.retail_connector_base.canonical import ReportDelivery
from odoo.addons.retail_connector_base.canonical.parcel_tracking import TrackingState
from odoo.addons.retail_connector_base.providers import RejectedError

from simulator import Faults, ShopifySimulator

MOMENT = datetime(2030, 1, 2, 3, 4, tzinfo=timezone.utc)


@pytest.fixture
def shop():
    with ShopifySimulator(seed=5, locations=("Main", "Store")) as simulator:
        yield simulator


def shipped(shop):
    """Return an order with a fulfilment, and the fulfilment's number."""
    history = ordered(shop)
    (number,) = provider(shop).send(command(history), "ship").external_ids
    return history, number


def report(history, number, state="delivered", **values):
    return ReportDelivery(
        order_external_id=str(history.id),
        fulfillment_external_id=number,
        state=TrackingState(state),
        occurred_at=MOMENT,
        **values,
    )


def shown(history):
    (parcel,) = history.current.fulfilments
    return [(event.status, event.at) for event in parcel.events]


def test_a_state_is_shown_once(shop):
    history, number = shipped(shop)
    adapter = provider(shop)
    assert adapter.look_up(report(history, number), "key") is None
    made = adapter.send(report(history, number, "in_transit"), "transit")
    first = adapter.send(report(history, number), "key")
    assert adapter.send(report(history, number), "key", ()) == first != made
    assert adapter.look_up(report(history, number), "key") == first
    assert shown(history) == [("IN_TRANSIT", MOMENT), ("DELIVERED", MOMENT)]


def test_what_nobody_answered_is_found(shop):
    history, number = shipped(shop)
    adapter = provider(shop)
    shop.faults = Faults(error_after_effect=1)
    with pytest.raises(Exception, match="."):
        adapter.send(report(history, number), "key")
    shop.faults = Faults()
    assert adapter.look_up(report(history, number), "key")
    assert len(shown(history)) == 1


def test_what_the_shop_has_no_word_for_is_refused(shop):
    history, number = shipped(shop)
    with pytest.raises(RejectedError):
        provider(shop).send(report(history, number, "returned"), "key")
    with pytest.raises(RejectedError):
        provider(shop).send(report(history, "99"), "key")
    assert not shown(history)
