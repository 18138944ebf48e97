"""Messages that all providers and importers share. Imports neither Odoo nor requests."""

from .address import Address
from .base import CanonicalMessage, CanonicalModel, version_of
from .command import (
    CancelFulfillment,
    CapturePayment,
    Command,
    DeliverEvent,
    Fulfill,
    PaymentCommand,
    RefundPayment,
    ReportDelivery,
    UpdateTracking,
    VoidPayment,
)
from .command_registry import COMMANDS
from .customer import Customer
from .deletion import Deletion
from .event import EVENTS, UNASKED, Event, EventData
from .listing import Listing, ListingImage, ListingVariant
from .money import Money, MoneySet, PayableMoneySet, exponent, is_whole, minor_unit
from .order import (
    FulfillmentState,
    LineKind,
    Order,
    OrderLine,
    PaymentState,
    ShippingLine,
    TaxLine,
)
from .payment import Payment, PaymentKind, TransactionState
from .product import (
    Product,
    ProductAttribute,
    ProductImage,
    ProductOption,
    ProductState,
    ProductVariant,
)
from .refund import Refund, RefundAdjustment, RefundLine, RefundTransaction, RestockKind
from .registry import KINDS, ROUTES, model_of, schema_version
from .shipment import Lot, Parcel, Shipment, ShipmentLine, ShipmentState, Tracking
from .stock_level import StockLevel
from .dispute import Dispute, DisputeState
from .consent import Consent, ConsentChannel, ConsentState
from .goods_return import Condition, Disposition, ExchangeLine, Return, ReturnLine, ReturnState
from .payout import BalanceCategory, BalanceTransaction, Payout, PayoutState
from .pos_closing import CashMovement, CashMovementKind, PosClosing, TaxTotal, TenderTotal
from .pos_ticket import (
    LoyaltyChange,
    PosTicket,
    Tender,
    TenderKind,
    TenderState,
    TicketLine,
    TicketTax,
)
from .price import Price
from .privacy_request import PrivacyRequest, PrivacyRequestType
from .goods_receipt import GoodsReceipt, ReceiptLine, ReceiptState
from .parcel_tracking import Milestone, ParcelTracking, TrackingState
from .stock_snapshot import SnapshotLine, StockSnapshot
from .warehouse_command import (
    AnnouncedLine,
    AnnounceReceipt,
    AnnounceReturn,
    BuyLabel,
    CancelAnnouncement,
    CancelRelease,
    CancelReturn,
    ChangeRelease,
    Package,
    Recipient,
    ReleaseLine,
    ReleaseOrder,
    TrackParcel,
)
from .warehouse_invoice import InvoiceLine, Service, WarehouseInvoice
from .warehouse_order import RequestAnswer, WarehouseOrder, WarehouseOrderState

__all__ = [
    "COMMANDS",
    "EVENTS",
    "KINDS",
    "ROUTES",
    "UNASKED",
    "Address",
    "AnnounceReceipt",
    "AnnounceReturn",
    "AnnouncedLine",
    "BalanceCategory",
    "BalanceTransaction",
    "BuyLabel",
    "CancelAnnouncement",
    "CancelFulfillment",
    "CancelRelease",
    "CancelReturn",
    "CanonicalMessage",
    "CanonicalModel",
    "CapturePayment",
    "CashMovement",
    "CashMovementKind",
    "ChangeRelease",
    "Command",
    "Condition",
    "Consent",
    "ConsentChannel",
    "ConsentState",
    "Customer",
    "Deletion",
    "DeliverEvent",
    "Disposition",
    "Dispute",
    "DisputeState",
    "Event",
    "EventData",
    "ExchangeLine",
    "Fulfill",
    "FulfillmentState",
    "GoodsReceipt",
    "InvoiceLine",
    "LineKind",
    "Listing",
    "ListingImage",
    "ListingVariant",
    "Lot",
    "LoyaltyChange",
    "Milestone",
    "Money",
    "MoneySet",
    "Order",
    "OrderLine",
    "Package",
    "Parcel",
    "ParcelTracking",
    "PayableMoneySet",
    "Payment",
    "PaymentCommand",
    "PaymentKind",
    "PaymentState",
    "Payout",
    "PayoutState",
    "PosClosing",
    "PosTicket",
    "Price",
    "PrivacyRequest",
    "PrivacyRequestType",
    "Product",
    "ProductAttribute",
    "ProductImage",
    "ProductOption",
    "ProductState",
    "ProductVariant",
    "ReceiptLine",
    "ReceiptState",
    "Recipient",
    "Refund",
    "RefundAdjustment",
    "RefundLine",
    "RefundPayment",
    "RefundTransaction",
    "ReleaseLine",
    "ReleaseOrder",
    "ReportDelivery",
    "RequestAnswer",
    "RestockKind",
    "Return",
    "ReturnLine",
    "ReturnState",
    "Service",
    "Shipment",
    "ShipmentLine",
    "ShipmentState",
    "ShippingLine",
    "SnapshotLine",
    "StockLevel",
    "StockSnapshot",
    "TaxLine",
    "TaxTotal",
    "Tender",
    "TenderKind",
    "TenderState",
    "TenderTotal",
    "TicketLine",
    "TicketTax",
    "TrackParcel",
    "Tracking",
    "TrackingState",
    "TransactionState",
    "UpdateTracking",
    "VoidPayment",
    "WarehouseInvoice",
    "WarehouseOrder",
    "WarehouseOrderState",
    "exponent",
    "is_whole",
    "minor_unit",
    "model_of",
    "schema_version",
    "version_of",
]
