"""What is told apart when an order of the channel is compared with what Odoo holds."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest

from demo_day.reading import StoredOrder
from demo_day.truth import mismatches
from simulator import Expected

TRUTH = Expected(
    external_id="1", name="#1001", kind="plain", currency="EUR", untaxed=Decimal("10.00"),
    tax=Decimal("1.90"), total=Decimal("11.90"), ordered_total=Decimal("11.90"),
    quantities={"SKU-1": 2, "custom:Engraving": 1}, payment_state="paid", outcome="import",
    error=None, test=False, email=None, customer_id=None, updated_at="", states=1,
)  # fmt: skip
ORDER = StoredOrder(
    "1", 1, 1, "sale", "EUR", Decimal("10.00"), Decimal("1.90"), Decimal("11.90"), 1, False,
    "confirmed", Counter({"SKU-1": 2, "title:Engraving": 1, "title:Standard": 1}),
)  # fmt: skip


def aspects(truth: Expected, *orders: StoredOrder) -> list[str]:
    """Return what differs."""
    return [found.aspect for found in mismatches([truth], orders)]


def test_an_order_that_is_right_differs_in_nothing():
    assert aspects(TRUTH, ORDER) == []


@pytest.mark.parametrize(
    ("changes", "aspect"),
    [
        ({"total": Decimal("11.91")}, "money"),
        ({"tax": Decimal("1.89")}, "money"),
        ({"currency": "USD"}, "money"),
        ({"state": "draft"}, "state"),
        ({"quantities": Counter({"SKU-1": 1, "title:Engraving": 1})}, "goods"),
        ({"quantities": Counter({"SKU-1": 2})}, "goods"),
        ({"quantities": Counter({"SKU-1": 2, "title:Engraving": 1, "SKU-2": 1})}, "goods"),
    ],
)
def test_every_difference_is_told(changes, aspect):
    assert aspects(TRUTH, replace(ORDER, **changes)) == [aspect]


def test_missing_double_and_unknown_orders_are_told():
    assert aspects(TRUTH) == ["existence"]
    assert aspects(TRUTH, ORDER, ORDER) == ["existence"]
    assert aspects(TRUTH, ORDER, replace(ORDER, external_id="2")) == ["existence"]


def test_an_unpaid_order_is_held():
    pending = replace(TRUTH, payment_state="pending")
    assert aspects(pending, replace(ORDER, state="draft", held=True)) == []
    assert aspects(pending, ORDER) == ["state", "state"]


def test_a_cancelled_order_is_cancelled_or_was_never_made():
    cancelled = replace(TRUTH, outcome="cancelled")
    assert aspects(cancelled) == []
    assert aspects(cancelled, replace(ORDER, state="cancel")) == []
    assert aspects(cancelled, ORDER) == ["state"]


def test_a_test_order_is_not_imported():
    assert aspects(replace(TRUTH, test=True)) == []
    assert aspects(replace(TRUTH, test=True), ORDER) == ["existence"]
