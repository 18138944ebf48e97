"""What a provider can do: declared, shown in the form and in the generated matrix."""

from enum import Enum


class Capability(str, Enum):
    """One thing that a provider either does or openly does not do."""

    WEBHOOKS = "webhooks"
    SUBSCRIPTIONS = "subscriptions"
    ORDERS_IN = "orders_in"
    CUSTOMERS_IN = "customers_in"
    PRODUCTS_IN = "products_in"
    ORDER_POLL = "order_poll"
    ORDER_FETCH = "order_fetch"
    CUSTOMER_POLL = "customer_poll"
    PRODUCT_ADOPTION = "product_adoption"

    @property
    def label(self) -> str:
        """The capability in words."""
        return _LABELS[self]


_LABELS = {
    Capability.WEBHOOKS: "Receives signed webhooks",
    Capability.SUBSCRIPTIONS: "Creates and repairs webhook subscriptions",
    Capability.ORDERS_IN: "Imports orders",
    Capability.CUSTOMERS_IN: "Imports customers",
    Capability.PRODUCTS_IN: "Reads products",
    Capability.ORDER_POLL: "Polls and backfills orders",
    Capability.ORDER_FETCH: "Fetches one order again",
    Capability.CUSTOMER_POLL: "Polls and backfills customers",
    Capability.PRODUCT_ADOPTION: "Adopts existing products",
}

# The kind that ``Provider.fetch`` lists when a capability is declared.
POLLED_KINDS = {
    Capability.ORDER_POLL: "order",
    Capability.CUSTOMER_POLL: "customer",
    Capability.PRODUCT_ADOPTION: "product",
}
