"""Messages that all providers and importers share. Imports neither Odoo nor requests."""

from .address import Address
from .base import CanonicalMessage, CanonicalModel, version_of
from .command import COMMANDS, CancelFulfillment, Command, Fulfill, UpdateTracking
from .customer import Customer
from .deletion import Deletion
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
from .product import Product, ProductOption, ProductState, ProductVariant
from .refund import Refund, RefundAdjustment, RefundLine, RefundTransaction, RestockKind
from .registry import KINDS, model_of, schema_version
from .shipment import Shipment, ShipmentLine, ShipmentState, Tracking
from .stock_level import StockLevel

__all__ = [
    "COMMANDS",
    "KINDS",
    "Address",
    "CancelFulfillment",
    "CanonicalMessage",
    "CanonicalModel",
    "Command",
    "Customer",
    "Deletion",
    "Fulfill",
    "FulfillmentState",
    "LineKind",
    "Listing",
    "ListingImage",
    "ListingVariant",
    "Money",
    "MoneySet",
    "Order",
    "OrderLine",
    "PayableMoneySet",
    "Payment",
    "PaymentKind",
    "PaymentState",
    "Product",
    "ProductOption",
    "ProductState",
    "ProductVariant",
    "Refund",
    "RefundAdjustment",
    "RefundLine",
    "RefundTransaction",
    "RestockKind",
    "Shipment",
    "ShipmentLine",
    "ShipmentState",
    "ShippingLine",
    "StockLevel",
    "TaxLine",
    "Tracking",
    "TransactionState",
    "UpdateTracking",
    "exponent",
    "is_whole",
    "minor_unit",
    "model_of",
    "schema_version",
    "version_of",
]
