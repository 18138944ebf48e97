"""The catalogue and the stock of a seller."""

from decimal import Decimal
from typing import Any

from .state import Row, State

IN_STOCK = "IN_STOCK"


class Stocking(State):
    """What a seller does with items and counts."""

    def add_tax(self, name: str, percentage: str, inclusive: bool = False) -> str:
        """Make a tax; return its id."""
        data = {
            "name": name, "percentage": percentage, "enabled": True,
            "inclusion_type": "INCLUSIVE" if inclusive else "ADDITIVE",
            "calculation_phase": "TAX_SUBTOTAL_PHASE",
        }  # fmt: skip
        return self._add("TAX", "tax_data", data)["id"]

    def add_discount(self, name: str, percentage: str | None = None, amount: int = 0) -> str:
        """Make a discount of a percentage or an amount; return its id."""
        data: Row = {"name": name, "discount_type": "FIXED_PERCENTAGE", "percentage": percentage}
        if percentage is None:
            data = {"name": name, "discount_type": "FIXED_AMOUNT",
                    "amount_money": self.money(amount)}  # fmt: skip
        return self._add("DISCOUNT", "discount_data", data)["id"]

    def add_item(
        self, name: str, price: int, sku: str | None = None, upc: str | None = None,
        taxes: tuple[str, ...] = (), variations: tuple[str, ...] = ("Regular",),
    ) -> str:  # fmt: skip
        """Make an item; return the id of its (first) variation."""
        with self.lock:
            item = self._add("ITEM", "item_data", {"name": name, "product_type": "REGULAR"}, False)
            made = [
                self._add(
                    "ITEM_VARIATION", "item_variation_data",
                    {"item_id": item["id"], "name": each, "ordinal": at,
                     "pricing_type": "FIXED_PRICING", "price_money": self.money(price),
                     "track_inventory": True, "sellable": True, "stockable": True,
                     **({"sku": sku if not at else f"{sku}-{at}"} if sku else {}),
                     **({"upc": upc} if upc and not at else {})},
                    False,
                )
                for at, each in enumerate(variations)
            ]  # fmt: skip
            if taxes:
                item["item_data"]["tax_ids"] = list(taxes)
            self.tell_catalog()
            return made[0]["id"]

    def _add(self, kind: str, key: str, data: Row, tell: bool = True) -> Row:
        with self.lock:
            made = {
                "type": kind, "id": self.next_id(f"{kind[:4]}"), "updated_at": self.now(),
                "version": self.next_version(), "is_deleted": False,
                "present_at_all_locations": True, key: data,
            }  # fmt: skip
            self.catalog[made["id"]] = made
            if tell:
                self.tell_catalog()
            return made

    def next_version(self) -> int:
        """Return the next version of the catalogue: a number of milliseconds that only grows."""
        self._numbers["version"] += 1
        return int(self.clock().timestamp() * 1000) + self._numbers["version"]

    def touch(self, number: str, **data: Any) -> Row:
        """Have somebody change an object of the catalogue by hand."""
        with self.lock:
            row = self.catalog[number]
            key = next(name for name in row if name.endswith("_data"))
            row[key].update(data)
            row.update(updated_at=self.now(), version=self.next_version())
            self.tell_catalog()
            return row

    def delete(self, number: str) -> None:
        """Delete an object of the catalogue, an item with its variations."""
        with self.lock:
            gone = [number, *(row["id"] for row in self.variations_of(number))]
            for each in gone:
                self.catalog[each].update(
                    is_deleted=True, updated_at=self.now(), version=self.next_version()
                )
            self.tell_catalog()

    def variations_of(self, item: str) -> list[Row]:
        """Return the variations of an item."""
        return [
            row for row in self.catalog.values()
            if (row.get("item_variation_data") or {}).get("item_id") == item
        ]  # fmt: skip

    def shown(self, number: str) -> Row:
        """Return an object as the API shows it: an item holds its variations."""
        row = self.catalog[number]
        if row["type"] != "ITEM":
            return row
        rows = [one for one in self.variations_of(number) if not one["is_deleted"]]
        return {**row, "item_data": {**row["item_data"], "variations": rows}}

    def tell_catalog(self) -> None:
        """Tell that the catalogue changed."""
        moment = {"updated_at": self.now()}
        self.tell("catalog.version.updated", "catalog_version", self.next_id("cv-"), moment)

    # Stock

    def count(self, variation: str, location: str, quantity: int | str) -> None:
        """Have somebody count by hand."""
        with self.lock:
            self.set_count(variation, location, Decimal(quantity))
            self.tell_counts([(variation, location)])

    def set_count(self, variation: str, location: str, quantity: Decimal) -> None:
        """Change what can be sold."""
        self.counts[variation, location] = quantity
        self.counted_at[variation, location] = self.now()

    def shown_count(self, variation: str, location: str) -> Row:
        """Return a count as the API shows it."""
        return {
            "catalog_object_id": variation, "catalog_object_type": "ITEM_VARIATION",
            "state": IN_STOCK, "location_id": location,
            "quantity": format(self.counts[variation, location].normalize(), "f"),
            "calculated_at": self.counted_at[variation, location],
        }  # fmt: skip

    def tell_counts(self, keys: list[tuple[str, str]]) -> None:
        """Tell of counts that changed."""
        rows = [self.shown_count(*key) for key in dict.fromkeys(keys)]
        if rows:
            self.tell("inventory.count.updated", "inventory_counts", self.next_id("ic-"), rows)

    def move(self, location: str, moved: dict[str, Decimal]) -> None:
        """Change counts by sales and returns; what was never counted stays so."""
        keys = [
            (variation, location) for variation in moved if (variation, location) in self.counts
        ]
        for key in keys:
            self.set_count(*key, self.counts[key] + moved[key[0]])
        self.tell_counts(keys)
