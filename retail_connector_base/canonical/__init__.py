"""Messages that all providers and importers share. Imports neither Odoo nor requests."""

from .address import Address
from .base import CanonicalMessage, CanonicalModel, version_of
from .command import (
    COMMANDS,
    CancelFulfillment,
    CapturePayment,
    Command,
    DeliverEvent,
    Fulfill,
    PaymentCommand,
    RefundPayment,
    UpdateTracking,
    VoidPayment,
)
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
from .shipment import Shipment, ShipmentLine, ShipmentState, Tracking
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

__all__ = [
    "COMMANDS",
    "EVENTS",
    "KINDS",
    "ROUTES",
    "UNASKED",
    "Address",
    "BalanceCategory",
    "BalanceTransaction",
    "CancelFulfillment",
    "CanonicalMessage",
    "CanonicalModel",
    "CapturePayment",
    "CashMovement",
    "CashMovementKind",
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
    "LineKind",
    "Listing",
    "ListingImage",
    "ListingVariant",
    "LoyaltyChange",
    "Money",
    "MoneySet",
    "Order",
    "OrderLine",
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
    "Refund",
    "RefundAdjustment",
    "RefundLine",
    "RefundPayment",
    "RefundTransaction",
    "RestockKind",
    "Return",
    "ReturnLine",
    "ReturnState",
    "Shipment",
    "ShipmentLine",
    "ShipmentState",
    "ShippingLine",
    "StockLevel",
    "TaxLine",
    "TaxTotal",
    "Tender",
    "TenderKind",
    "TenderState",
    "TenderTotal",
    "TicketLine",
    "TicketTax",
    "Tracking",
    "TransactionState",
    "UpdateTracking",
    "VoidPayment",
    "exponent",
    "is_whole",
    "minor_unit",
    "model_of",
    "schema_version",
    "version_of",
]
