"""The provider publishes products in the simulated shop, over HTTP."""

import hashlib
from dataclasses import replace
from decimal import Decimal

import pytest
from vendor_shop import provider

from odoo.addons.retail_connector_base.canonical import (
    Listing,
    ListingImage,
    ListingVariant,
    ProductOption,
    ProductState,
)
from odoo.addons.retail_connector_base.providers import (
    ListingChange,
    TransientError,
    UnknownOutcomeError,
    Verdict,
)

from simulator import Faults, ShopifySimulator

ALL = frozenset(Listing.model_fields)


class Pictures:
    """Pictures by digest, and how often each was asked for."""

    def __init__(self):
        self.content, self.asked = {}, []

    def add(self, name, content=None, alt=""):
        content = content or name.encode() * 50
        digest = hashlib.sha256(content).hexdigest()
        self.content[digest] = content
        return ListingImage(digest=digest, filename=name, alt=alt)

    def read(self, digest):
        self.asked.append(digest)
        return self.content[digest]


@pytest.fixture
def shop():
    with ShopifySimulator(seed=8) as simulator:
        yield simulator


@pytest.fixture
def pictures():
    return Pictures()


def variant(size, **values):
    values = {"sku": f"SHIRT-{size}", "price": Decimal("19.90"), **values}
    return ListingVariant(
        reference=f"odoo-variant-{size}",
        options=(ProductOption(name="Size", value=size),),
        **values,
    )


def shirt(**values):
    return Listing(
        **{
            "reference": "odoo-product-1",
            "title": "Shirt",
            "description_html": "<p>Soft</p>",
            "state": ProductState.ACTIVE,
            "vendor": "Mill",
            "product_type": "Shirts",
            "tags": ("new", "soft"),
            "variants": (
                variant("S"),
                variant("M", weight_grams=Decimal(250), barcode="4006381333931"),
            ),
            **values,
        }
    )


def publish(shop, listing, pictures, fields=ALL):
    change = ListingChange(listing, frozenset(fields), pictures.read)
    (answer,) = provider(shop).change_listings([change], "key")
    return answer


def product_of(shop, answer):
    return shop.shop.assortment.product(int(answer.external_id))


def bound(listing, answer):
    """Return a listing with the ids that the shop gave."""
    ids = {one.reference: one for one in answer.variants}
    variants = tuple(
        one.model_copy(update={"external_id": ids[one.reference].external_id})
        if one.reference in ids
        else one
        for one in listing.variants
    )
    return listing.model_copy(update={"external_id": answer.external_id, "variants": variants})


def test_a_new_product_is_made_with_all_it_has(shop, pictures):
    images = (pictures.add("front.png", alt="Front"), pictures.add("back.png"))
    answer = publish(shop, shirt(images=images), pictures)
    assert answer.verdict is Verdict.DONE, answer.text
    product = product_of(shop, answer)
    assert (product.title, product.status, product.vendor) == ("Shirt", "active", "Mill")
    assert set(product.tags) == {"new", "soft"}
    by_sku = {one.sku: one for one in product.variants}
    assert set(by_sku) == {"SHIRT-S", "SHIRT-M"}
    assert by_sku["SHIRT-M"].barcode == "4006381333931"
    assert (by_sku["SHIRT-M"].weight, by_sku["SHIRT-M"].weight_unit) == (250, "GRAMS")
    assert all(one.tracked and one.price == Decimal("19.90") for one in by_sku.values())
    assert len(product.media_ids) == 2
    assert all(shop.shop.uploads.media(one).status == "ready" for one in product.media_ids)
    for one in answer.variants:
        made = by_sku[f"SHIRT-{one.reference[-1]}"]
        assert one.external_id == str(made.id)
        assert one.inventory_item_external_id == str(made.inventory_item_id)
    assert len(answer.variants) == 2


def test_a_product_whose_answer_was_lost_is_found_again(shop, pictures):
    before = len(shop.shop.products)
    shop.faults = Faults(error_after_effect=1)
    with pytest.raises(UnknownOutcomeError):
        publish(shop, shirt(), pictures)
    shop.faults = Faults()
    first = publish(shop, shirt(), pictures)
    again = publish(shop, shirt(), pictures)
    assert first == again
    assert len(shop.shop.products) == before + 1


def test_only_what_differs_is_written(shop, pictures):
    first = publish(shop, shirt(), pictures)
    changed = bound(shirt(title="Better shirt", vendor="Other", state=ProductState.DRAFT), first)
    answer = publish(shop, changed, pictures, {"title", "state"})
    product = product_of(shop, answer)
    assert (product.title, product.status, product.vendor) == ("Better shirt", "draft", "Mill")
    assert answer.variants == first.variants
    arguments = list(shop.effects)[-1].arguments["input"]
    assert set(arguments) == {"title", "status"}


def test_what_is_not_ours_is_not_written(shop, pictures):
    first = publish(shop, shirt(), pictures)
    silent = bound(shirt(vendor=None, tags=None, description_html=None), first)
    assert publish(shop, silent, pictures).verdict is Verdict.DONE
    product = product_of(shop, first)
    assert (product.vendor, set(product.tags)) == ("Mill", {"new", "soft"})


