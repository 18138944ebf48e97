"""The provider against the simulated shop, over HTTP: stock, prices and shipments."""

from decimal import Decimal
from functools import partial

import pytest
from woo_shop import provider

from simulator_woo import Faults, WooSimulator

# What woo_shop makes importable.
# isort: split
from odoo.addons.retail_connector_base.canonical import (
    CancelFulfillment,
    Fulfill,
    ShipmentLine,
    Tracking,
    UpdateTracking,
)
from odoo.addons.retail_connector_base.providers import (
    ConnectorError,
    PriceChange,
    RejectedError,
    StockChange,
    StockKey,
    TransientError,
    UnsupportedError,
    Verdict,
)

PARCEL = Tracking(number="00340434", url="https://dhl.example/00340434")


@pytest.fixture
def simulator():
    with WooSimulator(seed=9) as running:
        yield running


def key_of(simulator, sku):
    product, part = simulator.shop.by_sku(sku)
    return StockKey(f"{product}:{part}" if part else str(product), "shop")


def quantity(simulator, sku):
    return simulator.shop.item(*simulator.shop.by_sku(sku))["stock_quantity"]


def verdicts(answers):
    return [answer.verdict for answer in answers]


# Stock


def test_stock_is_read_and_written_for_products_and_variations(simulator):
    adapter = provider(simulator)
    skus = ["MUG", "SHIRT-S", "SHIRT-M", "BOOK"]
    keys = [key_of(simulator, sku) for sku in skus]
    read = adapter.read_stock(keys)
    assert [read[key] for key in keys] == [40, 10, 20, 25]
    simulator.server.requests.clear()
    changes = [StockChange(key, 7, read[key]) for key in keys]
    assert verdicts(adapter.change_stock(changes, "k")) == [Verdict.DONE] * 4
    assert [quantity(simulator, sku) for sku in skus] == [7] * 4
    # Two lists are read, two batches written, however many items they hold.
    assert len(simulator.server.requests) == 4


def test_another_quantity_than_expected_is_told_and_left(simulator):
    simulator.shop.buy({"MUG": 2})
    (answer,) = provider(simulator).change_stock(
        [StockChange(key_of(simulator, "MUG"), 9, 40)], "k"
    )
    assert (answer.verdict, answer.actual) == (Verdict.STALE, 38)
    assert quantity(simulator, "MUG") == 38


def test_the_same_attempt_again_has_no_second_effect(simulator):
    adapter, change = provider(simulator), StockChange(key_of(simulator, "MUG"), 9, 40)
    for _time in range(2):
        assert verdicts(adapter.change_stock([change], "k")) == [Verdict.DONE]
    assert [one.after for one in simulator.shop.history] == [9]


def test_what_counts_no_stock_begins_to(simulator):
    adapter, key = provider(simulator), key_of(simulator, "POSTER")
    assert adapter.read_stock([key]) == {}
    assert verdicts(adapter.change_stock([StockChange(key, 3, None)], "k")) == [Verdict.DONE]
    assert adapter.read_stock([key]) == {key: 3}


def test_what_is_gone_is_missing_and_its_siblings_are_written(simulator):
    shirt, mug = key_of(simulator, "SHIRT-S"), key_of(simulator, "MUG")
    simulator.shop.remove_product(int(shirt.item.split(":")[0]))
    changes = [StockChange(shirt, 1, None), StockChange(mug, 1, None),
               StockChange(StockKey("9999", "shop"), 1, None)]  # fmt: skip
    found = verdicts(provider(simulator).change_stock(changes, "k"))
    assert found == [Verdict.MISSING, Verdict.DONE, Verdict.MISSING]


def test_stock_under_faults_ends_as_wanted(simulator):
    adapter = provider(simulator)
    skus = ["MUG", "SHIRT-S", "SHIRT-L"]
    changes = [StockChange(key_of(simulator, sku), 4, quantity(simulator, sku)) for sku in skus]
    simulator.faults = Faults(rate_limited=0.2, server_error=0.2, accept_then_fail=0.3)
    for _attempt in range(50):
        try:
            answers = adapter.change_stock(changes, "k")
            break
        except ConnectorError:
            continue
    assert verdicts(answers) == [Verdict.DONE] * 3
    assert [quantity(simulator, sku) for sku in skus] == [4] * 3
    assert sum(change.cause == "api" for change in simulator.shop.history) == 3


def test_there_is_one_place(simulator):
    (place,) = provider(simulator).locations()
    assert place.active


# Prices


def price(simulator, sku, amount, before=None, currency="EUR"):
    product, part = simulator.shop.by_sku(sku)
    return PriceChange(str(part or product), str(product), Decimal(amount), currency,
                       Decimal(before) if before else None)  # fmt: skip


def shown(simulator, sku):
    item = simulator.shop.item(*simulator.shop.by_sku(sku))
    return item["regular_price"], item["sale_price"], item["price"]


def test_prices_and_sale_prices_are_written_and_taken_away(simulator):
    adapter = provider(simulator)
    changes = [price(simulator, "MUG", "8.50", "9.99"), price(simulator, "SHIRT-M", "24.00")]
    assert verdicts(adapter.change_prices(changes, "k")) == [Verdict.DONE] * 2
    assert shown(simulator, "MUG") == ("9.99", "8.50", "8.50")
    assert shown(simulator, "SHIRT-M") == ("24.00", "", "24.00")
    adapter.change_prices([price(simulator, "MUG", "9.50")], "k2")
    assert shown(simulator, "MUG") == ("9.50", "", "9.50")


