"""Setting and adjusting quantities, with compare-and-swap."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError

from ...fulfilment import RefusedError
from ...identifiers import gid, number_of
from ...settings import utc
from ...shop import Shop
from ...stock import Change, Level
from ..levels import item_of, place_of
from ..live import Live
from ..money import Node
from ..mutation import Mutation, user_errors
from .registry import Mutations

if TYPE_CHECKING:
    from ..engine import Engine

MOST = 250
HIGHEST = 1_000_000_000
# Source: "Set inventory quantities", reasons, in the vendor's guide to quantities and states.
REASONS = frozenset((
    "correction", "cycle_count_available", "damaged", "movement_created", "movement_updated",
    "movement_received", "movement_canceled", "other", "promotion", "quality_control", "received",
    "reservation_created", "reservation_deleted", "reservation_updated", "restock",
    "safety_stock", "shrinkage",
))  # fmt: skip
Entry = Mapping[str, Any]


def set_quantities(engine: "Engine", input: Mapping[str, Any]) -> Node:
    """Set absolute quantities: all of them, or none."""
    shop, entries = engine.shop, input["quantities"]
    _limits(entries, "quantities", "InventoryQuantityInput")
    name = input["name"]
    problems = _common(input, ("available", "on_hand"), "INVALID_NAME")
    seen: set[tuple[int, int]] = set()
    for index, entry in enumerate(entries):
        level = _checked(shop, entry, "quantities", index, problems)
        key = _key(entry)
        if key in seen:
            _complain(problems, "quantities", index, "locationId",
                      "The combination of inventoryItemId and locationId must be unique.",
                      "NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR")  # fmt: skip
        seen.add(key)
        if entry["quantity"] < 0:
            _complain(problems, "quantities", index, "quantity",
                      "The quantity can't be negative.", "INVALID_QUANTITY_NEGATIVE")  # fmt: skip
        elif entry["quantity"] > HIGHEST:
            _complain(problems, "quantities", index, "quantity",
                      "The total quantity can't be higher than 1,000,000,000.",
                      "INVALID_QUANTITY_TOO_HIGH")  # fmt: skip
        if level and name in ("available", "on_hand"):
            _compare(level, name, entry, "quantities", index, problems)
    if problems:
        return user_errors(*problems)
    targets = [(_level(shop, entry), entry["quantity"]) for entry in entries]
    return _book(engine, input, name, targets, "set")


def adjust_quantities(engine: "Engine", input: Mapping[str, Any]) -> Node:
    """Change quantities by differences: all of them, or none."""
    shop, entries = engine.shop, input["changes"]
    _limits(entries, "changes", "InventoryChangeInput")
    name = input["name"]
    names = ("available", "damaged", "quality_control", "reserved", "safety_stock")
    problems = _common(input, names, "INVALID_QUANTITY_NAME")
    for index, entry in enumerate(entries):
        level = _checked(shop, entry, "changes", index, problems)
        if level and name in names:
            _compare(level, name, entry, "changes", index, problems)
        if (name == "available") == bool(entry.get("ledgerDocumentUri")):
            code = "INVALID_AVAILABLE_DOCUMENT" if name == "available" else (
                "INVALID_QUANTITY_DOCUMENT")  # fmt: skip
            _complain(problems, "changes", index, "ledgerDocumentUri",
                      "A ledger document URI goes with every quantity but available.",
                      code)  # fmt: skip
    if problems:
        return user_errors(*problems)
    sums: dict[int, tuple[Level, int]] = {}
    for entry in entries:
        level = _level(shop, entry)
        _, before = sums.get(level.id, (level, level.quantity(name)))
        sums[level.id] = level, before + entry["delta"]
    return _book(engine, input, name, list(sums.values()), "adjusted")


def _limits(entries: Sequence[Entry], argument: str, kind: str) -> None:
    """Refuse the whole request, as the vendor does before it looks at values."""
    if len(entries) > MOST:
        size = len(entries)
        raise GraphQLError(
            f"The input array size of {size} is greater than the maximum allowed of {MOST}.",
            extensions={"code": "MAX_INPUT_SIZE_EXCEEDED", "field": ["input", argument]},
        )
    if any("changeFromQuantity" not in entry for entry in entries):
        raise GraphQLError(
            f"{kind} must include the following argument: changeFromQuantity.",
            extensions={"code": "INVALID_FIELD_ARGUMENTS"},
        )


def _common(input: Mapping[str, Any], names: Sequence[str], name_code: str) -> list[RefusedError]:
    problems = []
    if input["name"] not in names:
        text = f"The quantity name must be one of {', '.join(names)}."
        problems.append(RefusedError(text, ("input", "name"), name_code))
    if input["reason"] not in REASONS:
        text = "The specified reason is invalid."
        problems.append(RefusedError(text, ("input", "reason"), "INVALID_REASON"))
    uri = input.get("referenceDocumentUri")
    if uri and not uri.partition("://")[2]:
        text, field = "The specified reference document is invalid.", "referenceDocumentUri"
        problems.append(RefusedError(text, ("input", field), "INVALID_REFERENCE_DOCUMENT"))
    return problems


def _complain(
    problems: list[RefusedError], argument: str, index: int, field: str, text: str, code: str
) -> None:
    problems.append(RefusedError(text, ("input", argument, str(index), field), code))


def _key(entry: Entry) -> tuple[int, int]:
    item = number_of(entry["inventoryItemId"], "InventoryItem")
    return item, number_of(entry["locationId"], "Location")


def _level(shop: Shop, entry: Entry) -> Level | None:
    return shop.stock.level(*_key(entry))


def _checked(
    shop: Shop, entry: Entry, argument: str, index: int, problems: list[RefusedError]
) -> Level | None:
    """Return the level that an entry is about, or complain."""
    item, place = _key(entry)
    if shop.assortment.item(item) is None:
        _complain(problems, argument, index, "inventoryItemId",
                  "The specified inventory item could not be found.",
                  "INVALID_INVENTORY_ITEM")  # fmt: skip
    elif not any(known.id == place for known in shop.places):
        _complain(problems, argument, index, "locationId",
                  "The specified location could not be found.", "INVALID_LOCATION")  # fmt: skip
    elif shop.stock.level(item, place) is None:
        _complain(problems, argument, index, "locationId",
                  "The specified inventory item is not stocked at the location.",
                  "ITEM_NOT_STOCKED_AT_LOCATION")  # fmt: skip
    else:
        return shop.stock.level(item, place)
    return None


def _compare(
    level: Level, name: str, entry: Entry, argument: str, index: int, problems: list[RefusedError]
) -> None:
    expected = entry["changeFromQuantity"]
    if expected is not None and expected != level.quantity(name):
        _complain(problems, argument, index, "changeFromQuantity",
                  "The changeFromQuantity argument no longer matches the persisted quantity.",
                  "CHANGE_FROM_QUANTITY_STALE")  # fmt: skip


def _book(
    engine: "Engine", input: Mapping[str, Any], name: str, targets: Sequence[tuple[Level, int]],
    cause: str,
) -> Node:  # fmt: skip
    """Write the quantities and return what changed."""
    stock = engine.shop.stock
    start = len(stock.history)
    reference = input.get("referenceDocumentUri") or ""
    for level, quantity in targets:
        stock.put(level, name, quantity, cause, reference)
    changed = [change for change in stock.history[start:] if change.delta]
    group = _group(engine, input, changed) if changed else None
    return {"inventoryAdjustmentGroup": group, "userErrors": []}


def _group(engine: "Engine", input: Mapping[str, Any], changed: Sequence[Change]) -> Node:
    """Return an InventoryAdjustmentGroup; what changes a state changes what is on hand."""

    def changes(
        shop: Shop, inventoryItemIds: Any = None, locationIds: Any = None, quantityNames: Any = None
    ) -> list[Node]:
        nodes = [_change(c, name) for c in changed for name in dict.fromkeys((c.name, "on_hand"))]
        return [
            node for node in nodes
            if (not quantityNames or node["name"] in quantityNames)
            and (not inventoryItemIds or node["itemId"] in inventoryItemIds)
            and (not locationIds or node["locationId"] in locationIds)
        ]  # fmt: skip

    return {
        "__typename": "InventoryAdjustmentGroup",
        "id": gid("InventoryAdjustmentGroup", engine.shop.ids.next("InventoryAdjustmentGroup")),
        "app": engine.installation()["app"],
        "changes": Live(changes),
        "createdAt": utc(datetime.now(timezone.utc)),
        "reason": input["reason"],
        "referenceDocumentUri": input.get("referenceDocumentUri"),
        "staffMember": None,
    }


def _change(change: Change, name: str) -> Node:
    return {
        "__typename": "InventoryChange",
        "delta": change.delta,
        "item": Live(lambda shop: item_of(shop, change.item_id)),
        "itemId": gid("InventoryItem", change.item_id),
        "ledgerDocumentUri": None,
        "location": Live(lambda shop: place_of(shop, change.location_id)),
        "locationId": gid("Location", change.location_id),
        "name": name,
        "quantityAfterChange": change.after if name == change.name else None,
    }


MUTATIONS: Mutations = {
    "inventorySetQuantities": Mutation(set_quantities, keyed=True),
    "inventoryAdjustQuantities": Mutation(adjust_quantities, keyed=True),
}
