"""What the API changes: the catalogue and the stock."""

from copy import deepcopy
from decimal import Decimal, InvalidOperation

from simulator_common import Call

from .problem import invalid, refusal
from .seller import Seller
from .state import Row


class Writing:
    """The writing half of the API. A request is carried out as a whole, or not at all."""

    def __init__(self, seller: Seller) -> None:
        self._seller = seller

    # The catalogue

    def upsert(self, call: Call) -> Row:
        """Make and change objects."""
        objects = [row for batch in call.body["batches"] for row in batch["objects"]]
        flat = [part for row in objects for part in _parts(row)]
        self._check(flat)
        numbers = {
            row["id"]: self._seller.next_id(row["type"][:4])
            for row in flat if row["id"].startswith("#")
        }  # fmt: skip
        now, version = self._seller.now(), self._seller.next_version()
        for row in flat:
            made = _renamed(deepcopy(row), numbers)
            made |= {"updated_at": now, "version": version, "is_deleted": False}
            made.setdefault("present_at_all_locations", True)
            self._seller.catalog[made["id"]] = made
        self._seller.tell_catalog()
        return {
            "objects": [self._seller.shown(numbers.get(row["id"], row["id"])) for row in objects],
            "updated_at": now,
            "id_mappings": [
                {"client_object_id": own, "object_id": number} for own, number in numbers.items()
            ],
        }

    def _check(self, rows: list[Row]) -> None:
        """Refuse what is not there, what somebody changed meanwhile, and what cannot be."""
        named = {row["id"] for row in rows}
        for row in rows:
            if not row["id"].startswith("#"):
                self._check_version(row)
            data = row.get("item_variation_data") or {}
            parent = data.get("item_id")
            if row["type"] == "ITEM_VARIATION" and not (
                parent in named or parent in self._seller.catalog
            ):
                raise invalid("item_variation_data.item_id")
            for place in data.get("location_overrides") or ():
                if place["location_id"] not in self._seller.locations:
                    raise invalid("location_overrides.location_id")
            for tax in (row.get("item_data") or {}).get("tax_ids") or ():
                if tax not in self._seller.catalog:
                    raise invalid("item_data.tax_ids")

    def _check_version(self, row: Row) -> None:
        known = self._seller.catalog.get(row["id"])
        if known is None or known["is_deleted"]:
            raise refusal(404, "NOT_FOUND", f"Object {row['id']} not found.", "id")
        if row.get("version") != known["version"]:
            text = f"Object version does not match latest database version: {known['version']}."
            raise refusal(409, "CONFLICT", text, "version")

    # Stock

    def change_counts(self, call: Call) -> Row:
        """Take physical counts; those that change nothing are left out when that is asked for."""
        changes = call.body.get("changes") or []
        if not 1 <= len(changes) <= 100:
            raise invalid("changes", "Between 1 and 100 are needed.")
        counts = [self._count(change, at) for at, change in enumerate(changes)]
        keys = [(count["catalog_object_id"], count["location_id"]) for count in counts]
        for key, count in zip(keys, counts, strict=True):
            self._seller.set_count(*key, Decimal(count["quantity"]))
        self._seller.tell_counts(keys)
        return {"counts": [self._seller.shown_count(*key) for key in dict.fromkeys(keys)]}

    def _count(self, change: Row, at: int) -> Row:
        if change["type"] != "PHYSICAL_COUNT":
            raise invalid(f"changes[{at}].type", "Only counts are simulated.")
        count = change["physical_count"]
        known = self._seller.catalog.get(count["catalog_object_id"])
        if known is None or known["is_deleted"] or known["type"] != "ITEM_VARIATION":
            text = "Catalog object not found."
            raise refusal(404, "NOT_FOUND", text, f"changes[{at}].physical_count.catalog_object_id")
        if count["location_id"] not in self._seller.locations or count["state"] != "IN_STOCK":
            raise invalid(f"changes[{at}].physical_count.location_id")
        try:
            negative = Decimal(count["quantity"]) < 0
        except InvalidOperation:
            negative = True
        if negative or not count.get("occurred_at"):
            raise invalid(f"changes[{at}].physical_count.quantity")
        return count


def _parts(row: Row) -> list[Row]:
    """Return an object and those within it, each by itself."""
    data = row.get("item_data")
    if not data or "variations" not in data:
        return [row]
    bare = {**row, "item_data": {k: v for k, v in data.items() if k != "variations"}}
    return [bare, *data["variations"]]


def _renamed(row: Row, numbers: dict[str, str]) -> Row:
    """Put the real ids in the place of the temporary ones."""
    row["id"] = numbers.get(row["id"], row["id"])
    data = row.get("item_variation_data")
    if data:
        data["item_id"] = numbers.get(data["item_id"], data["item_id"])
    return row
