"""Which access scopes the fields of the API need, any one of those that are listed.

From the descriptions in the vendor's reference, as far as the simulator models the fields.
"""

from collections.abc import Collection

from graphql import GraphQLError

MERCHANT = "_merchant_managed_fulfillment_orders"
ASSIGNED = "_assigned_fulfillment_orders"
THIRD_PARTY = "_third_party_fulfillment_orders"
PAYMENTS = "read_shopify_payments"
READ_FULFILMENT_ORDERS = tuple(f"read{kind}" for kind in (MERCHANT, ASSIGNED, THIRD_PARTY))
WRITE_FULFILMENT_ORDERS = tuple(f"write{kind}" for kind in (MERCHANT, ASSIGNED, THIRD_PARTY))

TYPES: dict[str, tuple[str, ...]] = {
    "Customer": ("read_customers",),
    "Fulfillment": ("read_fulfillments", "read_orders"),
    "FulfillmentOrder": READ_FULFILMENT_ORDERS,
    "InventoryItem": ("read_inventory", "read_products"),
    "InventoryLevel": ("read_inventory",),
    "Location": ("read_locations",),
    "Order": ("read_orders",),
    "OrderTransaction": ("read_orders",),
    "Product": ("read_products",),
    "ProductVariant": ("read_products",),
    "Publication": ("read_publications",),
    "Refund": ("read_orders",),
    "ShopifyPaymentsAccount": ("read_shopify_payments_accounts", PAYMENTS),
    "ShopifyPaymentsBalanceTransaction": ("read_shopify_payments_payouts", PAYMENTS),
    "ShopifyPaymentsDispute": ("read_shopify_payments_disputes", PAYMENTS),
    "ShopifyPaymentsPayout": ("read_shopify_payments_payouts", PAYMENTS),
}
MUTATIONS: dict[str, tuple[str, ...]] = {
    "fileCreate": ("write_files",),
    "fileUpdate": ("write_files",),
    "orderCapture": ("write_orders",),
    "publishablePublish": ("write_publications",),
    "publishableUnpublish": ("write_publications",),
    "refundCreate": ("write_orders",),
    "stagedUploadsCreate": ("write_products", "write_files"),
    "transactionVoid": ("write_orders",),
}
PREFIXES = {
    "inventory": ("write_inventory",),
    "product": ("write_products",),
    "fulfillment": WRITE_FULFILMENT_ORDERS,
}


def required(parent: str, field: str, kind: str) -> tuple[str, ...]:
    """Return the scopes of which one is needed for a field; none for most."""
    if parent == "Mutation":
        known = MUTATIONS.get(field)
        return known or next((PREFIXES[p] for p in PREFIXES if field.startswith(p)), ())
    return TYPES.get(kind.removesuffix("Connection"), ())


def check(scopes: Collection[str], parent: str, field: str, kind: str) -> None:
    """Raise the vendor's error unless a scope is granted; to write includes to read."""
    needed = required(parent, field, kind)
    granted = (s in scopes or s.replace("read_", "write_", 1) in scopes for s in needed)
    if not needed or any(granted):
        return
    names = ", ".join(f"`{scope}`" for scope in needed)
    wanted = f"{names} access scope" if len(needed) == 1 else f"Any of {names} access scopes"
    raise GraphQLError(
        f"Access denied for {field} field. Required access: {wanted}.",
        extensions={
            "code": "ACCESS_DENIED",
            "documentation": "https://shopify.dev/api/usage/access-scopes",
            "requiredAccess": f"{wanted}.",
        },
    )
