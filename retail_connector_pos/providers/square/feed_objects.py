"""The two objects of the catalogue that a product is: its item, and the variation that is sold.

Source: the schemas ``CatalogItem``, ``CatalogItemVariation``, ``ItemVariationLocationOverrides``.
An update replaces an object as a whole, so everything that was read goes back; what is not ours
stays.
"""

from copy import deepcopy

from odoo.addons.retail_connector_base.canonical.money import exponent
from odoo.addons.retail_connector_base.providers import FeedItem, Verdict

from .client import Row

FIXED = "FIXED_PRICING"


class Refusal(Exception):
    """Why a product is not told to Square."""

    verdict = Verdict.REJECTED


class Gone(Refusal):
    """Square does not have it any more."""

    verdict = Verdict.MISSING


class ProductDraft:
    """A product as it is at Square (``None``: it is not there yet), and as it shall be."""

    def __init__(
        self, reference: str, items: list[FeedItem], variation: Row | None, parent: Row | None
    ) -> None:
        self.reference = reference
        self._items = items
        self._before = (variation, parent)
        if variation is None and any(item.variant for item in items):
            raise Gone("Square does not have the variation any more.")
        if variation is None and not any(item.sku or item.barcodes for item in items):
            raise Refusal("It has neither SKU nor barcode: Square could not find it again.")
        if variation is not None and parent is None:
            raise Gone("Square does not have the item of the variation any more.")
        self.variation = deepcopy(variation) if variation else self._new_variation()
        self.item = deepcopy(parent) if parent else self._new_item()

    @property
    def is_new(self) -> bool:
        """Whether the product is not at Square yet."""
        return self._before[0] is None

    @property
    def differs(self) -> bool:
        """Whether anything has to be written. What is sold nowhere is not made."""
        if self.is_new:
            return any(item.active for item in self._items)
        return (self.variation, self.item) != self._before

    def objects(self) -> list[Row]:
        """Return what is to be written. The variation goes along inside a new item."""
        if self.is_new:
            data = {**self.item["item_data"], "variations": [self.variation]}
            return [{**self.item, "item_data": data}]
        before, parent = self._before
        changed = [(self.variation, before), (self._bare_item(), _bare(parent))]
        return [_writable(now) for now, then in changed if now != then]

    def apply(self, taxes: set[str]) -> None:
        """Make the objects what the items of all stores say."""
        newest = self._items[-1]
        data = self.variation["item_variation_data"]
        if newest.sku:
            data["sku"] = newest.sku
        if newest.barcodes:
            data["upc"] = newest.barcodes[0]
        goods = self.item["item_data"]
        if self.is_new or not _has_several(goods):
            goods["name"] = newest.title[:512]
        # A tax that somebody added there stays.
        goods["tax_ids"] = sorted({*(goods.get("tax_ids") or ()), *taxes})
        if not goods["tax_ids"]:
            del goods["tax_ids"]
        for item in self._items:
            self._place(item, data)

    def _place(self, item: FeedItem, data: Row) -> None:
        """Sell it at a store for its price, or not at all any more."""
        _present(self.variation, item.store, item.active)
        if item.active:
            _present(self.item, item.store, True)
            _override(data, item.store, _money(item))

    def _new_variation(self) -> Row:
        return {
            "type": "ITEM_VARIATION",
            "id": f"#variation-{self.reference}",
            "present_at_all_locations": False,
            "item_variation_data": {
                "item_id": f"#item-{self.reference}",
                "name": "Regular",
                # Where no store has a price of its own it is asked for at the register.
                "pricing_type": "VARIABLE_PRICING",
                "user_data": self.reference[:255],
                "track_inventory": True,
            },
        }

    def _new_item(self) -> Row:
        return {
            "type": "ITEM",
            "id": f"#item-{self.reference}",
            "present_at_all_locations": False,
            "item_data": {"product_type": "REGULAR"},
        }

    def _bare_item(self) -> Row:
        return _bare(self.item)


def _bare(item: Row | None) -> Row:
    """Return an item without its variations, which are written by themselves."""
    if item is None:
        return {}
    data = {key: value for key, value in item["item_data"].items() if key != "variations"}
    return {**item, "item_data": data}


_SERVERS = ("updated_at", "created_at", "is_deleted", "catalog_v1_ids")


def _writable(shown: Row) -> Row:
    """Return an object without what the server says itself; the version stays: it is compared."""
    kept = {key: value for key, value in shown.items() if key not in _SERVERS}
    data = kept.get("item_data")
    if isinstance(data, dict):
        kept["item_data"] = {k: v for k, v in data.items() if k != "description_plaintext"}
    return kept


def _has_several(goods: Row) -> bool:
    return len(goods.get("variations") or ()) > 1


def _present(shown: Row, store: str, here: bool) -> None:
    """Have an object at a store, or not, and leave the other stores as they are."""
    everywhere = shown.get("present_at_all_locations", True)
    key = "absent_at_location_ids" if everywhere else "present_at_location_ids"
    listed = list(shown.get(key) or ())
    wanted = here is not everywhere
    if wanted and store not in listed:
        listed.append(store)
    elif not wanted and store in listed:
        listed.remove(store)
    if listed or key in shown:
        shown[key] = listed


def _override(data: Row, store: str, price: Row) -> None:
    """Set the price at one store."""
    rows = [dict(row) for row in data.get("location_overrides") or ()]
    row = next((one for one in rows if one.get("location_id") == store), None)
    if row is None:
        row = {"location_id": store}
        rows.append(row)
    row |= {"price_money": price, "pricing_type": FIXED}
    data["location_overrides"] = rows


def _money(item: FeedItem) -> Row:
    """Return a price in the currency's minor unit. Raises ``Refusal`` for one that is finer."""
    number = item.price.scaleb(exponent(item.currency))
    if number != int(number) or number < 0:
        raise Refusal(f"{item.price} {item.currency} cannot be a price at Square.")
    return {"amount": int(number), "currency": item.currency}
