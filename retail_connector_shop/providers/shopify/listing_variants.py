"""Which variants a product shall have: ours, and those of others that are there already.

``productSet`` deletes the variants that it is not given. What we do not know is not ours to delete:
it is given back as it is, unless it is named as one that is not sold any more.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from odoo.addons.retail_connector_base.canonical import ListingVariant
from odoo.addons.retail_connector_base.providers import RejectedError

from .gid import gid
from .listing_read import ListedVariant

# What the API calls the option of a product that has none.
NO_OPTION = (("Title", "Default Title"),)


@dataclass(frozen=True)
class Matched:
    """A variant of ours, with the one in the shop that it is."""

    ours: ListingVariant
    listed: ListedVariant | None


def options_of(variant: ListingVariant) -> tuple[tuple[str, str], ...]:
    """Return a variant's options as pairs of name and value."""
    return tuple((option.name, option.value) for option in variant.options) or NO_OPTION


def match(ours: Sequence[ListingVariant], listed: Sequence[ListedVariant]) -> list[Matched]:
    """Return our variants with theirs: by id, else by option values, which are unique."""
    by_id = {variant.id: variant for variant in listed}
    found = {one.reference: by_id.pop(one.external_id or "", None) for one in ours}
    by_values = {variant.values: variant for variant in by_id.values()}
    for one in ours:
        if found[one.reference] is None:
            values = tuple(value for _name, value in options_of(one))
            found[one.reference] = by_values.pop(values, None)
    return [Matched(one, found[one.reference]) for one in ours]


def variants_input(
    ours: Sequence[ListingVariant],
    listed: Sequence[ListedVariant],
    removed: Collection[str] = (),
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return product options and variants as ``productSet`` takes them, without the ``removed``.

    Raises ``RejectedError`` when variants of others have other options than ours: both cannot stay.
    """
    matched = match(ours, listed)
    taken = {one.listed.id for one in matched if one.listed}
    others = [one for one in listed if one.id not in taken and one.id not in removed]
    names = _names(ours, others)
    rows = [(options_of(one.ours), _ours(one)) for one in matched]
    rows += [(other.options, {"id": gid("ProductVariant", other.id)}) for other in others]
    values: dict[str, dict[str, None]] = {name: {} for name in names}
    for options, _row in rows:
        for name, value in options:
            values[name][value] = None
    product_options = [
        {"name": name, "position": place, "values": [{"name": value} for value in found]}
        for place, (name, found) in enumerate(values.items(), start=1)
    ]
    variants = [
        {
            **row,
            "position": place,
            "optionValues": [{"optionName": name, "name": value} for name, value in options],
        }
        for place, (options, row) in enumerate(rows, start=1)
    ]
    return product_options, variants


def _names(ours: Sequence[ListingVariant], others: Sequence[ListedVariant]) -> tuple[str, ...]:
    sets = {tuple(name for name, _value in options_of(one)) for one in ours}
    foreign = {tuple(name for name, _value in one.options) for one in others}
    if len(sets) > 1:
        raise RejectedError("The variants do not all have the same options.")
    if foreign - sets:
        skus = ", ".join(sorted(one.sku or one.id for one in others))
        raise RejectedError(
            "The product has variants in the shop that are not known here, with other options:"
            f" {skus}. Adopt them or delete them in the shop."
        )
    return sets.pop()


def _ours(one: Matched) -> dict[str, Any]:
    """Return what is written of a variant. Prices only go out with a new one."""
    item: dict[str, Any] = {"tracked": one.ours.tracked}
    if one.ours.weight_grams is not None:
        weight = {"value": float(one.ours.weight_grams), "unit": "GRAMS"}
        item["measurement"] = {"weight": weight}
    row: dict[str, Any] = {"inventoryItem": item}
    if one.listed:
        row["id"] = gid("ProductVariant", one.listed.id)
    else:
        row |= _present(
            price=_money(one.ours.price), compareAtPrice=_money(one.ours.compare_at_price)
        )
    return row | _present(sku=one.ours.sku, barcode=one.ours.barcode)


def _money(amount: Any) -> str | None:
    return None if amount is None else format(amount, "f")


def _present(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