def test_a_foreign_currency_or_an_unknown_item_is_told_for_itself(simulator):
    unknown = PriceChange("9999", "9999", Decimal(1), "EUR")
    changes = [price(simulator, "MUG", "1.00", currency="USD"), unknown,
               price(simulator, "BOOK", "1.00")]  # fmt: skip
    found = verdicts(provider(simulator).change_prices(changes, "k"))
    assert found == [Verdict.REJECTED, Verdict.MISSING, Verdict.DONE]
    assert shown(simulator, "MUG")[0] == "9.99"


# Shipments


def shipment(order, reference="WH/OUT/1", units=None, trackings=(PARCEL,), **values):
    lines = tuple(
        ShipmentLine(
            order_line_external_id=str(line["id"]),
            quantity=line["quantity"] if units is None else units,
        )
        for line in order["line_items"]
    )
    return Fulfill(
        order_external_id=str(order["id"]), reference=reference, lines=lines, carrier="DHL",
        trackings=trackings, **values,
    )  # fmt: skip


def notes(simulator, order):
    return [(note["note"], note["customer_note"]) for note in simulator.shop.notes[order["id"]]]


def test_a_shipment_is_noted_for_the_customer_and_completes_the_order(simulator):
    adapter, order = provider(simulator), simulator.shop.buy({"MUG": 2})
    command = shipment(order)
    assert adapter.look_up(command, "k") is None
    assert adapter.send(command, "k").external_ids == ("WH/OUT/1",)
    text = "Shipped with DHL: 00340434 (https://dhl.example/00340434) [WH/OUT/1]"
    assert notes(simulator, order) == [(text, True)]
    assert order["status"] == "completed" and order["date_completed"]
    assert adapter.look_up(command, "k").external_ids == ("WH/OUT/1",)


def test_a_part_does_not_complete_the_order_the_rest_does(simulator):
    adapter, order = provider(simulator), simulator.shop.buy({"MUG": 2, "SHIRT-S": 2})
    adapter.send(shipment(order, units=1), "k1")
    assert order["status"] == "processing"
    adapter.send(shipment(order, "WH/OUT/2", units=1), "k2")
    assert order["status"] == "completed"
    assert len(notes(simulator, order)) == 2


def test_refunded_and_virtual_units_are_not_waited_for(simulator):
    shop, adapter = simulator.shop, provider(simulator)
    product, _part = shop.by_sku("POSTER")
    shop.products[product]["virtual"] = True
    order = shop.buy({"MUG": 2, "POSTER": 1})
    mug = order["line_items"][0]
    shop.refund(order, {mug["id"]: 1})
    line = ShipmentLine(order_line_external_id=str(mug["id"]), quantity=1)
    adapter.send(shipment(order).model_copy(update={"lines": (line,)}), "k")
    assert order["status"] == "completed"


def one_fault(fault, number, asked, _method, _path):
    return fault if next(asked) == number else None


def test_sent_again_after_any_failure_it_is_told_once(simulator):
    """Whatever request fails, before or after it had its effect."""
    for fault in ("server_error", "accept_then_fail"):
        for number in range(1, 5):
            order = simulator.shop.buy({"MUG": 1})
            command, adapter = shipment(order, f"{fault}-{number}"), provider(simulator)
            asked = iter(range(1, 100))
            simulator.server.next_fault = partial(one_fault, fault, number, asked)
            for _attempt in range(3):
                try:
                    if adapter.look_up(command, "k") or adapter.send(command, "k"):
                        break
                except TransientError:
                    continue
            assert len(notes(simulator, order)) == 1, (fault, number)
            assert order["status"] == "completed"
            fields = [one["key"] for one in order["meta_data"]]
            assert fields == [f"_retail_shipment:{fault}-{number}"]


def test_a_cancelled_order_stays_cancelled_and_somebody_hears_of_it(simulator):
    order = simulator.shop.buy({"MUG": 1})
    simulator.shop.set_status(order, "cancelled")
    result = provider(simulator).send(shipment(order), "k")
    assert order["status"] == "cancelled" and "cancelled" in result.notes[0]
    assert len(notes(simulator, order)) == 1


def test_without_a_mail_the_note_is_private(simulator):
    order = simulator.shop.buy({"MUG": 1})
    provider(simulator).send(shipment(order, notify_customer=False, trackings=()), "k")
    assert notes(simulator, order) == [("Shipped with DHL [WH/OUT/1]", False)]


def test_tracking_is_corrected_once(simulator):
    adapter, order = provider(simulator), simulator.shop.buy({"MUG": 1})
    correction = UpdateTracking(
        order_external_id=str(order["id"]), fulfillment_external_id="WH/OUT/1", carrier="UPS",
        trackings=(Tracking(number="1Z999"),),
    )  # fmt: skip
    with pytest.raises(RejectedError):
        adapter.send(correction, "k")
    adapter.send(shipment(order), "k1")
    assert adapter.look_up(correction, "k2") is None
    for _time in range(2):
        adapter.send(correction, "k2")
    text, _public = notes(simulator, order)[0]
    assert text == "New tracking with UPS: 1Z999 [WH/OUT/1]"
    assert len(notes(simulator, order)) == 2
    assert adapter.look_up(correction, "k2").external_ids == ("WH/OUT/1",)


def test_what_the_vendor_cannot_is_said(simulator):
    order = simulator.shop.buy({"MUG": 1})
    command = CancelFulfillment(order_external_id=str(order["id"]), fulfillment_external_id="x")
    for call in (provider(simulator).send, provider(simulator).look_up):
        with pytest.raises(UnsupportedError):
            call(command, "k")
    with pytest.raises(UnsupportedError):
        provider(simulator).change_listings([], "k")
