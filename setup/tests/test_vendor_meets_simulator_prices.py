"""The provider writes prices to the simulated shop, over HTTP."""

from dataclasses import replace
from decimal import Decimal

import pytest
from vendor_shop import provider

from odoo.addons.retail_connector_base.providers import (
    PriceChange,
    UnknownOutcomeError,
    Verdict,
)

from simulator import Faults, ShopifySimulator


@pytest.fixture(params=["EUR", "JPY"])
def shop(request):
    with ShopifySimulator(seed=6, currency=request.param) as simulator:
        yield simulator


def change(shop, index, price="1200", compare_at=None):
    variant = shop.shop.goods[index]
    return PriceChange(
        variant=str(variant.id),
        product=str(variant.product_id),
        price=Decimal(price),
        currency=shop.shop.currency,
        compare_at=compare_at and Decimal(compare_at),
    )


def variant_of(shop, change):
    return shop.shop.assortment.variant(int(change.variant))


def verdicts(answers):
    return [answer.verdict for answer in answers]


def test_prices_of_many_products_are_written(shop):
    changes = [change(shop, index, str(1000 + index), "2000") for index in range(12)]
    assert verdicts(provider(shop).change_prices(changes, "key")) == [Verdict.DONE] * 12
    for one in changes:
        assert variant_of(shop, one).price == one.price
        assert variant_of(shop, one).compare_at == one.compare_at


def test_a_former_compare_at_price_is_taken_away(shop):
    adapter = provider(shop)
    adapter.change_prices([change(shop, 0, "1000", "2000")], "key-1")
    adapter.change_prices([change(shop, 0, "1000")], "key-2")
    assert variant_of(shop, change(shop, 0)).compare_at is None


def test_each_item_has_its_own_answer(shop):
    good = change(shop, 0)
    changes = [
        replace(good, variant="999999999999"),
        good,
        replace(good, currency="USD"),
        replace(good, price=Decimal(-1)),
        replace(good, price=Decimal("10.005")),
        replace(change(shop, 1), product="999999999998"),
    ]
    answers = provider(shop).change_prices(changes, "key")
    assert verdicts(answers) == [
        Verdict.MISSING,
        Verdict.DONE,
        Verdict.REJECTED,
        Verdict.REJECTED,
        Verdict.REJECTED,
        Verdict.MISSING,
    ]
    assert f"{shop.shop.currency}, not in USD" in answers[2].text
    assert variant_of(shop, good).price == good.price


def test_prices_whose_answer_was_lost_can_be_sent_again(shop):
    shop.faults = Faults(error_after_effect=1)
    with pytest.raises(UnknownOutcomeError):
        provider(shop).change_prices([change(shop, 0)], "key")
    shop.faults = Faults()
    assert verdicts(provider(shop).change_prices([change(shop, 0)], "key")) == [Verdict.DONE]


def test_nothing_is_asked_for_nothing(shop):
    assert provider(shop).change_prices([], "key") == []
