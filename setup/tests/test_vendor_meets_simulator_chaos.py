"""What is sent has its effect once, though answers are lost and customers buy meanwhile."""

import threading
import time
from random import Random

import pytest
from vendor_shop import available, key_of, provider

from odoo.addons.retail_connector_base.canonical import Fulfill, ShipmentLine, Tracking
from odoo.addons.retail_connector_base.providers import (
    ConnectorError,
    StockChange,
    TransientError,
    UnknownOutcomeError,
    Verdict,
)

from simulator import Faults, ShopifySimulator
from simulator.bucket import Bucket

ROUGH = Faults(
    rate_limited=0.1,
    retry_after=0,
    server_error=0.1,
    throttled=0.1,
    disconnect=0.1,
    token_expired=0.05,
    error_after_effect=0.3,
)
SEEDS = range(6)


def insist(call, times=1000):
    """Repeat a call until it is answered, as the queue does."""
    for _ in range(times):
        try:
            return call()
        except ConnectorError as error:
            last = error
    raise AssertionError("never answered") from last


@pytest.mark.parametrize("seed", SEEDS)
def test_no_attempt_sets_a_quantity_twice_and_no_sale_is_overwritten(seed):
    """A projection in small: expected quantities are what was acknowledged, nothing else."""
    bucket = Bucket(100_000)
    with ShopifySimulator(seed, ROUGH, bucket=bucket, locations=("Main", "Store")) as shop:
        random = Random(seed)
        keys = [key_of(shop, index) for index in range(5)]
        held = insist(lambda: provider(shop).read_stock(keys))
        for number in range(8):
            changes = [
                StockChange(key, random.randint(1, 90), held[key]) for key in keys if key in held
            ]
            name = f"{seed}-{number}"
            if random.random() < 0.5:
                shop.sell(shop.shop.goods[random.randrange(5)].sku)

            def attempt(changes=changes, name=name, random=random):
                if random.random() < 0.3:
                    shop.sell(shop.shop.goods[random.randrange(5)].sku)
                return provider(shop).change_stock(changes, name)

            for change, answer in zip(changes, insist(attempt), strict=True):
                assert answer.verdict in (Verdict.DONE, Verdict.STALE)
                done = answer.verdict is Verdict.DONE
                held[change.key] = change.quantity if done else answer.actual
        _assert_nothing_was_overwritten(shop)


def _assert_nothing_was_overwritten(shop):
    """Each effect in the shop's ledger found what it expected, and each key had one effect."""
    effects = [one for one in shop.effects if one.mutation == "inventorySetQuantities"]
    assert len({one.key for one in effects}) == len(effects)
    expected = {
        (one.sequence, entry["inventoryItemId"].rpartition("/")[2]): entry["changeFromQuantity"]
        for one in effects
        for entry in one.arguments["input"]["quantities"]
    }
    assert all(value is not None for value in expected.values())
    sets = [change for change in shop.stock.history if change.cause == "set"]
    assert sum(len(one.arguments["input"]["quantities"]) for one in effects) == len(sets)
    for change, (_key, value) in zip(sets, expected.items(), strict=True):
        assert change.before == value


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("tracked", [True, False])
def test_every_unit_is_fulfilled_once(seed, tracked):
    """An outbox in small: what is unknown is looked up before it is sent again."""
    with ShopifySimulator(seed=seed, locations=("Main", "Store")) as shop:
        history = _order_at_two_places(shop)
        line = history.current.lines[0]
        shop.faults = ROUGH
        known = []
        for number in range(3):
            command = Fulfill(
                order_external_id=str(history.id),
                reference=f"OUT/{number}",
                lines=(ShipmentLine(order_line_external_id=str(line.id), quantity=2),),
                trackings=(Tracking(number=f"1Z{number}"),) if tracked else (),
            )
            known += _deliver(shop, command, known)
        assert known == [str(parcel.id) for parcel in history.current.fulfilments]
        assert sum(parcel.quantity for parcel in history.current.fulfilments) == 6


def _order_at_two_places(shop):
    """Return an order of six units, of which three wait at another location."""
    item = shop.shop.goods[0]
    for place in shop.shop.places:
        level = shop.stock.connect(item.inventory_item_id, place.id)
        shop.stock.put(level, "available", 50, "manual")
    history = shop.sell(item.sku, 6)
    (waiting,) = history.current.fulfilment_orders
    shop.merchant.move(waiting.id, shop.shop.places[1].id, {waiting.parts[0].id: 3})
    return history


def _deliver(shop, command, known):
    """Send one command as the outbox does; return the ids of what it made."""
    in_doubt, asked = False, False
    for _ in range(200):
        try:
            if in_doubt:
                found = provider(shop).look_up(command, "key", known)
                in_doubt, asked = False, True
                if found is None:
                    continue
            else:
                found = provider(shop).send(command, "key", known if asked else None)
            return list(found.external_ids)
        except UnknownOutcomeError:
            in_doubt = True
        except ConnectorError:
            continue
    raise AssertionError("never delivered")


def test_the_same_attempt_at_the_same_time_has_one_effect():
    with ShopifySimulator(seed=1) as shop:
        key = key_of(shop)
        change = StockChange(key, 77, available(shop, key))
        shop.engine.mutation_seconds = 0.5
        answers = []
        first = threading.Thread(
            target=lambda: answers.extend(provider(shop).change_stock([change], "same"))
        )
        provider(shop).locations()
        first.start()
        time.sleep(0.2)
        with pytest.raises(TransientError):
            provider(shop).change_stock([change], "same")
        first.join()
        answers += provider(shop).change_stock([change], "same")
        assert [answer.verdict for answer in answers] == [Verdict.DONE] * 2
        assert len([one for one in shop.stock.history if one.cause == "set"]) == 1
