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
    REPORT_DELIVERY = "report_delivery"
    EVENTS_OUT = "events_out"
    PAYMENTS_IN = "payments_in"
    PAYMENT_POLL = "payment_poll"
    REFUNDS_IN = "refunds_in"
    PAYOUTS_IN = "payouts_in"
    PAYOUT_POLL = "payout_poll"
    DISPUTES_IN = "disputes_in"
    DISPUTE_POLL = "dispute_poll"
    BALANCE = "balance"
    REFUND_PAYMENT = "refund_payment"
    CAPTURE_PAYMENT = "capture_payment"
    VOID_PAYMENT = "void_payment"
    TICKETS_IN = "tickets_in"
    TICKET_POLL = "ticket_poll"
    CLOSINGS_IN = "closings_in"
    CLOSING_POLL = "closing_poll"
    REGISTERS = "registers"
    FEED_OUT = "feed_out"
    FEED_READ = "feed_read"
    WAREHOUSE_ORDERS_IN = "warehouse_orders_in"
    WAREHOUSE_ORDER_POLL = "warehouse_order_poll"
    SHIPMENTS_IN = "shipments_in"
    SHIPMENT_POLL = "shipment_poll"
    RETURNS_IN = "returns_in"
    RETURN_POLL = "return_poll"
    RECEIPTS_IN = "receipts_in"
    RECEIPT_POLL = "receipt_poll"
    SNAPSHOTS_IN = "snapshots_in"
    SNAPSHOT_POLL = "snapshot_poll"
    TRACKINGS_IN = "trackings_in"
    TRACKING_POLL = "tracking_poll"
    INVOICES_IN = "invoices_in"
    INVOICE_POLL = "invoice_poll"
    WAREHOUSES = "warehouses"
    RELEASE_ORDER = "release_order"
    RELEASE_READ = "release_read"
    CHANGE_RELEASE = "change_release"
    CANCEL_RELEASE = "cancel_release"
    ANNOUNCE_RECEIPT = "announce_receipt"
    CANCEL_ANNOUNCEMENT = "cancel_announcement"
    ANNOUNCE_RETURN = "announce_return"
    CANCEL_RETURN = "cancel_return"
    TRACK_PARCEL = "track_parcel"
    BUY_LABEL = "buy_label"

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
    Capability.REPORT_DELIVERY: "Shows customers where parcels are",
    Capability.EVENTS_OUT: "Subscribes to events",
    Capability.PAYMENTS_IN: "Reports payments",
    Capability.PAYMENT_POLL: "Polls and backfills payments",
    Capability.REFUNDS_IN: "Reports refunds with their lines",
    Capability.PAYOUTS_IN: "Reports payouts with their transactions",
    Capability.PAYOUT_POLL: "Polls and backfills payouts",
    Capability.DISPUTES_IN: "Reports disputes",
    Capability.DISPUTE_POLL: "Polls and backfills disputes",
    Capability.BALANCE: "Tells the gateway's own balance",
    Capability.REFUND_PAYMENT: "Gives money back",
    Capability.CAPTURE_PAYMENT: "Takes money that was authorised",
    Capability.VOID_PAYMENT: "Sets an authorisation free",
    Capability.TICKETS_IN: "Imports tickets of registers",
    Capability.TICKET_POLL: "Polls and backfills tickets",
    Capability.CLOSINGS_IN: "Imports day reports of registers",
    Capability.CLOSING_POLL: "Polls and backfills day reports",
    Capability.REGISTERS: "Lists stores and registers",
    Capability.FEED_OUT: "Sends products, prices and promotions to registers",
    Capability.FEED_READ: "Reads products, prices and promotions for its registers",
    Capability.WAREHOUSE_ORDERS_IN: "Tells what becomes of released orders",
    Capability.WAREHOUSE_ORDER_POLL: "Polls released orders",
    Capability.SHIPMENTS_IN: "Reports shipments with lots and parcels",
    Capability.SHIPMENT_POLL: "Polls and backfills shipments",
    Capability.RETURNS_IN: "Reports returns with condition and disposition",
    Capability.RETURN_POLL: "Polls and backfills returns",
    Capability.RECEIPTS_IN: "Reports what suppliers delivered",
    Capability.RECEIPT_POLL: "Polls and backfills receipts",
    Capability.SNAPSHOTS_IN: "Reports what lies on its shelves",
    Capability.SNAPSHOT_POLL: "Counts its stock on request",
    Capability.TRACKINGS_IN: "Reports where parcels are",
    Capability.TRACKING_POLL: "Polls where parcels are",
    Capability.INVOICES_IN: "Charges for its work line by line",
    Capability.INVOICE_POLL: "Polls what it charges",
    Capability.WAREHOUSES: "Lists its warehouses",
    Capability.RELEASE_ORDER: "Takes orders to be sent",
    Capability.RELEASE_READ: "Reads orders to be sent by itself",
    Capability.CHANGE_RELEASE: "Takes changes of orders it has",
    Capability.CANCEL_RELEASE: "Takes cancellations of orders it has",
    Capability.ANNOUNCE_RECEIPT: "Takes announcements of suppliers' deliveries",
    Capability.CANCEL_ANNOUNCEMENT: "Takes announcements back",
    Capability.ANNOUNCE_RETURN: "Takes announcements of returns",
    Capability.CANCEL_RETURN: "Takes announcements of returns back",
    Capability.TRACK_PARCEL: "Follows parcels",
    Capability.BUY_LABEL: "Sells labels",
}

# The kind that ``Provider.fetch`` lists when a capability is declared.
POLLED_KINDS = {
    Capability.ORDER_POLL: "order",
    Capability.CUSTOMER_POLL: "customer",
    Capability.PRODUCT_ADOPTION: "product",
    Capability.PAYMENT_POLL: "payment",
    Capability.PAYOUT_POLL: "payout",
    Capability.DISPUTE_POLL: "dispute",
    Capability.TICKET_POLL: "pos_ticket",
    Capability.CLOSING_POLL: "pos_closing",
    Capability.WAREHOUSE_ORDER_POLL: "warehouse_order",
    Capability.SHIPMENT_POLL: "shipment",
    Capability.RETURN_POLL: "return",
    Capability.RECEIPT_POLL: "receipt",
    Capability.SNAPSHOT_POLL: "stock_snapshot",
    Capability.TRACKING_POLL: "tracking",
    Capability.INVOICE_POLL: "warehouse_invoice",
}
