"""What requests change: refused as ShipBob refuses it."""

from typing import Any

from simulator_common import Call, Refusal

from .account import Account
from .problem import invalid, missing, not_updated, refusal
from .state import Row
from .stocking import OPEN


class Writing:
    """Changes an account."""

    def __init__(self, account: Account) -> None:
        self._account = account

    # Orders

    def create_order(self, call: Call) -> Row:
        """Take an order; a reference is taken once in a channel."""
        body, account = call.body or {}, self._account
        if call.headers.get("shipbob_channel_id") != str(account.channel["id"]):
            raise refusal(422, "The channel does not exist, or may not be written to.")
        for field in ("reference_id", "shipping_method", "recipient", "products", "type"):
            if not body.get(field):
                raise refusal(400, f"The {field} field is required.", field)
        known = {(row["channel"]["id"], row["reference_id"]) for row in account.orders.values()}
        if (account.channel["id"], body["reference_id"]) in known:
            raise refusal(422, "Cannot insert order with existing ReferenceId")
        if str(body.get("location_id", "")) not in ("", *account.centres):
            raise refusal(422, "The fulfillment center does not exist.", "location_id")
        return account.take_order(body)

    def cancel_order(self, call: Call, number: str) -> Row:
        """Cancel what nobody has begun with; answered shipment by shipment."""
        order = self._account.orders.get(int(number))
        if order is None:
            raise missing("Order", number)
        results = [self._cancelled(one) for one in order["shipments"]]
        done = sum(row["is_success"] for row in results)
        if not done and order["status"] in ("Cancelled", "Fulfilled"):
            raise refusal(422, f"The order is {order['status']} and cannot be cancelled.")
        status = "PartialSuccess" if done else "Failure"
        return {
            "order_id": order["id"], "order": order, "canceled_shipment_results": results,
            "status": "Success" if done == len(results) else status,
        }  # fmt: skip

    def _cancelled(self, shipment: Row) -> Row:
        account, words = self._account, None
        if shipment["status"] not in OPEN:
            words = f"The shipment is {shipment['status']}."
        elif account.is_started(shipment):
            words = "The shipment has been picked."
        else:
            account.cancel(shipment["id"])
        return {"shipment_id": shipment["id"], "action": "Cancel", "is_success": words is None,
                "reason": words}  # fmt: skip

    def change_address(self, call: Call, number: str) -> Row:
        """Have a shipment go somewhere else."""
        shipment, body = self._account.shipment(int(number)), call.body
        if self._account.is_started(shipment):
            return not_updated("CONFLICT", "The shipment is being fulfilled.")
        shipment["recipient"] = {
            "name": body["recipient_name"], "full_name": body["recipient_name"],
            "email": body.get("email"), "phone_number": body.get("phone_number"),
            "address": {
                "address1": body["street_address1"], "address2": body.get("street_address2"),
                "company_name": body.get("company_name"), "city": body["city"],
                "state": body.get("state"), "zip_code": body.get("zip_code"),
                "country": body["country_code"],
            },
        }  # fmt: skip
        if shipment["status"] == "OnHold":
            self._account.resume(shipment["id"])
        shipment["last_update_at"] = self._account.now()
        return {"is_success": True, "id": shipment["id"]}

    def change_lines(self, call: Call, number: str) -> Row:
        """Replace the lines of a shipment by a whole list."""
        account = self._account
        shipment = account.shipment(int(number))
        if account.is_started(shipment):
            return {**not_updated("CONFLICT", "The shipment is being fulfilled."),
                    "id": shipment["id"], "shipment_line_items": []}  # fmt: skip
        wanted = {one["inventory_id"]: one["quantity"] for one in call.body["items"]}
        unknown = wanted.keys() - account.inventory.keys()
        if unknown:
            raise invalid(f"The inventory {min(unknown)} does not exist.")
        shipment["products"] = [
            account.held(account.inventory[item]["sku"], units) for item, units in wanted.items()
        ]
        shipment["last_update_at"] = account.now()
        account.settle(account.orders[shipment["order_id"]])
        changes = [
            {"inventory_id": item, "action": "UpdateLineItem", "new_value": str(units),
             "previous_value": None}
            for item, units in wanted.items()
        ]  # fmt: skip
        return {"is_success": True, "id": shipment["id"], "shipment_line_items": changes}

    # Returns

    def create_return(self, call: Call) -> Row:
        """Announce a return; a reference is taken once."""
        body, account = call.body, self._account
        reference, number = body["reference_id"], body.get("original_shipment_id")
        if any(row["reference_id"] == reference for row in account.returns.values()):
            raise _errors("A return with this reference id already exists.")
        unknown = [one["id"] for one in body["inventory"] if one["id"] not in account.inventory]
        if unknown:
            raise _errors(f"Inventory {unknown[0]} does not exist.")
        made = account.new_return(
            reference, str(body["fulfillment_center"]["id"]), body["inventory"], number,
            body.get("tracking_number"),
        )  # fmt: skip
        return _first_version(made)

    def cancel_return(self, call: Call, number: str) -> Any:
        """Give a return up; the answer has no content."""
        if int(number) not in self._account.returns:
            raise missing("Return", number)
        self._account.cancel_return(int(number))
        return {}

    # Receiving

    def create_receiving(self, call: Call) -> Row:
        """Announce a delivery."""
        body, account = call.body, self._account
        for field in ("fulfillment_center", "boxes", "expected_arrival_date", "package_type",
                      "box_packaging_type"):  # fmt: skip
            if not body.get(field):
                raise refusal(400, f"The {field} field is required.", field)
        items = [one for box in body["boxes"] for one in box["box_items"]]
        unknown = [one for one in items if one["inventory_id"] not in account.inventory]
        if unknown:
            raise refusal(400, "The inventory does not exist.", "inventory_id")
        return account.new_receiving(body)

    def cancel_receiving(self, call: Call, number: str) -> Row:
        """Take an announced delivery back, before anything of it came."""
        row = self._account.receivings.get(int(number))
        if row is None:
            raise missing("Receiving order", number)
        if row["status"] not in ("Awaiting", "Incomplete"):
            raise refusal(422, f"A {row['status']} receiving order cannot be cancelled.")
        return self._account.cancel_receiving(row["id"])


def _errors(text: str) -> Refusal:
    return Refusal(422, {"message": text, "errors": [text], "details": None})


def _first_version(row: Row) -> Row:
    """Return a return as its creation shows it: less than a list of returns does."""
    names = (
        "id", "reference_id", "status", "return_type", "insert_date", "completed_date",
        "tracking_number", "original_shipment_id", "store_order_id", "fulfillment_center",
        "customer_name", "channel", "transactions",
    )  # fmt: skip
    kept = ("id", "name", "quantity", "action_requested", "action_taken", "bundle_parent_sku")
    items = [{key: item[key] for key in kept} for item in row["inventory"]]
    return {**{name: row[name] for name in names}, "inventory": items, "invoice_amount": 0.0}
