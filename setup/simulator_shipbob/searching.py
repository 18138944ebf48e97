"""What lists show: filters as the specification of 2026-01 names them."""

from collections.abc import Mapping
from typing import Any

from simulator_common import Call

from .account import Account
from .paging import linked, numbered
from .problem import invalid, missing
from .state import Row, moment_of

Query = Mapping[str, str]


class Searching:
    """Reads an account."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def channels(self, call: Call) -> Any:
        """All channels of the token; such a list has no first or last page."""
        rows = [self._account.channel, self._account.other_channel]
        return _bare(linked("/channel", rows, call.query, "RecordsPerPage"))

    def orders(self, call: Call) -> list[Row]:
        """Orders of the channel that the request names, of all without."""
        query, rows = call.query, list(self._account.orders.values())
        channel = call.headers.get("shipbob_channel_id")
        if channel:
            rows = [row for row in rows if str(row["channel"]["id"]) == channel]
        rows = _among(rows, query, "IDs", lambda row: str(row["id"]))
        rows = _among(rows, query, "ReferenceIds", lambda row: row["reference_id"])
        rows = _since(rows, query, "StartDate", "EndDate", lambda row: row["created_date"])
        rows = _since(rows, query, "LastUpdateStartDate", "LastUpdateEndDate", _updated)
        if query.get("HasTracking") == "true":
            rows = [row for row in rows if _tracked(row)]
        rows = _since(rows, query, "LastTrackingUpdateStartDate", "LastTrackingUpdateEndDate",
                      _tracked)  # fmt: skip
        newest = query.get("SortOrder", "Newest") == "Newest"
        return numbered(sorted(rows, key=lambda row: row["id"], reverse=newest), query)

    def order(self, call: Call, number: str) -> Row:
        """One order."""
        return _one(self._account.orders, "Order", number)

    def shipment(self, call: Call, number: str) -> Row:
        """One shipment."""
        return self._account.shipment(int(number))

    def line_items(self, call: Call, number: str) -> list[Row]:
        """The stock items of a shipment."""
        return [
            {
                "inventory_id": item["id"], "quantity": item["quantity"],
                "committed_quantity": item["quantity_committed"], "is_hazmat": False,
                "is_lot": bool(item["lot"]), "serial_numbers": [],
                "lot": {"lot_number": item["lot"], "lot_date": item["expiration_date"],
                        "selection_method": "ShipbobChooses"},
                "product_variant": {"id": product["id"], "name": product["name"],
                                    "sku": product["sku"]},
            }
            for product in self._account.shipment(int(number))["products"]
            for item in product["inventory_items"]
        ]  # fmt: skip

    def trackings(self, call: Call) -> list[Row]:
        """Where the parcels of some shipments are."""
        wanted = [one for one in call.query.get("ShipmentIds", "").split(",") if one]
        if not 1 <= len(wanted) <= 25:
            raise invalid("Between 1 and 25 shipments can be asked for.")
        return [row for one in wanted if (row := self._account.trackings.get(int(one)))]

    def returns(self, call: Call) -> Any:
        """Returns; statuses are written without a space."""
        query, rows = call.query, list(self._account.returns.values())
        rows = _among(rows, query, "Ids", lambda row: str(row["id"]))
        rows = _among(rows, query, "ReferenceIds", lambda row: row["reference_id"])
        rows = _among(rows, query, "Status", lambda row: row["status"])
        rows = _since(rows, query, "StartDate", "EndDate", lambda row: row["insert_date"])
        rows = _since(rows, query, "CompletedStartDate", "CompletedEndDate",
                      lambda row: row["completed_date"])  # fmt: skip
        backwards = query.get("SortOrder", "Desc") == "Desc"
        rows.sort(key=lambda row: row["id"], reverse=backwards)
        return linked("/return", rows, query, "Limit")

    def one_return(self, call: Call, number: str) -> Row:
        """One return."""
        return _one(self._account.returns, "Return", number)

    def receivings(self, call: Call) -> list[Row]:
        """Warehouse receiving orders."""
        query, rows = call.query, list(self._account.receivings.values())
        rows = _among(rows, query, "IDs", lambda row: str(row["id"]))
        rows = _among(rows, query, "Statuses", lambda row: row["status"])
        rows = _among(rows, query, "PurchaseOrderNumbers",
                      lambda row: row["purchase_order_number"])  # fmt: skip
        rows = _since(rows, query, "InsertStartDate", "InsertEndDate",
                      lambda row: row["insert_date"])  # fmt: skip
        rows = _since(rows, query, "CompletedStartDate", "CompletedEndDate",
                      lambda row: row["last_updated_date"])  # fmt: skip
        return numbered(rows, query)

    def receiving(self, call: Call, number: str) -> Row:
        """One warehouse receiving order."""
        return _one(self._account.receivings, "Receiving order", number)

    def boxes(self, call: Call, number: str) -> list[Row]:
        """The boxes of a warehouse receiving order."""
        return _one(self._account.boxes, "Receiving order", number)

    def inventory(self, call: Call) -> Any:
        """Stock items: by number, or by a part of the SKU or name."""
        query, rows = call.query, list(self._account.inventory.values())
        rows = _among(rows, query, "InventoryIds", lambda row: str(row["inventory_id"]))
        part = query.get("SearchBy", "").lower()
        rows = [row for row in rows if part in row["sku"].lower() or part in row["name"].lower()
                or part == str(row["inventory_id"])]  # fmt: skip
        return linked("/inventory", rows, query, "PageSize")

    def levels(self, call: Call) -> Any:
        """Stock by fulfilment centre; a centre without anything is not named."""
        account, query, rows = self._account, call.query, []
        for number, item in account.inventory.items():
            places = [account.level(number, centre) for centre in account.centres]
            places = [
                place for place in places
                if any(place[key] for key in place if key.endswith("_quantity"))
                and query.get("LocationId", str(place["location_id"])) == str(place["location_id"])
            ]  # fmt: skip
            rows.append({"inventory_id": number, "sku": item["sku"], "name": item["name"],
                         "locations": places})  # fmt: skip
        return linked("/inventory-level/locations", rows, query, "PageSize")

    def products(self, call: Call) -> Any:
        """Products."""
        query, rows = call.query, list(self._account.products.values())
        rows = _since(rows, query, "LastUpdatedTimestamp", "", lambda row: row["updated_on"])
        return linked("/product", rows, query, "PageSize")

    def product(self, call: Call, number: str) -> Row:
        """One product."""
        return _one(self._account.products, "Product", number)

    def locations(self, call: Call) -> list[Row]:
        """Fulfilment centres."""
        return [
            {
                "id": int(number), "name": name, "abbreviation": f"C{number}", "timezone": zone,
                "is_active": True, "access_granted": True, "is_receiving_enabled": True,
                "is_shipping_enabled": True, "attributes": [], "services": [],
                "region": {"id": 1, "name": "Main"},
            }
            for number, (name, zone) in self._account.centres.items()
        ]  # fmt: skip

    def invoices(self, call: Call) -> Any:
        """Invoices by their day."""
        query, rows = call.query, list(self._account.invoices.values())
        first = query.get("FromDate", "")[:10]
        rows = [row for row in rows if row["invoice_date"] >= first]
        return linked("/invoices", rows, query, "PageSize", 1000)

    def transactions(self, call: Call, number: str) -> Any:
        """The transactions of an invoice."""
        rows = _one(self._account.transactions, "Invoice", number)
        return linked(f"/invoices/{number}/transactions", rows, call.query, "PageSize", 1000)


def _bare(page: dict[str, Any]) -> dict[str, Any]:
    return {key: page[key] for key in ("items", "next", "prev")}


def _one(rows: Mapping[int, Any], what: str, number: str) -> Any:
    if int(number) not in rows:
        raise missing(what, number)
    return rows[int(number)]


def _among(rows: list[Row], query: Query, name: str, key: Any) -> list[Row]:
    wanted = query.get(name)
    return [row for row in rows if key(row) in wanted.split(",")] if wanted else rows


def _since(rows: list[Row], query: Query, first: str, last: str, key: Any) -> list[Row]:
    found = rows
    if query.get(first):
        begin = moment_of(query[first])
        found = [row for row in found if key(row) and moment_of(key(row)) >= begin]
    if last and query.get(last):
        end = moment_of(query[last])
        found = [row for row in found if key(row) and moment_of(key(row)) <= end]
    return found


def _updated(order: Row) -> str:
    return max([order["created_date"], *(one["last_update_at"] for one in order["shipments"])])


def _tracked(order: Row) -> str:
    return max((one["last_tracking_update_at"] or "" for one in order["shipments"]), default="")
