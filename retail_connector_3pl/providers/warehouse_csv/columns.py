"""What the files of each kind are called, and their columns, where nothing else is set."""

# Columns of each kind of file; the first of them are those that must be there.
COLUMNS: dict[str, tuple[str, ...]] = {
    "shipment": (
        "order", "sku", "quantity", "shipment", "line", "unit", "lot", "serial", "expires_on",
        "parcel", "tracking", "carrier", "shipped_at", "location", "final", "updated_at",
    ),
    "receipt": (
        "receipt", "sku", "quantity", "announcement", "line", "expected", "unit", "lot",
        "expires_on", "condition", "received_at", "location", "state", "note", "updated_at",
    ),
    "stock_snapshot": (
        "sku", "on_hand", "sellable", "unit", "lot", "location", "taken_at", "report",
    ),
    "return": (
        "return", "sku", "quantity", "order", "line", "condition", "disposition", "reason",
        "lot", "received_at", "location", "state", "note", "updated_at",
    ),
    "warehouse_order": (
        "order", "state", "number", "reason", "reason_code", "expected_ship_at", "request",
        "answer", "updated_at",
    ),
}  # fmt: skip
REQUIRED = {
    "shipment": ("order", "sku", "quantity"),
    "receipt": ("receipt", "sku", "quantity"),
    "stock_snapshot": ("sku", "on_hand"),
    "return": ("return", "sku", "quantity"),
    "warehouse_order": ("order", "state"),
}
PATTERNS = {
    "shipment": "shipments*.csv",
    "receipt": "receipts*.csv",
    "stock_snapshot": "stock*.csv",
    "return": "returns*.csv",
    "warehouse_order": "orders*.csv",
}
NAMES = {
    "shipment": "shipments",
    "receipt": "receipts",
    "stock_snapshot": "counts",
    "return": "returns",
    "warehouse_order": "answers to orders",
}
# Columns of the files that we write.
RELEASE_COLUMNS = (
    "action", "order", "order_name", "request", "location", "priority", "ordered_at", "ship_by",
    "carrier", "service", "note", "gift_message", "name", "company", "street", "street2", "city",
    "zip", "province_code", "country_code", "phone", "email", "line", "sku", "item", "description",
    "quantity", "unit", "lots", "value", "currency",
)  # fmt: skip
# Of those: what customers, suppliers and colleagues typed. The others are ours, or are given back.
TYPED_COLUMNS = frozenset(
    (
        "order_name", "carrier", "service", "note", "gift_message", "name", "company", "street",
        "street2", "city", "zip", "province_code", "phone", "email", "description", "supplier",
        "tracking",
    )
)  # fmt: skip
ANNOUNCEMENT_COLUMNS = (
    "action", "announcement", "kind", "location", "expected_at", "supplier", "order", "carrier",
    "tracking", "note", "line", "sku", "item", "description", "quantity", "unit", "lots",
)  # fmt: skip
