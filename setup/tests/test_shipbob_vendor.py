"""The adapter and the simulated account, over real HTTP."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from shipbob_account import (
    SECRET,
    Hearing,
    announcement,
    cancellation,
    change,
    coming_back,
    messages,
    newest,
    parsed,
    provider,
    release,
    sent_units,
    taking_back,
)

from simulator_common import Trouble
from simulator_shipbob import ShipBobSimulator

# What shipbob_account makes importable.
# isort: split
from odoo.addons.retail_connector_base.providers import (
    AuthenticationError,
    ConfigurationError,
    ConnectorError,
    RateLimitedError,
    RejectedError,
    UnknownOutcomeError,
)

OTHER = "whsec_" + "B" * 32


@pytest.fixture
def simulator():
    with ShipBobSimulator(seed=11) as running:
        for sku in ("MUG", "PEN", "CUP"):
            running.account.add_product(sku, {"10": 1_000})
        running.account.add_bundle("SET", {"MUG": 1, "PEN": 2})
        yield running


@pytest.fixture
def account(simulator):
    return simulator.account


@pytest.fixture
def adapter(simulator):
    return provider(simulator)


def only(account, reference):
    """Return the one shipment of an order."""
    (shipment,) = account.shipments(reference)
    return shipment["id"]


# Orders and shipments


def test_an_order_goes_out_and_its_parts_come_back(account, adapter):
    result = adapter.send(release("R1", {"MUG": 5, "PEN": 2}), "k")
    assert result.details["state"] == "accepted"
    first, second = account.split(only(account, "R1"), [{"MUG": 2}])
    account.ship(first["id"], [{"MUG": 1}, {"MUG": 2, "PEN": 2}])
    (left,) = newest(adapter, messages(adapter, "shipment")).values()
    assert (sent_units([left]), left.final) == ({"MUG": 3, "PEN": 2}, False)
    assert len(left.parcels) == 2
    (state,) = newest(adapter, messages(adapter, "warehouse_order")).values()
    assert (state.state.value, state.external_id) == ("in_progress", result.external_ids[0])
    account.ship(second["id"])
    found = newest(adapter, messages(adapter, "shipment"))
    assert sent_units(found.values()) == {"MUG": 5, "PEN": 2}
    assert [found[str(one["id"])].final for one in (first, second)] == [False, True]
    assert len({one.trackings[0].number for one in found.values()}) == 2


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_to_orders_is_told_in_the_end(seed):
    """What the adapter tells adds up to what left the shelves, by webhooks and polls alike."""
    random, skus = Random(seed), ("MUG", "PEN", "CUP", "SET")
    with ShipBobSimulator(seed=seed) as simulator:
        account, adapter = simulator.account, provider(simulator)
        for sku in skus[:3]:
            account.add_product(sku, {"10": 300})
        account.add_bundle("SET", {"MUG": 1, "PEN": 2})
        with Hearing(adapter) as hearing:
            adapter.sync_subscriptions(hearing.url)
            for number in range(40):
                wanted = {sku: random.randint(1, 4) for sku in random.sample(skus, 2)}
                adapter.send(release(f"R{number}", wanted), f"k{number}")
            live(account, random)
            simulator.trouble = Trouble(duplicate=0.3, disorder=0.3, dropped=0.2, forged=0.1)
            simulator.deliver()
            heard = [message for message in hearing.messages if message.kind == "shipment"]
            assert hearing.refused
        polled = messages(adapter, "shipment")
        found = newest(adapter, [*heard, *polled])
    shown = [one for one in found.values() if one.state.value == "shipped"]
    assert {one.external_id for one in shown} == {
        str(one["id"]) for one in account.all_shipments() if one["status"] == "Completed"
    }
    gone = Counter()
    for sku, units in sent_units(shown).items():
        for part, each in account.bundles.get(sku, {sku: 1}).items():
            gone[part] += int(units) * each
    assert gone == {sku: 300 - account.on_hand(sku) for sku in skus[:3]}


def live(account, random):
    """Let people at the centre do what they do."""
    for shipment in list(account.all_shipments()):
        if shipment["status"] == "Processing":
            number = DEEDS[random.randrange(len(DEEDS))](account, shipment, random)
            if number and account.shipment(number)["status"] == "Processing":
                account.ship(number)
                if random.random() < 0.2:
                    account.deliver_parcel(number)


def part(account, shipment, random):
    """Split a shipment, and leave one of its parts for later."""
    sku = shipment["products"][-1]["reference_id"]
    if sku == "SET" or len(shipment["products"]) == 1:
        return shipment["id"]
    return account.split(shipment["id"], [{sku: 1}])[random.randrange(2)]["id"]


def miss(account, shipment, _random):
    """Find a unit too few."""
    sku = shipment["products"][0]["reference_id"]
    return account.short(shipment["id"], sku, 1)["id"] if sku != "SET" else shipment["id"]


# What people do with a shipment; they return the one that is to leave.
DEEDS = (
    lambda account, shipment, _random: account.cancel(shipment["id"]) and None,
    lambda account, shipment, _random: account.hold(shipment["id"]) and None,
    lambda account, shipment, _random: account.label(shipment["id"])["id"],
    lambda _account, shipment, _random: shipment["id"],
    part,
    miss,
)


def test_a_poll_and_a_fetch_show_the_same(account, adapter):
    for number in range(3):
        adapter.send(release(f"R{number}", {"MUG": 1, "SET": 2}), f"k{number}")
        account.ship(only(account, f"R{number}"))
    for kind in ("shipment", "warehouse_order", "tracking"):
        found = messages(adapter, kind)
        assert len(found) == 3
        for message in found:
            again = adapter.fetch_one(kind, parsed(adapter, message).external_id)
            assert again.authoritative
            assert parsed(adapter, again) == parsed(adapter, message)
            assert again.event_id == message.event_id
        assert adapter.fetch_one(kind, "1") is None
        assert adapter.fetch_one(kind, "no number") is None


def test_many_orders_cost_few_calls_and_any_page_goes_on(simulator, account, adapter):
    for number in range(300):
        account.take_order({
            "reference_id": f"R{number}", "type": "DTC", "shipping_method": "Standard",
            "recipient": {"name": "Ada", "address": {}}, "products": [
                {"reference_id": "MUG", "quantity": 1},
            ],
        })  # fmt: skip
    before = len(simulator.server.calls)
    pages = list(adapter.fetch("warehouse_order", ""))
    assert len(simulator.server.calls) - before == 2
    everything = [message.event_id for page in pages for message in page.messages]
    assert len(set(everything)) == 300
    rest = {m.event_id for m in messages(adapter, "warehouse_order", None, pages[0].cursor)}
    assert {m.event_id for m in pages[1].messages} <= rest


def test_only_what_changed_since_is_listed(simulator, account, adapter):
    adapter.send(release("R1", {"MUG": 1}), "k1")
    simulator.clock.pass_by(days=2)
    adapter.send(release("R2", {"MUG": 1}), "k2")
    since = simulator.clock() - timedelta(hours=1)
    found = newest(adapter, messages(adapter, "warehouse_order", since))
    assert {one.order_external_id for one in found.values()} == {"R2"}
    account.ship(only(account, "R1"))
    found = newest(adapter, messages(adapter, "shipment", since))
    assert {one.order_external_id for one in found.values()} == {"R1"}


def test_orders_of_other_channels_are_not_read(account, adapter):
    body = {
        "reference_id": "SHOP-1", "type": "DTC", "shipping_method": "Standard",
        "recipient": {"name": "Ada", "address": {}},
        "products": [{"reference_id": "MUG", "quantity": 1}],
    }  # fmt: skip
    order = account.take_order(body, account.other_channel)
    account.ship(order["shipments"][0]["id"])
    assert messages(adapter, "shipment") == messages(adapter, "warehouse_order") == []


# Commands


def test_a_release_is_sent_once_whatever_happens(simulator, account, adapter):
    """Accepted and then silent, or failed after the effect: it is found, and not sent twice."""
    for number, trouble in enumerate((
        Trouble(hang=1, hang_seconds=3), Trouble(accept_then_fail=1), Trouble(server_error=1),
    )):  # fmt: skip
        command = release(f"R{number}", {"MUG": 1})
        simulator.trouble = trouble
        with pytest.raises(UnknownOutcomeError):
            adapter.send(command, "k")
        simulator.trouble = Trouble()
        found = adapter.look_up(command, "k")
        assert (found is None) == (trouble.server_error == 1)
        assert adapter.send(command, "k").external_ids
    assert len(account.orders) == 3


def test_slowing_down_is_asked_for(simulator, adapter):
    simulator.trouble = Trouble(rate_limited=1, retry_after=7)
    with pytest.raises(RateLimitedError) as caught:
        adapter.send(release("R1", {"MUG": 1}), "k")
    assert caught.value.retry_after == 7


def test_requests_about_orders_are_answered(account, adapter):
    for number in range(3):
        adapter.send(release(f"R{number}", {"MUG": 2}), f"k{number}")
    new = release("R1", {"MUG": 1, "PEN": 3}).lines
    assert adapter.send(change("R1", lines=new), "l").details == {"answer": "accepted"}
    account.ship(only(account, "R1"))
    (left,) = newest(adapter, messages(adapter, "shipment")).values()
    assert sent_units([left]) == {"MUG": 1, "PEN": 3}
    assert adapter.send(cancellation("R0"), "c").details == {"answer": "accepted"}
    account.pick(only(account, "R2"))
    for command in (cancellation("R2"), change("R2", lines=new), cancellation("R1")):
        with pytest.raises(RejectedError):
            adapter.send(command, "late")
    states = newest(adapter, messages(adapter, "warehouse_order")).values()
    assert sorted(one.state.value for one in states) == ["cancelled", "in_progress", "shipped"]


def test_a_new_address_lets_a_held_shipment_go_on(account, adapter):
    command = release("R1", {"MUG": 1})
    adapter.send(command, "k")
    account.hold(only(account, "R1"))
    (held,) = newest(adapter, messages(adapter, "warehouse_order")).values()
    assert held.reason == "It is on hold: Invalid Address."
    adapter.send(change("R1", recipient=command.recipient), "a")
    assert account.order_of("R1")["status"] == "Processing"


# What comes in


def test_suppliers_deliveries(account, adapter):
    number = int(adapter.send(announcement("PO-1", {"MUG": 10}), "k").external_ids[0])
    account.arrive(number)
    account.receive(number, {"MUG": 6, "PEN": 1}, "L1", "2027-01-31T00:00:00+00:00")
    (found,) = newest(adapter, messages(adapter, "receipt")).values()
    assert (found.state.value, found.announcement_reference) == ("receiving", "PO-1")
    assert {line.sku: line.quantity for line in found.lines} == {"MUG": 6, "PEN": 1}
    assert found.lines[0].lots[0].number == "L1"
    account.receive(number, {"MUG": 6})
    account.complete(number)
    (found,) = newest(adapter, messages(adapter, "receipt")).values()
    assert (found.state.value, found.lines[0].quantity) == ("completed", 12)
    with pytest.raises(RejectedError):
        adapter.send(taking_back("PO-1", str(number)), "b")


def test_a_delivery_in_doubt_is_announced_once(simulator, account, adapter):
    simulator.trouble = Trouble(accept_then_fail=1)
    command = announcement("PO-1", {"MUG": 10})
    with pytest.raises(ConnectorError):
        adapter.send(command, "k")
    simulator.trouble = Trouble()
    if account.receivings:
        assert adapter.look_up(command, "k").external_ids
    else:
        adapter.send(command, "k")
    assert len(account.receivings) == 1
    adapter.send(taking_back("PO-1"), "b")
    (found,) = newest(adapter, messages(adapter, "receipt")).values()
    assert found.state.value == "cancelled"
    assert adapter.look_up(command, "k") is None


def test_returns(account, adapter):
    adapter.send(release("R1", {"MUG": 3}), "k")
    account.ship(only(account, "R1"))
    adapter.send(coming_back("RMA-1", "R1", {"MUG": 3}), "r")
    back = account.returned("RMA-1")
    assert back["original_shipment_id"] == only(account, "R1")
    account.arrive_return(back["id"])
    actions = [("Restock", "", 1), ("Quarantine", "Damaged", 1)]
    account.process_return(back["id"], {"MUG": actions})
    (found,) = newest(adapter, messages(adapter, "return")).values()
    assert (found.name, found.order_external_id, found.state.value) == ("RMA-1", "R1", "completed")
    told = [(line.received_quantity, line.disposition.value, line.condition.value)
            for line in found.lines]  # fmt: skip
    assert told == [(1, "restock", "sellable"), (1, "undecided", "damaged")]
    assert sum(line.quantity for line in found.lines) == 3
    again = account.return_to_sender(only(account, "R1"))
    found = newest(adapter, messages(adapter, "return"))
    assert found[str(again["id"])].note == "ReturnToSender"


def test_stock_is_counted_by_centre(simulator, account, adapter):
    account.count("PEN", "10", 7)
    account.stow("MUG", "8", 3)
    adapter.send(release("R1", {"MUG": 4}), "k")
    found = [parsed(adapter, one) for one in messages(adapter, "stock_snapshot")]
    held = {one.location_external_id: {line.sku: (line.on_hand, line.sellable)
                                       for line in one.lines} for one in found}  # fmt: skip
    assert held["10"]["PEN"] == (7, 7)
    # What is committed to an order may still be sent: to that order.
    assert held["10"]["MUG"] == (1_000, 1_000)
    assert held["8"] == {"MUG": (3, 3)}
    named = provider(simulator, fulfillment_centers="8, 77")
    found = [parsed(named, one) for one in messages(named, "stock_snapshot")]
    assert {one.location_external_id: len(one.lines) for one in found} == {"8": 1, "77": 0}


def test_a_large_stock_comes_in_parts(account, adapter):
    for number in range(1_100):
        account.add_product(f"S{number}", {"10": number + 1})
    found = [parsed(adapter, one) for one in messages(adapter, "stock_snapshot")]
    assert [(one.part, one.parts) for one in found] == [(1, 2), (2, 2)]
    assert len({one.snapshot_external_id for one in found}) == 1
    assert len({line.sku for one in found for line in one.lines}) == 1_103


def test_parcels_are_followed(account, adapter):
    adapter.send(release("R1", {"MUG": 1}), "k")
    number = account.ship(only(account, "R1"))["id"]
    account.move(number, "InTransit", "Departed", "Reno")
    (found,) = newest(adapter, messages(adapter, "tracking")).values()
    assert (found.state.value, len(found.milestones)) == ("in_transit", 2)
    account.deliver_parcel(number)
    (found,) = newest(adapter, messages(adapter, "tracking")).values()
    assert found.state.value == "delivered"
    (order,) = newest(adapter, messages(adapter, "warehouse_order")).values()
    assert order.state.value == "delivered"


def test_bills_name_what_they_are_for(account, adapter):
    adapter.send(release("R1", {"MUG": 3}), "k")
    number = account.ship(only(account, "R1"))["id"]
    account.bill_shipping()
    account.bill_storage()
    found = newest(adapter, messages(adapter, "warehouse_invoice")).values()
    lines = [line for one in found for line in one.lines]
    assert sorted(line.service.value for line in lines) == ["freight", "pick", "storage"]
    assert {line.shipment_external_id for line in lines} == {str(number), None}
    for one in found:
        assert one.total.amount == sum(line.amount.amount for line in one.lines)


def test_products_are_the_stock_items(account, adapter):
    found = newest(adapter, messages(adapter, "product", None))
    skus = {variant.sku: variant.external_id for one in found.values() for variant in one.variants}
    assert skus == {sku: str(account.by_sku[sku]) for sku in ("MUG", "PEN", "CUP")}


# Connection and subscriptions


def test_the_connection_test_helps_with_the_channel(simulator, adapter):
    report = adapter.test_connection()
    assert (report.problems, report.warnings) == ((), ())
    assert report.account == "Retail Connector"
    (problem,) = provider(simulator, channel_id="").test_connection().problems
    assert str(simulator.account.channel["id"]) in problem
    simulator.account.channel["scopes"] = ["orders_read"]
    report = provider(simulator, ("weak",), shipping_method="Rocket").test_connection()
    assert "orders_write" in report.problems[0]
    assert any("Rocket" in warning for warning in report.warnings)
    assert any("whsec_" in warning for warning in report.warnings)
    simulator.token = "another"
    with pytest.raises(AuthenticationError):
        adapter.test_connection()


def test_warehouses(adapter):
    assert [(one.external_id, one.name) for one in adapter.warehouses()] == [
        ("10", "Moreno Valley (CA)"), ("8", "Cicero (IL)"),
    ]  # fmt: skip


def test_subscriptions_are_made_kept_repaired_and_tidied(simulator, adapter):
    url, webhooks = "http://127.0.0.1:9/hooks/key", simulator.webhooks
    assert adapter.sync_subscriptions(url).created
    assert adapter.sync_subscriptions(url).present
    ((number, row),) = webhooks.rows.items()
    assert row["secret"] == SECRET
    # A new secret, another address, other topics: each is a subscription of its own.
    rotated = provider(simulator, (OTHER, SECRET))
    assert rotated.sync_subscriptions(url).repaired
    ((again, row),) = webhooks.rows.items()
    assert (again != number, row["secret"]) == (True, OTHER)
    assert rotated.sync_subscriptions("http://127.0.0.1:8/hooks/key").repaired
    assert rotated.sync_subscriptions("http://127.0.0.1:8/hooks/key", {"return"}).repaired
    assert "return.completed" not in next(iter(webhooks.rows.values()))["topics"]
    webhooks.rows["ep_double"] = {**next(iter(webhooks.rows.values())), "id": "ep_double"}
    webhooks.rows["ep_other"] = {"id": "ep_other", "url": "http://127.0.0.1:9/else", "topics": []}
    report = rotated.sync_subscriptions("http://127.0.0.1:8/hooks/key", {"return"})
    assert report.removed
    assert len(webhooks.rows) == 2
    with pytest.raises(ConfigurationError):
        provider(simulator, ("too short",)).sync_subscriptions(url)


def test_events_are_taken_while_the_secret_rotates(simulator, account, adapter):
    with Hearing(provider(simulator, (OTHER, SECRET))) as hearing:
        adapter.sync_subscriptions(hearing.url)
        adapter.send(release("R1", {"MUG": 1}), "k")
        account.ship(only(account, "R1"))
        assert set(simulator.deliver().answers) == {"202"}
        hearing.adapter.sync_subscriptions(hearing.url)
        account.deliver_parcel(only(account, "R1"))
        assert set(simulator.deliver().answers) == {"202"}
    kinds = [message.kind for message in hearing.messages]
    assert kinds == ["warehouse_order", "shipment", "shipment", "tracking"]
