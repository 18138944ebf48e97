"""Orders as they are taken: one shipment at first, held where something is missing."""

from collections.abc import Mapping, Sequence
from typing import Any

from .problem import missing
from .state import Row
from .stocking import OPEN, Stocking

DETAILS = {
    "Picked": (100, "Picking Completed"),
    "Packed": (101, "Packing Completed"),
    "Labeled": (102, "Label Generated"),
    "Processing": (200, "Waiting For Carrier Pickup"),
    "InTransit": (201, "Shipment In Transit"),
    "OutForDelivery": (202, "Shipment Out For Delivery"),
    "Delivered": (203, "Shipment Delivered"),
    "OutOfStock": (303, "No Stock On Hand For Sku"),
    "UnknownSku": (304, "No Sku History (if there are no reasons)"),
    "PaymentDeclined": (400, "Payment Failure"),
    "InvalidAddress": (401, "Invalid Address"),
    "ManualHold": (405, "Manual Hold"),
}


NO_TRACKING = dict.fromkeys(
    ("carrier", "carrier_service", "tracking_number", "tracking_url", "bol", "pro_number", "scac",
     "shipping_date")
)  # fmt: skip


class Ordering(Stocking):
    """What becomes of orders before anybody touches them."""

    def take_order(self, body: Mapping[str, Any], channel: Row | None = None) -> Row:
        """Make an order of a request; it is held where stock or a product is missing."""
        now, number = self.now(), self.next_number("order")
        channel = channel or self.channel
        order: Row = {
            "id": number, "created_date": now, "status": "Processing",
            "reference_id": body["reference_id"],
            "order_number": body.get("order_number") or body["reference_id"],
            "purchase_date": body.get("purchase_date"), "type": body["type"],
            "recipient": dict(body["recipient"]), "shipping_method": body["shipping_method"],
            "gift_message": body.get("gift_message"), "tags": body.get("tags") or [],
            "channel": {"id": channel["id"], "name": channel["name"]},
            "financials": body.get("financials") or {"total_price": None},
            "products": [self._ordered(one) for one in body["products"]],
            "shipments": [],
        }  # fmt: skip
        self.orders[number] = order
        centre = str(body.get("location_id") or next(iter(self.centres)))
        wanted = [(one["reference_id"], one["quantity"]) for one in order["products"]]
        order["shipments"].append(self.new_shipment(order, centre, wanted))
        self.settle(order)
        for shipment in order["shipments"]:
            if shipment["status"] == "Exception":
                self.tell("order.shipment.exception", shipment)
        return order

    def _ordered(self, wanted: Mapping[str, Any]) -> Row:
        sku = wanted["reference_id"]
        return {
            "id": self.product_number(sku), "reference_id": sku, "sku": wanted.get("sku") or sku,
            "quantity": wanted["quantity"], "unit_price": wanted.get("unit_price"),
            "external_line_id": wanted.get("external_line_id"), "gtin": None, "upc": None,
            "quantity_unit_of_measure_code": wanted.get("quantity_unit_of_measure_code"),
        }  # fmt: skip

    def product_number(self, sku: str) -> int:
        """Return the number of a product; one that nobody knew is made by its order."""
        if sku not in self.by_sku and sku not in self.bundles:
            self.add_product(sku)
        names = {variant["sku"]: number for number, product in self.products.items()
                 for variant in product["variants"]}  # fmt: skip
        return names.get(sku) or names[next(iter(self.bundles[sku]))]

    def new_shipment(self, order: Row, centre: str, wanted: Sequence[tuple[str, int]]) -> Row:
        """Return a shipment of products, as far as their stock allows."""
        now, number = self.now(), self.next_number("shipment")
        person = order["recipient"]
        row: Row = {
            "id": number, "order_id": order["id"], "reference_id": order["reference_id"],
            "created_date": now, "last_update_at": now, "last_tracking_update_at": None,
            "location": self.centre(centre), "status": "Processing", "status_details": [],
            "ship_option": order["shipping_method"], "package_material_type": "Box",
            "recipient": {
                "name": person["name"], "full_name": person["name"], "email": person.get("email"),
                "phone_number": person.get("phone_number"), "address": dict(person["address"]),
            },
            "products": [self.held(sku, units) for sku, units in wanted],
            "measurements": {"depth_in": 4, "length_in": 8, "width_in": 6, "total_weight_oz": 16},
            "parent_cartons": [], "tracking": dict(NO_TRACKING), "require_signature": False,
            "is_tracking_uploaded": False, "actual_fulfillment_date": None, "delivery_date": None,
            "estimated_fulfillment_date": now, "estimated_fulfillment_date_status": "PendingOnTime",
            "gift_message": order["gift_message"], "insurance_value": None, "invoice_amount": None,
            "invoice_currency_code": "USD",
        }  # fmt: skip
        return row

    def held(self, sku: str, units: int) -> Row:
        """Return units of a product as a shipment holds them."""
        return {
            "id": self.product_number(sku), "reference_id": sku, "sku": sku, "name": sku,
            "inventory_items": [
                self.item(number, each * units) for number, each in self.parts_of(sku).items()
            ],
        }  # fmt: skip

    def settle(self, order: Row) -> None:
        """See whether what shipments wait for is there, and infer the order's status."""
        for shipment in order["shipments"]:
            if shipment["status"] in ("Processing", "Exception") and not _is_worked_on(shipment):
                self._allocate(shipment)
        states = {one["status"] for one in order["shipments"]}
        alive = states - {"Cancelled", "CleanSweeped"}
        if not alive:
            order["status"] = "Cancelled"
        elif alive == {"Completed"}:
            order["status"] = "Fulfilled"
        elif "Completed" in alive:
            order["status"] = "PartiallyFulfilled"
        elif "ImportReview" in alive:
            order["status"] = "ImportReview"
        else:
            order["status"] = "Exception" if "Exception" in alive else "Processing"

    def _allocate(self, shipment: Row) -> None:
        centre, short = str(shipment["location"]["id"]), []
        for product in shipment["products"]:
            for item in product["inventory_items"]:
                there = self.shelf(item["id"], centre).total()
                others = self.committed(item["id"], centre)
                if shipment["status"] in OPEN:
                    others -= item["quantity"]
                if there - others < item["quantity"]:
                    short.append(item)
        if short:
            self.change(shipment, "Exception", "OutOfStock", short[0]["id"])
        elif shipment["status"] == "Exception":
            self.change(shipment, "Processing")

    def change(
        self, shipment: Row, status: str, detail: str = "", inventory: int | None = None
    ) -> None:
        """Give a shipment another status."""
        details = []
        if detail:
            number, words = DETAILS[detail]
            details.append({
                "id": number, "name": detail, "description": words, "inventory_id": inventory,
                "exception_fulfillment_center_id": None,
                "extra_information": {"validation_messages": None},
            })  # fmt: skip
        if (shipment["status"], shipment["status_details"]) != (status, details):
            shipment.update(status=status, status_details=details, last_update_at=self.now())

    # Finding

    def order_of(self, reference: str) -> Row:
        """Return our order of a reference."""
        found = [one for one in self.orders.values() if one["reference_id"] == reference]
        if not found:
            raise missing("Order", reference)
        return found[0]

    def shipments(self, reference: str) -> list[Row]:
        """Return the shipments of an order."""
        return self.order_of(reference)["shipments"]

    def shipment(self, number: int) -> Row:
        """Return a shipment."""
        for one in self.all_shipments():
            if one["id"] == number:
                return one
        raise missing("Shipment", number)


def _is_worked_on(shipment: Row) -> bool:
    return any(detail["id"] in (100, 101, 102) for detail in shipment["status_details"])
