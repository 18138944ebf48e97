"""What is found when Odoo does not hold what an account's warehouse did."""

from collections.abc import Sequence
from typing import Any

import pytest

from demo_day import warehouse_books as books
from simulator_shipbob import Account

SKU, OTHER, CENTRE = "MUG", "PEN", "10"
STOCK = 10
Rows = list[tuple[Any, ...]]


class Told:
    """Answers each query with rows."""

    def __init__(self, rows: dict[str, Rows]) -> None:
        self.found = rows

    def rows(self, query: str, *_parameters: Any) -> Rows:
        return self.found.get(query, [])

    def asked(self, query: str, _names: Any) -> Rows:
        return self.rows(query)


def order(account: Account, reference: str, sku: str, units: int) -> int:
    """Have an account take an order; return its shipment."""
    taken = account.take_order({
        "reference_id": reference, "shipping_method": "Standard", "type": "DTC",
        "recipient": {"name": "Ada", "address": {"city": "Reno"}},
        "products": [{"reference_id": sku, "quantity": units}],
    })  # fmt: skip
    return taken["shipments"][0]["id"]


@pytest.fixture
def account() -> Account:
    """One order left, one was cancelled."""
    made = Account("books")
    for sku in (SKU, OTHER):
        made.add_product(sku, {CENTRE: STOCK})
    made.ship(order(made, "OUT/1", SKU, 3))
    made.cancel(order(made, "OUT/2", OTHER, 1))
    return made


@pytest.fixture
def rows(account: Account) -> dict[str, Rows]:
    """What Odoo holds when all is well."""
    shipment = str(account.shipments("OUT/1")[0]["id"])
    return {
        books.RELEASED: [("OUT/1", 1, "shipped", "A"), ("OUT/2", 2, "cancelled", "B")],
        books.BOUND: [(shipment, SKU, 3.0, 3.0, True)],
        books.ON_SHELF: [(SKU, STOCK - 3), (OTHER, STOCK)],
        books.ORDERED: [("A", SKU, "sale", 3.0), ("B", OTHER, "cancel", 0.0)],
    }


def wrong(account: Account, rows: dict[str, Rows], expected: Sequence[str] = ()) -> set[str]:
    """Return the names of what is wrong."""
    house = books.House(
        account, CENTRE, 1, 2, 3, dict.fromkeys((SKU, OTHER), STOCK),
        {"A": {SKU: 3}, "B": {OTHER: 1}},
    )  # fmt: skip
    found = books.wrong(Told(rows), house, expected)
    return {name for name, words in found.items() if words}


def test_nothing_is_wrong_when_all_is_alike(account, rows):
    assert wrong(account, rows) == set()


@pytest.mark.parametrize(
    ("query", "found", "name"),
    [
        (books.RELEASED, [("OUT/1", 1, "accepted", "A"), ("OUT/2", 2, "cancelled", "B")],
         "released once"),
        (books.RELEASED, [("OUT/1", 1, "shipped", "A"), ("OUT/2", 1, "cancelled", "B")],
         "released once"),
        (books.UNRELEASED, [("OUT/3",)], "released once"),
        (books.BOUND, [], "shipments move once"),
        (books.BOUND_TWICE, [(7,)], "shipments move once"),
        (books.UNBOUND, [("OUT/1",)], "shipments move once"),
        (books.ON_SHELF, [(SKU, STOCK - 6), (OTHER, STOCK)], "stock"),
        (books.ORDERED, [("A", SKU, "sale", 3.0), ("B", OTHER, "sale", 0.0)], "orders"),
        (books.ORDERED, [("A", SKU, "sale", 3.0)] * 2 + [("B", OTHER, "cancel", 0.0)], "orders"),
        (books.DIFFERENT, [("10@now", "to_approve", 1)], "counts"),
        (books.UNFINISHED, [("goods of shipment 1", "blocked", False)], "unfinished"),
        (books.SHOWN, [("shipment_short", "Short", "It was gone.")], "shown"),
    ],
)  # fmt: skip
def test_each_difference_is_found(account, rows, query, found, name):
    assert wrong(account, {**rows, query: found}) == {name}


def test_what_a_person_is_shown_may_wait(account, rows):
    left = {
        books.UNFINISHED: [("goods of shipment 1", "blocked", True)],
        books.SHOWN: [("shipment_short", "Short", "It was gone.")],
    }
    assert wrong(account, {**rows, **left}, ["shipment_short"]) == set()


def test_what_was_given_up_unsent_is_not_missed_there(account, rows):
    unsent = [*rows[books.RELEASED], ("OUT/3", 3, "cancelled", "B")]
    assert wrong(account, {**rows, books.RELEASED: unsent}) == set()


def test_an_order_that_came_twice_is_found(account, rows):
    account.cancel(order(account, "OUT/2", OTHER, 1))
    assert wrong(account, rows) == {"released once"}


def test_goods_that_the_account_itself_lost_are_found(account, rows):
    account.count(SKU, CENTRE, 1)
    assert wrong(account, rows) == {"stock"}