def test_variants_come_and_prices_stay(shop, pictures):
    first = publish(shop, shirt(), pictures)
    more = (*shirt().variants, variant("L", price=Decimal(25)))
    dearer = tuple(one.model_copy(update={"price": Decimal(25)}) for one in more)
    answer = publish(shop, bound(shirt(variants=dearer), first), pictures, {"variants"})
    prices = {one.sku: one.price for one in product_of(shop, answer).variants}
    assert prices == {
        "SHIRT-S": Decimal("19.90"),
        "SHIRT-M": Decimal("19.90"),
        "SHIRT-L": Decimal(25),
    }
    assert len(answer.variants) == 3


def test_variants_of_others_are_kept(shop, pictures):
    first = publish(shop, shirt(), pictures)
    fewer = bound(shirt(variants=shirt().variants[:1]), first)
    answer = publish(shop, fewer, pictures, {"variants"})
    assert answer.verdict is Verdict.DONE
    assert [one.sku for one in product_of(shop, first).variants] == ["SHIRT-S", "SHIRT-M"]
    assert [one.reference for one in answer.variants] == ["odoo-variant-S"]


def test_other_options_than_those_of_others_are_refused(shop, pictures):
    first = publish(shop, shirt(), pictures)
    other = ListingVariant(reference="v", options=(ProductOption(name="Colour", value="Red"),))
    changed = bound(shirt(variants=(other,)), first)
    answer = publish(shop, changed, pictures, {"variants"})
    assert answer.verdict is Verdict.REJECTED
    assert "SHIRT-S" in answer.text
    assert len(product_of(shop, first).variants) == 2


def test_options_change_when_all_variants_are_ours(shop, pictures):
    first = publish(shop, shirt(), pictures)
    listing = bound(shirt(), first)
    renamed = tuple(
        one.model_copy(update={"options": (ProductOption(name="Fit", value=one.options[0].value),)})
        for one in listing.variants
    )
    answer = publish(shop, listing.model_copy(update={"variants": renamed}), pictures, {"variants"})
    assert answer.verdict is Verdict.DONE, answer.text
    assert [one.external_id for one in answer.variants] == [
        one.external_id for one in first.variants
    ]


def test_a_product_without_options_has_one_variant(shop, pictures):
    single = ListingVariant(reference="only", sku="ONLY", price=Decimal(5))
    answer = publish(shop, shirt(variants=(single,)), pictures)
    assert answer.verdict is Verdict.DONE, answer.text
    assert len(answer.variants) == 1
    again = publish(shop, bound(shirt(variants=(single,)), answer), pictures)
    assert again.variants == answer.variants


def test_unchanged_pictures_stay_and_new_ones_come(shop, pictures):
    front, back = pictures.add("front.png", alt="Front"), pictures.add("back.png")
    first = publish(shop, shirt(images=(front,)), pictures)
    media = product_of(shop, first).media_ids
    pictures.asked.clear()
    renamed = front.model_copy(update={"filename": "other name.png", "alt": "The front"})
    listing = bound(shirt(images=(back, renamed)), first)
    assert publish(shop, listing, pictures, {"images"}).verdict is Verdict.DONE
    assert pictures.asked == [back.digest]
    now = product_of(shop, first).media_ids
    assert len(now) == 2
    assert now[1] == media[0]
    assert shop.shop.uploads.media(now[1]).alt == "The front"


def test_a_picture_that_is_named_twice_is_shown_once(shop, pictures):
    front = pictures.add("front.png")
    answer = publish(shop, shirt(images=(front, front)), pictures)
    assert len(product_of(shop, answer).media_ids) == 1
    assert pictures.asked == [front.digest]


def test_pictures_in_work_are_waited_for(shop, pictures):
    front = pictures.add("front.png")
    first = publish(shop, shirt(images=(front,)), pictures)
    (number,) = product_of(shop, first).media_ids
    media = shop.shop.uploads.media(number)
    shop.shop.uploads.keep(replace(media, status="processing"))
    with pytest.raises(TransientError):
        publish(shop, bound(shirt(images=(front,)), first), pictures, {"images"})
    shop.shop.uploads.keep(media)
    publish(shop, bound(shirt(images=(front,)), first), pictures, {"images"})
    assert product_of(shop, first).media_ids == (number,)


def test_pictures_go_and_those_of_others_stay(shop, pictures):
    front = pictures.add("front.png")
    first = publish(shop, shirt(images=(front,)), pictures)
    foreign = shop.shop.uploads.make("https://elsewhere.example/photo.jpg", "Photo")
    product = product_of(shop, first)
    shop.shop.keep_product(replace(product, media_ids=(*product.media_ids, foreign.id)))
    publish(shop, bound(shirt(images=()), first), pictures, {"images"})
    assert product_of(shop, first).media_ids == (foreign.id,)


def test_a_product_that_is_gone_is_missing(shop, pictures):
    answer = publish(shop, shirt(external_id="999999999999"), pictures)
    assert answer.verdict is Verdict.MISSING


def test_a_refused_product_says_why(shop, pictures):
    answer = publish(shop, shirt(title=" "), pictures)
    assert answer.verdict is Verdict.REJECTED
    assert "Title" in answer.text


def test_a_new_product_is_shown_in_the_online_store(shop, pictures):
    answer = publish(shop, shirt(), pictures)
    assert (answer.verdict, answer.text) == (Verdict.DONE, "")
    assert product_of(shop, answer).publications == (1,)


def test_a_missing_scope_is_told_and_hinders_nothing(shop, pictures):
    shop.scopes = shop.scopes - {"write_publications", "read_publications"}
    answer = publish(shop, shirt(), pictures)
    assert answer.verdict is Verdict.DONE
    assert "scope" in answer.text
    assert product_of(shop, answer).publications == ()
