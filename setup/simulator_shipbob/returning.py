"""Returns: announced or not, arrived, and dealt with."""

from collections.abc import Mapping, Sequence
from typing import Any

from .fulfilling import Fulfilling
from .problem import missing
from .state import Row

Action = tuple[str, str, int]  # what is done, why, with how many units


class Returning(Fulfilling):
    """What people at a fulfilment centre do with what comes back."""

    def new_return(
        self, reference: str | None, centre: str, items: Sequence[Mapping[str, Any]],
        shipment: int | None = None, tracking: str | None = None, kind: str = "Regular",
    ) -> Row:  # fmt: skip
        """Make a return of stock items (``id``, ``quantity``)."""
        now, number = self.now(), self.next_number("return")
        of = self.shipment(shipment) if shipment else None
        row: Row = {
            "id": number, "reference_id": reference, "status": "AwaitingArrival",
            "return_type": kind, "insert_date": now, "awaiting_arrival_date": now,
            "arrived_date": None, "processing_date": None, "completed_date": None,
            "cancelled_date": None, "tracking_number": tracking, "original_shipment_id": shipment,
            "shipment_tracking_number": (of or {}).get("tracking", {}).get("tracking_number")
            if of else None,
            "store_order_id": of["reference_id"] if of else None,
            "fulfillment_center": self.centre(centre), "customer_name": "Retail Connector",
            "channel": {"id": self.channel["id"], "name": self.channel["name"]},
            "invoice": {"amount": 0.0, "currency_code": "USD"}, "transactions": [],
            "status_history": [{"status": "AwaitingArrival", "timestamp": now}],
            "inventory": [self._returned(one) for one in items],
        }  # fmt: skip
        self.returns[number] = row
        self.tell("return.created", row)
        return row

    def _returned(self, wanted: Mapping[str, Any]) -> Row:
        item = self.inventory[int(wanted["id"])]
        return {
            "id": item["inventory_id"], "name": item["name"], "sku": item["sku"],
            "quantity": wanted["quantity"], "barcodes": [], "bundle_parent_sku": None,
            "lot_information": {"number": wanted.get("lot_number"), "expiration": None,
                                "minimumShelfLife": None},
            "action_requested": {"action": "Restock", "action_type": "Inventory Default",
                                 "instructions": None},
            "action_taken": [],
        }  # fmt: skip

    def return_to_sender(self, shipment: int) -> Row:
        """Have a parcel come back that could not be delivered: nobody announced it."""
        with self.lock:
            row, held = self.shipment(shipment), {}
            for product in row["products"]:
                for item in product["inventory_items"]:
                    held[item["id"]] = held.get(item["id"], 0) + item["quantity"]
            items = [{"id": number, "quantity": units} for number, units in held.items()]
            centre = str(row["location"]["id"])
            self.move(shipment, "Return to sender")
            return self.new_return(None, centre, items, shipment, kind="ReturnToSender")

    def returned(self, reference: str) -> Row:
        """Return the return of a reference."""
        for row in self.returns.values():
            if row["reference_id"] == reference:
                return row
        raise missing("Return", reference)

    def arrive_return(self, number: int) -> Row:
        """Take a return in."""
        with self.lock:
            return self._become(number, "Arrived", "arrived_date", "return.updated")

    def process_return(self, number: int, actions: Mapping[str, Sequence[Action]]) -> Row:
        """Deal with what came, by SKU; only what is restocked lies on the shelves again."""
        with self.lock:
            row = self.returns[number]
            centre = str(row["fulfillment_center"]["id"])
            for item in row["inventory"]:
                for action, reason, units in actions.get(item["sku"], ()):
                    item["action_taken"].append({
                        "action": action, "action_reason": reason, "quantity_processed": units,
                        "image_url": None,
                    })  # fmt: skip
                    if action == "Restock":
                        self.stow(item["sku"], centre, units)
            return self._become(number, "Completed", "completed_date", "return.completed")

    def cancel_return(self, number: int) -> Row:
        """Give a return up."""
        with self.lock:
            return self._become(number, "Cancelled", "cancelled_date", "return.updated")

    def _become(self, number: int, status: str, key: str, topic: str) -> Row:
        row, now = self.returns[number], self.now()
        row.update(status=status, **{key: now})
        row["status_history"].append({"status": status, "timestamp": now})
        self.tell(topic, row)
        return row
