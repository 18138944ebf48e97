"""Whether a channel can take a product as it is: what is missing is said before it is sent."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

from ..canonical.listing import Listing, ListingVariant


@dataclass(frozen=True)
class ListingRules:
    """What a channel takes. ``title_length`` is in characters."""

    options: int = 3
    variants: int = 2048
    title_length: int = 255
    needs_sku: bool = True


@dataclass(frozen=True)
class ListingProblem:
    """Why a product cannot be published: a code, and what or how many it is about."""

    code: str
    about: str = ""


def problems_of(
    listing: Listing, rules: ListingRules, taken_skus: Collection[str] = ()
) -> list[ListingProblem]:
    """Return what speaks against a listing. Ask it of one with all of its fields.

    ``taken_skus`` are those that other products of the channel have. A variant that the channel
    knows already needs no price: prices have a flow of their own.
    """
    return [
        *_of_title(listing, rules),
        *_of_options(listing, rules),
        *_of_variants(listing, rules, set(taken_skus)),
    ]


def _of_title(listing: Listing, rules: ListingRules) -> Iterator[ListingProblem]:
    if listing.title is None:
        return
    if not listing.title.strip():
        yield ListingProblem("no_title")
    elif len(listing.title) > rules.title_length:
        yield ListingProblem("long_title", str(rules.title_length))


def _of_options(listing: Listing, rules: ListingRules) -> Iterator[ListingProblem]:
    names = {_names(variant) for variant in listing.variants}
    if len(names) > 1:
        yield ListingProblem("uneven_options")
    for one in names:
        if len(one) > rules.options:
            yield ListingProblem("many_options", str(rules.options))
        for name, times in Counter(one).items():
            if times > 1:
                yield ListingProblem("same_option", name)


def _names(variant: ListingVariant) -> tuple[str, ...]:
    return tuple(option.name.casefold() for option in variant.options)


def _of_variants(
    listing: Listing, rules: ListingRules, taken: set[str]
) -> Iterator[ListingProblem]:
    if not listing.variants:
        yield ListingProblem("no_variants")
    if len(listing.variants) > rules.variants:
        yield ListingProblem("many_variants", str(rules.variants))
    skus = Counter((variant.sku or "").strip() for variant in listing.variants)
    if rules.needs_sku and skus[""]:
        yield ListingProblem("no_sku", str(skus[""]))
    for sku, times in sorted(skus.items()):
        if sku and times > 1:
            yield ListingProblem("same_sku", sku)
        elif sku in taken:
            yield ListingProblem("taken_sku", sku)
    unpriced = sum(not v.external_id and _price(v) <= 0 for v in listing.variants)
    if unpriced:
        yield ListingProblem("no_price", str(unpriced))


def _price(variant: ListingVariant) -> Decimal:
    return variant.price if variant.price is not None else Decimal(0)
