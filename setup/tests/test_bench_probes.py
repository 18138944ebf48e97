"""What the probes of setup/bench rely on: overrides that can be switched off, and cheap orders."""

import json
from types import SimpleNamespace

import pytest

from benchmarks.cheap import ignored_orders
from benchmarks.overhead import _row
from benchmarks.probes import hooks
from simulator import AppSettings, sign


class Upstream:
    """Stands for a model as Odoo defines it."""

    def write(self):
        return ["upstream"]

    def read(self):
        return "read"


class Ours(Upstream):
    """Stands for our layer of that model: one override, one method of our own."""

    __module__ = hooks.OURS + "base.models.thing"

    def write(self):
        return [*super().write(), "ours"]

    def _helper(self):
        return "helper"


class Above(Ours):
    """Stands for another addon's layer above ours."""

    def write(self):
        return [*super().write(), "above"]


def registry(*models):
    return SimpleNamespace(models={str(number): model for number, model in enumerate(models)})


@pytest.fixture
def thing(monkeypatch):
    monkeypatch.setattr(Above, "_original_module", "stock", raising=False)
    return Above


def test_what_hides_a_method_of_odoo_is_found(thing):
    assert hooks.hooks(registry(thing)) == [(Ours, "write", Ours.write)]


def test_models_of_our_own_have_no_hooks(thing, monkeypatch):
    monkeypatch.setattr(thing, "_original_module", "retail_connector_base")
    assert hooks.hooks(registry(thing)) == []


def test_switched_off_hooks_are_passed_by_and_come_back(thing):
    found = hooks.hooks(registry(thing, thing))
    with hooks.switched_off(found):
        assert thing().write() == ["upstream", "above"]
        assert thing()._helper() == "helper"
    assert thing().write() == ["upstream", "ours", "above"]


def test_hooks_come_back_after_a_failure(thing):
    with pytest.raises(RuntimeError), hooks.switched_off(hooks.hooks(registry(thing))):
        raise RuntimeError
    assert thing().write() == ["upstream", "ours", "above"]


def test_ignored_orders_are_signed_and_differ_in_their_number_only():
    shop = SimpleNamespace(domain="demo-shop.myshopify.com", currency="EUR")
    stage = SimpleNamespace(simulator=SimpleNamespace(shop=shop, app=AppSettings()))
    found = list(ignored_orders(stage, 3, 100))
    orders = [json.loads(one.body) for one in found]
    assert [order.pop("id") for order in orders] == [100, 101, 102]
    assert all(order["test"] for order in orders)
    assert len({order["line_items"][0]["id"] for order in orders}) == 1
    assert len({one.event_id for one in found}) == 3
    signatures = [one.headers["X-Shopify-Hmac-Sha256"] for one in found]
    assert signatures == [sign(one.body, AppSettings.client_secret) for one in found]


def test_overhead_is_the_ratio_of_the_medians():
    seconds = {"moves_on": [2.0, 3.0, 9.0], "moves_off": [2.0, 2.0, 1.0]}
    found = {**seconds, "moves_on_cpu": [1.0] * 3, "moves_off_cpu": [1.0] * 3}
    row = _row("moves", found)
    assert (row.name, row.value, row.baseline, row.ratio) == ("overhead_moves", 3.0, 2.0, 1.5)
