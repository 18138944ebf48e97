"""Products, stock items and what lies on the shelves."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from .state import Row, State

OPEN = ("Processing", "Exception", "OnHold", "ImportReview", "LabeledCreated")


class Stocking(State):
    """What an account's goods are, and what warehouse people do with shelves."""

    def add_product(
        self, sku: str, on_hand: Mapping[str, int] | None = None, name: str = "",
        barcode: str = "", lot: str = "", expires: str = "",
    ) -> int:  # fmt: skip
        """Make a product of one stock item; return the stock item's number."""
        with self.lock:
            number, product = self.next_number("inventory"), self.next_number("product")
            variant, now = self.next_number("variant"), self.now()
            self.by_sku[sku] = number
            self.inventory[number] = {
                "inventory_id": number, "sku": sku, "name": name or sku, "barcode": barcode or None,
                "is_lot": bool(lot), "is_case": False, "user_id": 123,
                "variant": {"is_active": True, "is_bundle": False, "is_digital": False,
                            "hazmat": {"is_hazmat": False, "validated": True}},
                "dimensions": {"height": 1.0, "length": 1.0, "width": 1.0, "unit": "inch",
                               "is_locked": False, "validated": True},
                "weight": {"value": 12.0, "unit": "oz"},
            }  # fmt: skip
            self.products[product] = {
                "id": product, "name": name or sku, "type": "Regular", "user_id": 123,
                "created_on": now, "updated_on": now,
                "variants": [{
                    "id": variant, "name": name or sku, "sku": sku, "status": "Active",
                    "barcodes": [{"value": barcode, "sticker_url": None}] if barcode else [],
                    "inventory": {"inventory_id": number, "on_hand_qty": 0},
                    "is_digital": False, "created_on": now, "updated_on": now,
                    "weight": {"weight": 12, "unit": "oz"}, "channel_metadata": [],
                }],
            }  # fmt: skip
            for centre, units in (on_hand or {}).items():
                self.stow(sku, centre, units, lot, expires)
            return number

    def add_bundle(self, sku: str, parts: Mapping[str, int]) -> None:
        """Make a product that is sent as several stock items."""
        self.bundles[sku] = dict(parts)

    def stow(self, sku: str, centre: str, units: int, lot: str = "", expires: str = "") -> None:
        """Put units on a shelf."""
        with self.lock:
            number = self.by_sku[sku]
            self.shelf(number, centre)[lot] += units
            if lot and expires:
                self.expiry[number, lot] = expires

    def count(self, sku: str, centre: str, units: int, lot: str = "") -> int:
        """Have somebody count a shelf: what is there from now on; return the difference."""
        with self.lock:
            shelf = self.shelf(self.by_sku[sku], centre)
            difference = units - shelf[lot]
            shelf[lot] = units
            return difference

    def on_hand(self, sku: str, centre: str | None = None) -> int:
        """Return the units on the shelves of a centre, or of all."""
        places = [centre] if centre else list(self.centres)
        return sum(self.shelf(self.by_sku[sku], place).total() for place in places)

    def shelf(self, number: int, centre: str) -> Counter[str]:
        """Return what lies at a centre of a stock item, by lot."""
        return self.shelves.setdefault((number, centre), Counter())

    def committed(self, number: int, centre: str) -> int:
        """Return the units that shipments wait for."""
        return sum(
            item["quantity"]
            for shipment in self.all_shipments()
            if shipment["status"] in OPEN and str(shipment["location"]["id"]) == centre
            for product in shipment["products"] for item in product["inventory_items"]
            if item["id"] == number
        )  # fmt: skip

    def awaited(self, number: int, centre: str) -> int:
        """Return the units that are announced and not stowed."""
        return sum(
            max(row["expected_quantity"] - row["stowed_quantity"], 0)
            for receiving in self.receivings.values()
            if str(receiving["fulfillment_center"]["id"]) == centre
            and receiving["status"] not in ("Completed", "Cancelled")
            for row in receiving["inventory_quantities"] if row["inventory_id"] == number
        )  # fmt: skip

    def level(self, number: int, centre: str) -> Row:
        """Return the level of a stock item at a centre."""
        there, wanted = self.shelf(number, centre).total(), self.committed(number, centre)
        return {
            "location_id": int(centre), "name": self.centres[centre][0], "on_hand_quantity": there,
            "committed_quantity": min(wanted, there),
            "fulfillable_quantity": max(there - wanted, 0),
            "awaiting_quantity": self.awaited(number, centre), "internal_transfer_quantity": 0,
        }  # fmt: skip

    def all_shipments(self) -> list[Row]:
        """Return the shipments of all orders."""
        return [one for order in self.orders.values() for one in order["shipments"]]

    def take(self, number: int, centre: str, units: int) -> list[tuple[str, int]]:
        """Take units off a shelf, the oldest lots first; return them by lot."""
        shelf, taken = self.shelf(number, centre), []
        for lot in sorted(shelf, key=lambda lot: (self.expiry.get((number, lot), ""), lot)):
            part = min(shelf[lot], units)
            if part > 0:
                shelf[lot] -= part
                units -= part
                taken.append((lot, part))
        if units:
            sku = self.inventory[number]["sku"]
            raise ValueError(f"there are {units} units of {sku} too few at {centre}")
        return taken

    def parts_of(self, sku: str) -> dict[int, int]:
        """Return the stock items of one unit of a product."""
        if sku in self.bundles:
            return {self.by_sku[part]: units for part, units in self.bundles[sku].items()}
        return {self.by_sku[sku]: 1}

    def item(self, number: int, units: int, lot: str = "") -> Row:
        """Return units of a stock item as shipments hold it."""
        row: dict[str, Any] = {
            "id": number, "name": self.inventory[number]["name"], "quantity": units,
            "quantity_committed": units, "is_dangerous_goods": False, "lot": lot or None,
            "expiration_date": self.expiry.get((number, lot)), "serial_numbers": None,
        }  # fmt: skip
        return row
