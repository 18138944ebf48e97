"""The provider writes stock to the simulated shop, over HTTP, with all that can go wrong."""

import uuid
from dataclasses import replace
from datetime import datetime, timezone

import pytest
from vendor_shop import available, key_of, provider

from odoo.addons.retail_connector_base.providers import (
    AuthenticationError,
    RateLimitedError,
    RawRequest,
    StockChange,
    StockKey,
    StoredMessage,
    TransientError,
    UnknownOutcomeError,
    Verdict,
)

from simulator import Envelope, Faults, ShopifySimulator
from simulator.levels import level_deliveries


@pytest.fixture
def shop():
    with ShopifySimulator(seed=3, locations=("Main", "Store")) as simulator:
        yield simulator


def new_key() -> str:
    return uuid.uuid4().hex


def change(shop, index, quantity, expected=None, place=0):
    return StockChange(key_of(shop, index, place), quantity, expected)


def verdicts(answers):
    return [answer.verdict for answer in answers]


def test_locations_are_listed(shop):
    found = provider(shop).locations()
    assert [(one.external_id, one.name, one.active) for one in found] == [
        (str(place.id), place.name, True) for place in shop.shop.places
    ]


def test_stock_is_read_where_it_is_stocked(shop):
    keys = [key_of(shop, index) for index in range(5)]
    absent = [key_of(shop, 0, place=1), StockKey("999999999999", keys[0].location)]
    found = provider(shop).read_stock(keys + absent)
    assert found == {key: available(shop, key) for key in keys}


def test_expected_quantities_are_changed(shop):
    changes = [
        change(shop, index, 40 + index, available(shop, key_of(shop, index))) for index in range(6)
    ]
    assert verdicts(provider(shop).change_stock(changes, new_key())) == [Verdict.DONE] * 6
    assert [available(shop, one.key) for one in changes] == [one.quantity for one in changes]


def test_what_was_never_read_is_read_first(shop):
    changes = [change(shop, index, 7) for index in range(3)]
    assert verdicts(provider(shop).change_stock(changes, new_key())) == [Verdict.DONE] * 3
    assert [available(shop, one.key) for one in changes] == [7, 7, 7]


def test_a_sale_in_between_is_never_overwritten(shop):
    before = available(shop, key_of(shop))
    changes = [change(shop, index, 50, available(shop, key_of(shop, index))) for index in range(3)]
    shop.sell(shop.shop.goods[0].sku)
    answers = provider(shop).change_stock(changes, new_key())
    assert verdicts(answers) == [Verdict.STALE, Verdict.DONE, Verdict.DONE]
    assert answers[0].actual == before - 1 == available(shop, changes[0].key)
    assert available(shop, changes[1].key) == 50


def test_one_bad_item_does_not_hold_up_the_others(shop):
    good = change(shop, 0, 11, available(shop, key_of(shop)))
    gone = replace(good, key=StockKey("999999999999", good.key.location))
    nowhere = replace(good, key=StockKey(good.key.item, "1"))
    negative_free = change(shop, 1, 2_000_000_000, available(shop, key_of(shop, 1)))
    answers = provider(shop).change_stock([gone, good, nowhere, negative_free], new_key())
    assert verdicts(answers) == [
        Verdict.MISSING,
        Verdict.DONE,
        Verdict.REJECTED,
        Verdict.REJECTED,
    ]
    assert all(answer.text for answer in answers if answer.verdict is not Verdict.DONE)
    assert available(shop, good.key) == 11


@pytest.mark.parametrize("expected", [None, 0])
def test_items_are_activated_at_a_new_location(shop, expected):
    changes = [change(shop, index, 5 + index, expected, place=1) for index in range(2)]
    changes.append(change(shop, 0, 3, available(shop, key_of(shop))))
    adapter, key = provider(shop), new_key()
    assert verdicts(adapter.change_stock(changes, key)) == [Verdict.DONE] * 3
    assert verdicts(adapter.change_stock(changes, key)) == [Verdict.DONE] * 3
    assert [available(shop, one.key) for one in changes] == [5, 6, 3]


def test_an_unknown_item_is_missing_also_when_it_was_never_read(shop):
    unknown = StockChange(StockKey("999999999999", key_of(shop).location), 1, None)
    assert verdicts(provider(shop).change_stock([unknown], new_key())) == [Verdict.MISSING]


