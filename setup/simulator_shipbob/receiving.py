"""Warehouse receiving orders: announced, arrived, counted, stowed."""

from collections.abc import Mapping
from typing import Any

from .problem import missing
from .returning import Returning
from .state import Row


class Receiving(Returning):
    """What people at a fulfilment centre do with suppliers' deliveries."""

    def new_receiving(self, body: Mapping[str, Any]) -> Row:
        """Make a WRO of a request."""
        now, number = self.now(), self.next_number("receiving")
        centre = str(body["fulfillment_center"]["id"])
        self.boxes[number] = [
            self._box(box, index) for index, box in enumerate(body["boxes"] or (), 1)
        ]
        row: Row = {
            "id": number, "status": "Awaiting", "insert_date": now, "last_updated_date": now,
            "expected_arrival_date": body["expected_arrival_date"],
            "package_type": body["package_type"], "box_packaging_type": body["box_packaging_type"],
            "purchase_order_number": body.get("purchase_order_number"),
            "box_labels_uri": f"/2026-01/receiving/{number}/labels",
            "external_sync_timestamp": None,
            "fulfillment_center": self._centre_at_length(centre),
            "inventory_quantities": [], "status_history": [],
        }  # fmt: skip
        self.receivings[number] = row
        for box in self.boxes[number]:
            for item in box["box_items"]:
                self._quantity(row, item["inventory_id"])["expected_quantity"] += item["quantity"]
        self._note(row, "Awaiting")
        return row

    def _box(self, box: Mapping[str, Any], index: int) -> Row:
        return {
            "box_id": self.next_number("box"), "box_number": index, "box_status": "Awaiting",
            "tracking_number": box["tracking_number"], "arrived_date": None,
            "counting_started_date": None, "received_date": None,
            "box_items": [
                {"inventory_id": one["inventory_id"], "quantity": one["quantity"],
                 "lot_number": one.get("lot_number"), "lot_date": one.get("lot_date"),
                 "received_quantity": 0, "stowed_quantity": 0}
                for one in box["box_items"] or ()
            ],
        }  # fmt: skip

    def _centre_at_length(self, number: str) -> Row:
        name, zone = self.centres[number]
        return {
            "id": int(number), "name": name, "timezone": zone, "address1": "1 Warehouse Way",
            "address2": None, "city": name.partition(" (")[0], "state": "CA", "country": "US",
            "zip_code": "92555", "phone_number": "8444744726", "email": "support@example.com",
        }  # fmt: skip

    def _quantity(self, row: Row, number: int) -> Row:
        for one in row["inventory_quantities"]:
            if one["inventory_id"] == number:
                return one
        made = {
            "inventory_id": number, "sku": self.inventory[number]["sku"], "expected_quantity": 0,
            "received_quantity": 0, "stowed_quantity": 0,
        }  # fmt: skip
        row["inventory_quantities"].append(made)
        return made

    def received(self, reference: str) -> Row:
        """Return the WRO of a purchase order number."""
        for row in self.receivings.values():
            if row["purchase_order_number"] == reference:
                return row
        raise missing("Receiving order", reference)

    def arrive(self, number: int) -> Row:
        """Have the boxes of a WRO come in."""
        with self.lock:
            row = self.receivings[number]
            for box in self.boxes[number]:
                box.update(box_status="Arrived", arrived_date=self.now())
            return self._note(row, "Arrived")

    def receive(
        self, number: int, units: Mapping[str, int], lot: str = "", expires: str = ""
    ) -> Row:
        """Count and stow units by SKU, also of what nobody announced."""
        with self.lock:
            row = self.receivings[number]
            centre = str(row["fulfillment_center"]["id"])
            box = self.boxes[number][0]
            for sku, count in units.items():
                item = self.by_sku[sku]
                quantity = self._quantity(row, item)
                quantity["received_quantity"] += count
                quantity["stowed_quantity"] += count
                self._into(box, item, count, lot, expires)
                self.stow(sku, centre, count, lot, expires)
            box["box_status"] = "Stowing"
            return self._note(row, "Processing")

    def _into(self, box: Row, item: int, count: int, lot: str, expires: str) -> None:
        for row in box["box_items"]:
            if row["inventory_id"] == item and (row["lot_number"] or "") == lot:
                break
        else:
            row = {"inventory_id": item, "quantity": 0, "lot_number": lot or None,
                   "lot_date": expires or None, "received_quantity": 0,
                   "stowed_quantity": 0}  # fmt: skip
            box["box_items"].append(row)
        row["received_quantity"] += count
        row["stowed_quantity"] += count

    def complete(self, number: int) -> Row:
        """Close a WRO: nothing more comes of it."""
        with self.lock:
            for box in self.boxes[number]:
                box.update(box_status="Completed", received_date=self.now())
            return self._note(self.receivings[number], "Completed")

    def cancel_receiving(self, number: int) -> Row:
        """Give a WRO up."""
        with self.lock:
            for box in self.boxes[number]:
                box["box_status"] = "Cancelled"
            return self._note(self.receivings[number], "Cancelled")

    def _note(self, row: Row, status: str) -> Row:
        now = self.now()
        if row["status"] != status or not row["status_history"]:
            row["status_history"].append(
                {"id": len(row["status_history"]) + 1, "status": status, "timestamp": now}
            )
        row.update(status=status, last_updated_date=now)
        return row
