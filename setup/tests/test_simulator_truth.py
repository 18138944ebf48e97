"""The truth that Odoo is compared with, and what depends on the seed."""

import json
import subprocess
import sys
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path

import pytest

from simulator import KINDS, Shop, expected
from simulator.rest import order_json

START = datetime(2026, 3, 1, tzinfo=timezone.utc)
SETUP = Path(__file__).resolve().parents[1]


def bodies(seed, **values):
    shop = Shop(seed, start=START, **values)
    shop.trade(60)
    return [json.dumps(order_json(event.order, shop.settings)) for event in shop.events()]


def test_the_same_seed_makes_the_same_shop():
    assert bodies(1) == bodies(1)
    assert bodies(1) != bodies(2)


def test_trading_in_parts_is_trading_at_once():
    shop = Shop(1, start=START)
    shop.trade(25)
    shop.trade(35)
    parts = [json.dumps(order_json(event.order, shop.settings)) for event in shop.events()]
    assert parts == bodies(1)


def test_every_kind_comes_once_before_chance_decides():
    kinds = [history.kind for history in Shop(1, start=START).trade(len(KINDS))]
    assert sorted(kinds) == sorted(KINDS)


def test_returning_customers_buy_again():
    shop = Shop(1, start=START)
    shop.trade(20, ["plain", "returning_customer"])
    ids = [history.current.customer.id for history in shop.orders]
    assert len(set(ids)) < len(ids)


@pytest.mark.parametrize("currency", ["EUR", "USD", "JPY", "BHD"])
def test_truth_agrees_with_what_was_sent(currency):
    shop = Shop(9, currency=currency, start=START)
    for history in shop.trade(len(KINDS) * 2):
        truth, sent = expected(history), order_json(history.current, shop.settings)
        assert truth.total == Decimal(sent["current_total_price"])
        assert truth.tax == Decimal(sent["current_total_tax"])
        assert truth.untaxed + truth.tax == truth.total
        assert truth.currency == sent["currency"] == currency
        assert truth.payment_state == sent["financial_status"]
        shown = expected(history, presentment=True)
        money = sent["current_total_price_set"]["presentment_money"]
        assert (shown.total, shown.currency) == (Decimal(money["amount"]), money["currency_code"])


@pytest.mark.parametrize(
    ("kind", "outcome", "error"),
    [
        ("plain", "import", None),
        ("unknown_sku", "exception", "mapping"),
        ("unmapped_tax", "exception", "mapping"),
        ("wrong_tax", "exception", "finance"),
        ("cancelled", "cancelled", None),
        ("test_order", "import", None),
    ],
)
def test_truth_says_what_should_become_of_an_order(kind, outcome, error):
    truth = expected(Shop(1, start=START).place(kind))
    assert (truth.outcome, truth.error) == (outcome, error)
    assert truth.test == (kind == "test_order")


def test_truth_counts_what_is_still_wanted():
    shop = Shop(1, start=START)
    history = shop.place("unit_removed")
    before = sum(line.quantity for line in history.states[0].order.lines)
    assert sum(expected(history).quantities.values()) == before - 1
    assert expected(shop.place("cancelled")).quantities == {}
    twice = expected(shop.place("buy_x_get_y"))
    assert list(twice.quantities.values()) == [3]


def test_known_variants_can_be_told_from_unknown_ones():
    shop = Shop(1, variants=50, start=START)
    assert len(shop.goods) == 50
    assert [variant.sku for variant in shop.variants if not variant.known] == ["MYSTERY-1"]
    assert len({variant.barcode for variant in shop.goods}) == 50


def test_it_runs_by_itself(tmp_path):
    truth = tmp_path / "truth.json"
    command = [sys.executable, "-m", "simulator", "--orders", "3", "--expected", str(truth)]
    run = subprocess.run(command, cwd=SETUP, capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(run.stdout.splitlines()[0])["base_url"].startswith("http://127.0.0.1:")
    assert len(json.loads(truth.read_text())) == 3


def test_nothing_of_odoo_is_imported():
    code = (
        "import sys, simulator; sys.exit(any(name.split('.')[0] == 'odoo' for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=SETUP, check=False).returncode == 0
