"""What people at a fulfilment centre do with shipments."""

from collections.abc import Mapping, Sequence
from typing import Any

from .ordering import Ordering
from .state import Row
from .stocking import OPEN

# Nothing can be changed from here on.
STARTED = ("Picked", "Packed", "Labeled")


class Fulfilling(Ordering):
    """Picking, packing, shipping, and all that goes otherwise."""

    def pick(self, number: int) -> Row:
        """Pick a shipment: it cannot be changed or cancelled any more."""
        return self._work(number, "Picked")

    def pack(self, number: int) -> Row:
        """Pack a shipment."""
        return self._work(number, "Packed")

    def label(self, number: int) -> Row:
        """Print the label; this is what ``order.shipped`` tells, though nothing has left."""
        with self.lock:
            shipment = self._work(number, "Labeled")
            self._track(shipment)
            self.tell("order.shipped", self.orders[shipment["order_id"]])
            return shipment

    def ship(self, number: int, cartons: Sequence[Mapping[str, int]] = ()) -> Row:
        """Let a shipment leave; ``cartons`` are units by SKU. No label before: it is told now."""
        with self.lock:
            shipment = self._open(number)
            told = shipment["tracking"]["tracking_number"] is not None
            self._track(shipment)
            self._take_off(shipment)
            if cartons:
                self._pack_into(shipment, cartons)
            self.change(shipment, "Completed", "Processing")
            shipment["actual_fulfillment_date"] = shipment["last_update_at"]
            shipment["estimated_fulfillment_date_status"] = "FulfilledOnTime"
            self._settle(shipment)
            self._follow(shipment, "PreTransit", "Label created")
            if not told:
                self.tell("order.shipped", self.orders[shipment["order_id"]])
            return shipment

    def move(self, number: int, status: str = "InTransit", words: str = "", place: str = "") -> Row:
        """Have the carrier scan a parcel."""
        with self.lock:
            shipment = self.shipment(number)
            self._follow(shipment, status, words or status, place)
            return shipment

    def deliver_parcel(self, number: int) -> Row:
        """Have the carrier hand a parcel over."""
        with self.lock:
            shipment = self.shipment(number)
            self._follow(shipment, "Delivered", "Delivered, front door")
            self.change(shipment, "Completed", "Delivered")
            shipment["delivery_date"] = shipment["last_update_at"]
            self.tell("order.shipment.delivered", shipment)
            return shipment

    # What goes otherwise

    def split(self, number: int, parts: Sequence[Mapping[str, int]]) -> list[Row]:
        """Send an open shipment as several; ``parts`` are units by SKU of all but the first."""
        with self.lock:
            shipment = self._open(number)
            order = self.orders[shipment["order_id"]]
            centre, made = str(shipment["location"]["id"]), []
            for part in parts:
                for sku, units in part.items():
                    self._lower(shipment, sku, units)
                made.append(self.new_shipment(order, centre, list(part.items())))
            order["shipments"] += made
            self._touched(shipment)
            return [shipment, *made]

    def short(self, number: int, sku: str, units: int) -> Row:
        """Leave units out that are not to be found: nothing of them will come."""
        with self.lock:
            shipment = self._open(number)
            self._lower(shipment, sku, units)
            self._touched(shipment)
            return shipment

    def add(self, number: int, sku: str, units: int) -> Row:
        """Put in what nobody ordered, or more of what was."""
        with self.lock:
            shipment = self._open(number)
            row = next((one for one in shipment["products"] if one["reference_id"] == sku), None)
            if row is None:
                shipment["products"].append(self.held(sku, units))
            else:
                for item in row["inventory_items"]:
                    item["quantity"] += units * self.parts_of(sku)[item["id"]]
            self._touched(shipment)
            return shipment

    def substitute(self, number: int, sku: str, other: str, units: int) -> Row:
        """Send something else instead."""
        self.short(number, sku, units)
        return self.add(number, other, units)

    def hold(self, number: int, detail: str = "InvalidAddress") -> Row:
        """Put a shipment on hold."""
        with self.lock:
            shipment = self._open(number)
            self.change(shipment, "OnHold", detail)
            self._settle(shipment)
            self.tell("order.shipment.on_hold", shipment)
            return shipment

    def resume(self, number: int) -> Row:
        """Let a held shipment go on."""
        with self.lock:
            shipment = self._open(number)
            self.change(shipment, "Processing")
            self._settle(shipment)
            return shipment

    def cancel(self, number: int) -> Row:
        """Cancel a shipment, whoever wants it, at any time before it leaves."""
        with self.lock:
            shipment = self._open(number)
            self.change(shipment, "Cancelled")
            self._settle(shipment)
            self.tell("order.shipment.cancelled", shipment)
            return shipment

    def is_started(self, shipment: Row) -> bool:
        """Tell whether somebody has begun with a shipment."""
        names = {detail["name"] for detail in shipment["status_details"]}
        return shipment["status"] not in OPEN or not names.isdisjoint(STARTED)

    # Details

    def _work(self, number: int, detail: str) -> Row:
        with self.lock:
            shipment = self._open(number)
            self.change(shipment, "Processing", detail)
            self._settle(shipment)
            return shipment

    def _open(self, number: int) -> Row:
        shipment = self.shipment(number)
        if shipment["status"] not in OPEN:
            raise ValueError(f"shipment {number} is {shipment['status']}")
        return shipment

    def _settle(self, shipment: Row) -> None:
        self.settle(self.orders[shipment["order_id"]])

    def _touched(self, shipment: Row) -> None:
        shipment["products"] = [
            product for product in shipment["products"]
            if any(item["quantity"] for item in product["inventory_items"])
        ]  # fmt: skip
        shipment["last_update_at"] = self.now()
        if not shipment["products"]:
            self.change(shipment, "Cancelled")
        self._settle(shipment)

    def _lower(self, shipment: Row, sku: str, units: int) -> None:
        row = next(one for one in shipment["products"] if one["reference_id"] == sku)
        for item in row["inventory_items"]:
            each = self.parts_of(sku)[item["id"]]
            if item["quantity"] < units * each:
                raise ValueError(f"the shipment holds fewer than {units} of {sku}")
            item["quantity"] -= units * each
            item["quantity_committed"] = item["quantity"]

    def _take_off(self, shipment: Row) -> None:
        """Take what a shipment holds off the shelves; it says from which lots."""
        centre = str(shipment["location"]["id"])
        for product in shipment["products"]:
            taken = []
            for item in product["inventory_items"]:
                for lot, units in self.take(item["id"], centre, item["quantity"]):
                    taken.append(self.item(item["id"], units, lot))
            product["inventory_items"] = taken

    def _pack_into(self, shipment: Row, cartons: Sequence[Mapping[str, int]]) -> None:
        made: list[Row] = []
        for carton in cartons:
            measures = {"depth_in": 4.0, "length_in": 8.0, "width_in": 6.0, "total_weight_oz": 20.5}
            products = [self.held(sku, units) for sku, units in carton.items()]
            made.append({
                "id": self.next_number("carton"), "barcode": self.next_code("LPN", 8),
                "type": "Box", "measurements": measures,
                "carton_details": [{"products": products}],
            })  # fmt: skip
        whole = {"depth_in": 40.0, "length_in": 40.0, "width_in": 40.0, "total_weight_oz": 400.0}
        shipment["parent_cartons"] = [{
            "barcode": None, "type": "Pallet", "measurements": whole, "cartons": made,
        }]  # fmt: skip

    def _track(self, shipment: Row) -> None:
        if shipment["tracking"]["tracking_number"] is None:
            code = self.next_code("9400", 16).upper()
            shipment["tracking"].update(
                carrier="USPS", carrier_service="Ground", tracking_number=code,
                tracking_url=f"https://tracking.example/{code}",
            )  # fmt: skip
            shipment["last_tracking_update_at"] = self.now()

    def _follow(self, shipment: Row, status: str, words: str, place: str = "") -> None:
        now, told = self.now(), shipment["tracking"]
        row: Row = self.trackings.setdefault(shipment["id"], {"history": []})
        entry: dict[str, Any] = {
            "status": status, "substatus": None, "message": words, "carrier_message": words,
            "location": place or None, "timestamp": now,
        }  # fmt: skip
        row["history"].insert(0, entry)
        row.update(
            shipment_id=shipment["id"],
            carrier=told["carrier"],
            service=told["carrier_service"],
            carrier_tracking_number=told["tracking_number"],
            status=status,
            substatus=None,
            tracking_id=f"trk_{shipment['id']}",
            eta=None,
            location=place or None,
            message=words,
            carrier_message=words,
            last_updated=now,
            public_tracking_url=told["tracking_url"],
        )
        shipment["last_tracking_update_at"] = now
