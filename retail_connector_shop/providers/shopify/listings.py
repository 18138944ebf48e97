"""Publishes a product, or changes what differs of it.

Source: shopify.dev, ``productSet`` (2026-04): what is not given stays as it is, but lists (options
and variants, files) are replaced as a whole. Writing the same twice does no harm, so the attempt's
key is not needed.
"""

from typing import Any

from odoo.addons.retail_connector_base.canonical import Listing, ProductState
from odoo.addons.retail_connector_base.providers import (
    HttpClient,
    ListingAnswer,
    ListingChange,
    RejectedError,
    TransientError,
    VariantIds,
    Verdict,
)

from . import documents_listing as documents
from .client import ShopifyClient
from .gid import gid, number_of
from .images import files_input
from .listing_read import Listed, read_listed
from .listing_reference import (
    custom_id,
    define,
    find_by_reference,
    lacks_definition,
    metafield,
)
from .listing_variants import match, variants_input
from .online_store import show_in_online_store
from .user_errors import UserError, join, payload_of, user_errors

_MISSING = frozenset({"NOT_FOUND", "PRODUCT_DOES_NOT_EXIST"})
_PASSING = frozenset({"GENERIC_ERROR", "JOB_ERROR"})
_PLAIN = {
    "title": "title",
    "description_html": "descriptionHtml",
    "vendor": "vendor",
    "product_type": "productType",
}
_STATES = {
    ProductState.ACTIVE: "ACTIVE",
    ProductState.DRAFT: "DRAFT",
    ProductState.ARCHIVED: "ARCHIVED",
}


def write_listing(client: ShopifyClient, http: HttpClient, change: ListingChange) -> ListingAnswer:
    """Make a product look like its listing; answer with the ids that the shop gave."""
    listing = change.listing
    number = listing.external_id or find_by_reference(client, listing.reference)
    listed = read_listed(client, number) if number else None
    if listing.external_id and listed is None:
        return ListingAnswer(Verdict.MISSING, "The shop does not have the product any more.")
    try:
        content = _input(client, http, change, listed)
    except RejectedError as error:
        return ListingAnswer(Verdict.REJECTED, str(error))
    return _write(client, listing, content, listed)


def _write(
    client: ShopifyClient, listing: Listing, content: dict[str, Any], listed: Listed | None
) -> ListingAnswer:
    if content or listed is None:
        number, errors = _set(client, listing, content, listed)
        if errors:
            missing = listed is not None and {error.code for error in errors} & _MISSING
            return ListingAnswer(Verdict.MISSING if missing else Verdict.REJECTED, join(errors))
        listed = read_listed(client, number)
    if listed is None:
        raise TransientError("The shop does not show the product that it just wrote.")
    # Also after a lost answer: a product whose id we were not told yet may not be shown yet.
    is_new = listing.external_id is None and listing.state is ProductState.ACTIVE
    text = show_in_online_store(client, listed.id) if is_new else ""
    return ListingAnswer(Verdict.DONE, text, external_id=listed.id, variants=_ids(listing, listed))


def _set(
    client: ShopifyClient, listing: Listing, content: dict[str, Any], listed: Listed | None
) -> tuple[str, list[UserError]]:
    """Write a product; return its number, or what was refused."""
    if listed:
        variables = {"identifier": {"id": gid("Product", listed.id)}, "input": content}
    else:
        variables = {
            "identifier": {"customId": custom_id(listing.reference)},
            "input": {**content, "metafields": [metafield(listing.reference)]},
        }
    payload = _product_set(client, variables)
    errors = user_errors(payload)
    if listed is None and lacks_definition(join(errors)):
        define(client)
        payload = _product_set(client, variables)
        errors = user_errors(payload)
    if {error.code for error in errors} & _PASSING:
        raise TransientError(join(errors))
    if errors:
        return "", errors
    return number_of((payload.get("product") or {}).get("id")), []


def _product_set(client: ShopifyClient, variables: dict[str, Any]) -> dict[str, Any]:
    return payload_of(client.execute(documents.SET_PRODUCT, variables), "productSet")


def _input(
    client: ShopifyClient, http: HttpClient, change: ListingChange, listed: Listed | None
) -> dict[str, Any]:
    """Return what is to be written: all that is ours of a new product, else what differs."""
    listing = change.listing
    wanted = set(change.fields) if listed else set(type(listing).model_fields)
    content: dict[str, Any] = {
        theirs: getattr(listing, ours)
        for ours, theirs in _PLAIN.items()
        if ours in wanted and getattr(listing, ours) is not None
    }
    if "state" in wanted and listing.state in _STATES:
        content["status"] = _STATES[listing.state]
    if "tags" in wanted and listing.tags is not None:
        content["tags"] = list(listing.tags)
    if "variants" in wanted and listing.variants:
        known = listed.variants if listed else ()
        options, variants = variants_input(listing.variants, known, listing.removed)
        content |= {"productOptions": options, "variants": variants}
    if "images" in wanted and listing.images is not None:
        media = listed.media if listed else ()
        content["files"] = files_input(client, http, listing.images, media, change.image)
    return content


def _ids(listing: Listing, listed: Listed) -> tuple[VariantIds, ...]:
    return tuple(
        VariantIds(one.ours.reference, one.listed.id, one.listed.inventory_item)
        for one in match(listing.variants, listed.variants)
        if one.listed
    )
