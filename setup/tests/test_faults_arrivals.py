"""What arrives in bulk: every event is one of its own, and the seed decides which."""

import json
from random import Random
from types import SimpleNamespace

from fault_runs.arrivals import products, repeated
from fault_runs.shopfront import Shopfront, simulator_of
from simulator.delivery import sign


def shop(name: str) -> Shopfront:
    """Return a shop with some orders, connected to nothing."""
    front = Shopfront(simulator_of(name), SimpleNamespace(id=1))
    front.trade(5, ["annotated"])
    return front


def test_no_event_is_a_duplicate_and_every_order_is_told_of():
    found = repeated(shop("told"), 200, Random(1))
    assert len({(one.topic, one.event_id) for one in found}) == len(found) == 200
    assert len({json.loads(one.body)["id"] for one in found}) == 5


def test_a_seed_gives_the_same_events_in_the_same_order():
    def events(name: str, seed: int) -> list[str]:
        return [one.event_id for one in repeated(shop(name), 50, Random(seed))]

    assert events("told", 1) == events("told", 1)
    assert events("told", 1) != events("other", 1)


def test_products_have_versions_that_grow():
    front = shop("goods")
    found = list(products(front, 30, 4))
    bodies = [json.loads(one.body) for one in found]
    assert len({one.event_id for one in found}) == len(found) == 120
    for number in {body["id"] for body in bodies}:
        versions = [body["updated_at"] for body in bodies if body["id"] == number]
        assert len(versions) == 4
        assert versions == sorted(set(versions))


def test_what_arrives_is_signed_as_the_shop_signs():
    front = shop("signed")
    secret = front.simulator.app.client_secret
    for one in [*repeated(front, 5, Random(1)), *products(front, 2, 1)]:
        assert one.headers["X-Shopify-Hmac-Sha256"] == sign(one.body, secret)