@pytest.mark.parametrize("fault", ["accepted_then_failed", "error_after_effect"])
def test_the_same_attempt_sent_again_tells_what_became_of_it(shop, fault):
    """An answer is lost, a customer buys, the attempt is repeated: nothing is overwritten."""
    adapter, key = provider(shop, read_timeout=1), new_key()
    changes = [change(shop, index, 30, available(shop, key_of(shop, index))) for index in range(3)]
    shop.sell(shop.shop.goods[2].sku)
    adapter.locations()
    shop.faults = Faults(**{fault: 1}, hang_seconds=2)
    with pytest.raises(UnknownOutcomeError):
        adapter.change_stock(changes[:2], key)
    shop.faults = Faults()
    shop.sell(shop.shop.goods[0].sku)
    assert verdicts(provider(shop).change_stock(changes[:2], key)) == [Verdict.DONE] * 2
    assert [available(shop, one.key) for one in changes[:2]] == [29, 30]


def test_the_rest_of_an_attempt_is_repeated_as_it_was(shop):
    """A refused item, then a lost answer for the rest: the repetition finds both as they were."""
    adapter, key = provider(shop, read_timeout=1), new_key()
    changes = [change(shop, index, 30, available(shop, key_of(shop, index))) for index in range(3)]
    shop.sell(shop.shop.goods[0].sku)
    first = adapter.change_stock(changes, key)
    shop.sell(shop.shop.goods[1].sku)
    again = adapter.change_stock(changes, key)
    assert verdicts(first) == verdicts(again) == [Verdict.STALE, Verdict.DONE, Verdict.DONE]
    assert available(shop, changes[1].key) == 29


def test_more_items_than_one_page_are_read(shop):
    keys = [key_of(shop, index % 30) for index in range(30)]
    unknown = [StockKey(str(10**11 + number), keys[0].location) for number in range(300)]
    assert len(provider(shop).read_stock(unknown + keys)) == len(set(keys))


def test_a_throttled_shop_is_asked_later(shop):
    adapter = provider(shop)
    shop.faults = Faults(throttled=1)
    with pytest.raises(RateLimitedError) as caught:
        adapter.read_stock([key_of(shop)])
    assert caught.value.retry_after


def test_an_expired_token_is_renewed(shop):
    adapter = provider(shop)
    assert adapter.read_stock([key_of(shop)])
    for token in list(shop.tokens._expiry):
        assert shop.tokens.expire(token)
    changes = [change(shop, 0, 21, available(shop, key_of(shop)))]
    assert verdicts(adapter.change_stock(changes, new_key())) == [Verdict.DONE]


def test_a_missing_scope_is_said(shop):
    shop.scopes = {"read_products", "read_orders", "read_customers", "read_inventory"}
    with pytest.raises(AuthenticationError):
        provider(shop).change_stock([change(shop, 0, 1, 2)], new_key())
    warnings = provider(shop).test_connection().warnings
    assert any("write_inventory" in text for text in warnings)


def test_an_unreachable_shop_is_transient(shop):
    adapter = provider(shop)
    shop.pause()
    with pytest.raises(TransientError):
        adapter.change_stock([change(shop, 0, 1, 2)], new_key())


def test_what_a_merchant_writes_is_told_and_read(shop):
    since = shop.stock.history[-1].sequence
    shop.merchant.set_available(shop.shop.goods[0].sku, 77)
    changes = [change for change in shop.stock.history if change.sequence > since]
    envelope = Envelope(shop.shop.domain, shop.app.client_secret)
    (delivery,) = level_deliveries(shop.shop, envelope, changes)
    request = RawRequest(
        delivery.body,
        {name.lower(): value for name, value in delivery.headers.items()},
        datetime.now(timezone.utc),
    )
    (message,) = provider(shop).verify(request).messages
    level = provider(shop).parse(
        StoredMessage(message.topic, message.kind, message.body, message.headers)
    )
    key = key_of(shop)
    assert message.entity_key == level.entity_key == f"stock_level:{key.item}:{key.location}"
    assert (level.available, level.connected) == (77, True)


def test_nobody_who_did_not_subscribe_is_told_of_stock(shop):
    shop.merchant.set_available(shop.shop.goods[0].sku, 3)
    assert not shop.tell_levels().answers
