"""What an API client may be allowed, and what systems of a role usually need."""

from collections.abc import Mapping

from ..canonical import ROUTES

READS: Mapping[str, str] = {
    "orders:read": "Read orders",
    "availability:read": "Read availability",
    "pos-feed:read": "Read what registers should know",
    "customers:read": "Search customers",
    "shipments:read": "Read shipments",
    "releases:read": "Read what a warehouse is to send",
    "messages:read": "Read what became of sent messages",
    "metrics:read": "Read figures for monitoring",
}
SCOPES: Mapping[str, str] = {
    **{f"{route}:write": f"Send {route.replace('-', ' ')}" for route in ROUTES},
    **READS,
}
LABELS: Mapping[str, str] = {
    "marketplace": "Marketplace",
    "b2b": "B2B Portal",
    "telesales": "Telesales",
    "pim": "Product Information (PIM)",
    "crm": "CRM",
    "loyalty": "Loyalty",
    "returns": "Returns Tool",
    "inventory": "Inventory Platform",
    "pos": "Point of Sale",
    "3pl": "Warehouse (3PL)",
    "analytics": "Analytics",
    "monitoring": "Monitoring",
    "other": "Other",
}
_SELLS = ("orders:write", "customers:write", "payments:write", "orders:read", "availability:read")
# Read by read, write by write: nobody gets more than systems of his role need.
PRESETS: Mapping[str, tuple[str, ...]] = {
    "marketplace": (*_SELLS, "refunds:write", "returns:write", "payouts:write", "shipments:read"),
    "b2b": (*_SELLS, "customers:read", "shipments:read"),
    "telesales": (*_SELLS, "customers:read", "shipments:read"),
    "pim": ("products:write",),
    "crm": ("customers:write", "customers:read", "orders:read"),
    "loyalty": ("customers:write", "customers:read", "orders:read"),
    "returns": ("returns:write", "refunds:write", "orders:read", "shipments:read"),
    "inventory": ("stock-levels:write", "availability:read"),
    "pos": (
        "pos-tickets:write",
        "pos-closings:write",
        "pos-feed:read",
        "customers:read",
        "availability:read",
    ),
    "3pl": (
        "warehouse-orders:write",
        "shipments:write",
        "stock-snapshots:write",
        "receipts:write",
        "returns:write",
        "trackings:write",
        "warehouse-invoices:write",
        "stock-levels:write",
        "releases:read",
        "orders:read",
    ),
    "analytics": ("orders:read", "availability:read", "shipments:read"),
    "monitoring": ("metrics:read",),
    "other": (),
}


def preset(role: str | None) -> tuple[str, ...]:
    """Return the scopes of a role; everybody may read what became of his own messages."""
    wanted = PRESETS.get(role or "", ())
    return (*wanted, "messages:read") if wanted else ()
