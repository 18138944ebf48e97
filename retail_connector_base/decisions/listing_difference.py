"""What of a listing differs from what its channel acknowledged, field by field."""

from collections.abc import Collection, Mapping

from ..canonical.listing import Listing

# Fields that one side or the other owns, in the order in which people read them.
LISTING_FIELDS = (
    "title",
    "description_html",
    "state",
    "vendor",
    "product_type",
    "tags",
    "images",
)
VARIANT_FIELDS = ("sku", "barcode", "weight_grams")
OWNED_FIELDS = LISTING_FIELDS + VARIANT_FIELDS
# What of a variant is compared: the channel's ids and the prices have ways of their own.
COMPARED = (*VARIANT_FIELDS, "options", "tracked")

Content = dict[str, object]


def content_of(listing: Listing) -> Content:
    """Return what a listing tells, as JSON by field; a field that is not ours is left out."""
    dump = listing.model_dump(mode="json")
    told: Content = {name: dump[name] for name in LISTING_FIELDS if dump[name] is not None}
    if listing.images is not None:
        told["images"] = [image.digest for image in listing.images]
    told["variants"] = {
        variant["reference"]: {
            name: variant[name] for name in COMPARED if variant[name] is not None
        }
        for variant in dump["variants"]
    }
    return told


def differing(desired: Mapping[str, object], acknowledged: Mapping[str, object]) -> list[str]:
    """Return the fields of ``desired`` that ``acknowledged`` does not have in the same way.

    What is not desired is not ours, whatever was once acknowledged of it.
    """
    return [name for name in desired if _differs(name, desired[name], acknowledged.get(name))]


def _differs(name: str, desired: object, acknowledged: object) -> bool:
    if name != "variants" or not isinstance(desired, dict) or not isinstance(acknowledged, dict):
        return desired != acknowledged
    if desired.keys() != acknowledged.keys():
        return True
    return any(
        acknowledged[key].get(part, _NEVER) != value
        for key, variant in desired.items()
        for part, value in variant.items()
    )


_NEVER = object()


def kept(listing: Listing, owned: Collection[str]) -> Listing:
    """Return a listing without the fields that the channel owns."""
    variants = tuple(
        variant.model_copy(update={name: None for name in VARIANT_FIELDS if name not in owned})
        for variant in listing.variants
    )
    others = {name: None for name in LISTING_FIELDS if name not in owned}
    return listing.model_copy(update={**others, "variants": variants})


def acknowledged_of(content: Mapping[str, object], owned: Collection[str]) -> Content:
    """Return what of an acknowledged content stays known: what the channel owns may change there.

    A field that becomes ours again later differs then, and is told again.
    """
    known = {name: value for name, value in content.items() if name in owned or name == "variants"}
    variants = known.get("variants")
    if isinstance(variants, dict):
        known["variants"] = {
            key: {
                part: value
                for part, value in variant.items()
                if part in owned or part not in VARIANT_FIELDS
            }
            for key, variant in variants.items()
        }
    return known
