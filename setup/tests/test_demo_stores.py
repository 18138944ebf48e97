"""What is wrong with an estate's day in Odoo is noticed, and what is right is not complained of."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest
from simulator_estate import (
    CASH,
    GERMANY,
    GIFT_CARD,
    Habits,
    Life,
    assortment,
    stores,
    truth_of,
)  # fmt: skip

from demo_day import stores_books
from demo_day.stores_books import wrong

DAY = date(2026, 11, 20)
BACKEND = 7


class Tables:
    """What a database would answer, made from the truth; tests change it."""

    def __init__(self, life: Life, morning: dict) -> None:
        truth = truth_of([life])
        self.tickets = [
            [ticket.id, ticket.voided, number if ticket.counts else None,
             "done" if ticket.counts else None, ticket.total, "done",
             f"{ticket.store}:{ticket.register}", DAY, False]
            for number, ticket in enumerate(truth.tickets.values(), 1)
        ]  # fmt: skip
        sums: dict = defaultdict(Decimal)
        for (place, day), tenders in truth.tenders.items():
            for method, amount in tenders.items():
                if method != GIFT_CARD:
                    sums[place, day, method == CASH] += amount
        self.paid = [[*key, amount] for key, amount in sums.items()]
        self.hand = [
            [store, sku, units - truth.moved[store][sku]] for (store, sku), units in morning.items()
        ]
        self.sessions = [[1, "POS/1", "closed", "posted", Decimal(0), Decimal(9), Decimal(9)]]
        self.days = [[place, DAY, "closed"] for place in life.counters]
        self.strangers = 0

    def rows(self, query: str, *_parameters: object) -> list[tuple]:
        """Answer a question."""
        known = {
            stores_books.TICKETS: self.tickets, stores_books.PAID: self.paid,
            stores_books.ON_HAND: self.hand, stores_books.SESSIONS: self.sessions,
            stores_books.DAYS: self.days,
        }  # fmt: skip
        return [tuple(row) for row in known[query]]

    def value(self, query: str, *_parameters: object) -> int:
        """Answer a question with one number."""
        assert query == stores_books.STRANGERS
        return self.strangers


@pytest.fixture
def world():
    """A day, its morning and tables that are right."""
    habits = Habits(tip=0.1, after_report=0.5)
    life = Life(stores(GERMANY, 2), assortment(3, GERMANY, 5), 3, DAY, habits).live(60)
    morning = {
        (store, good.sku): Decimal(100) for store in ("S01", "S02") for good in life.baskets.goods
    }
    return life, morning, Tables(life, morning)


def found(world, **options) -> list[str]:
    """Return everything that is complained of."""
    life, morning, tables = world
    return [words for all_ in wrong(tables, BACKEND, life, morning, **options).values()
            for words in all_]  # fmt: skip


def test_what_is_right_is_not_complained_of(world):
    assert found(world) == []


def test_a_ticket_that_is_not_there_is_noticed(world):
    gone = world[2].tickets.pop()
    assert found(world) == [f"ticket {gone[0]} is not there"]


def test_a_ticket_that_is_there_twice_is_noticed(world):
    world[2].tickets.append(list(world[2].tickets[0]))
    assert any("is there 2 times" in words for words in found(world))


def test_an_order_that_is_no_ticket_is_noticed(world):
    world[2].strangers = 1
    assert found(world) == ["1 orders of the stores are no tickets"]


def test_another_total_is_noticed(world):
    row = next(row for row in world[2].tickets if row[2])
    row[4] += Decimal("0.01")
    assert len(found(world)) == 1


def test_goods_that_wait_are_noticed(world):
    next(row for row in world[2].tickets if row[2])[5] = "waiting"
    assert "are waiting" in found(world)[0]


def test_other_payments_are_noticed(world):
    world[2].paid[0][3] += 1
    assert len(found(world)) == 1


def test_a_unit_too_many_is_noticed(world):
    world[2].hand[0][2] += 1
    assert "are left" in found(world)[0]


@pytest.mark.parametrize(("column", "value"), [(3, "draft"), (4, Decimal("0.01")), (5, Decimal(8))])
def test_an_entry_that_does_not_tie_is_noticed(world, column, value):
    world[2].sessions[0][column] = value
    assert len(found(world)) == 1


def test_a_day_that_is_open_is_noticed_once_the_registers_have_reported(world):
    world[2].days[0][2] = "different"
    assert len(found(world)) == 1
    assert found(world, closed=False) == []
