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
    LOCATIONS = "locations"
    STOCK_OUT = "stock_out"
    STOCK_COMPARE_AND_SWAP = "stock_compare_and_swap"
    STOCK_CHANGES_IN = "stock_changes_in"
    PRICES_OUT = "prices_out"
    COMPARE_AT_PRICES = "compare_at_prices"
    PRODUCTS_OUT = "products_out"
    FULFILL = "fulfill"
    UPDATE_TRACKING = "update_tracking"
    CANCEL_FULFILLMENT = "cancel_fulfillment"
    EVENTS_OUT = "events_out"

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
    Capability.LOCATIONS: "Keeps stock at several locations",
    Capability.STOCK_OUT: "Publishes availability",
    Capability.STOCK_COMPARE_AND_SWAP: "Compares a quantity before it changes it",
    Capability.STOCK_CHANGES_IN: "Tells at once when somebody changes a quantity by hand",
    Capability.PRICES_OUT: "Publishes prices",
    Capability.COMPARE_AT_PRICES: "Publishes compare-at prices",
    Capability.PRODUCTS_OUT: "Publishes products",
    Capability.FULFILL: "Sends fulfilments with tracking",
    Capability.UPDATE_TRACKING: "Corrects the tracking of a fulfilment",
    Capability.CANCEL_FULFILLMENT: "Cancels a fulfilment",
    Capability.EVENTS_OUT: "Subscribes to events",
}

# The kind that ``Provider.fetch`` lists when a capability is declared.
POLLED_KINDS = {
    Capability.ORDER_POLL: "order",
    Capability.CUSTOMER_POLL: "customer",
    Capability.PRODUCT_ADOPTION: "product",
}
