"""The verdict on the warehouse: what the account knows is read, what differs in Odoo is said."""

from decimal import Decimal

import pytest

from demo_day.warehouse_orders import CANCELLED, ORDERS, SPLIT, basket
from demo_day.warehouse_setup import CENTRE, LAMP, MUG, PEN
from demo_day.warehouse_truth import disposed, gone, kept, meant, stowed, unlike
from simulator_shipbob import Account

RECIPIENT = {"name": "Ada", "address": {"address1": "Main Street 1", "country": "DE"}}


@pytest.fixture
def account():
    """An account with goods, and an order of two mugs."""
    account = Account()
    for sku in (MUG, PEN, LAMP):
        account.add_product(sku, {CENTRE: 10})
    products = [{"reference_id": MUG, "quantity": 2}]
    account.take_order(
        {"reference_id": "R1", "type": "DTC", "shipping_method": "Standard",
         "recipient": RECIPIENT, "products": products, "location_id": CENTRE}
    )  # fmt: skip
    return account


def test_only_what_left_is_gone(account):
    (shipment,) = account.shipments("R1")
    assert gone(account) == {}
    assert meant(account) == {"R1": "accepted"}
    account.ship(shipment["id"])
    assert gone(account) == {(str(shipment["id"]), MUG): 2}
    assert meant(account) == {"R1": "shipped"}


def test_what_was_cancelled_is_not_gone(account):
    account.cancel(account.shipments("R1")[0]["id"])
    assert (gone(account), meant(account)) == ({}, {"R1": "cancelled"})


def test_what_came_and_what_was_thrown_away_is_known(account):
    number = account.by_sku[MUG]
    box = {"tracking_number": "", "box_items": [{"inventory_id": number, "quantity": 5}]}
    receiving = account.new_receiving(
        {"fulfillment_center": {"id": int(CENTRE)}, "boxes": [box], "expected_arrival_date": None,
         "package_type": "Package", "box_packaging_type": "EverythingInOneBox"}
    )  # fmt: skip
    account.receive(receiving["id"], {MUG: 3})
    assert stowed(account) == {MUG: 3}
    back = account.new_return("B1", CENTRE, [{"id": number, "quantity": 2}])
    actions = [("Dispose", "Damaged", 1), ("Restock", "", 1)]
    account.process_return(back["id"], {MUG: actions})
    assert disposed(account) == {MUG: 1}


@pytest.mark.parametrize(
    ("found", "said"),
    [({"a": 1.0, "b": 2}, 0), ({"a": 1}, 1), ({"a": 2, "b": 3}, 2), ({"a": 1, "b": 2, "c": 0}, 1)],
)
def test_what_differs_is_said(found, said):
    assert len(list(unlike(found, {"a": 1, "b": 2}, "x"))) == said


def test_orders_end_as_their_story_says():
    wanted = kept()
    assert {number for number, _sku in wanted} == set(ORDERS)
    assert [wanted[CANCELLED, sku] for sku in ORDERS[CANCELLED]] == [("cancel", 0)]


def test_a_basket_comes_to_the_sum_of_its_lines():
    body = basket("B-1", ORDERS[SPLIT])
    assert [line["external_id"] for line in body["lines"]] == ["1", "2"]
    taxes = [Decimal(line["taxes"][0]["amount"]["shop"]["amount"]) for line in body["lines"]]
    assert Decimal(body["total_tax"]["shop"]["amount"]) == sum(taxes)
    prices = [
        Decimal(line["unit_price"]["shop"]["amount"]) * line["quantity"] for line in body["lines"]
    ]
    assert Decimal(body["total"]["shop"]["amount"]) == sum(prices)
