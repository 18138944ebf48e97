"""The canonical kinds by name, and the route that takes each."""

from .base import CanonicalMessage
from .customer import Customer
from .deletion import Deletion
from .dispute import Dispute
from .goods_receipt import GoodsReceipt
from .goods_return import Return
from .order import Order
from .parcel_tracking import ParcelTracking
from .payment import Payment
from .payout import Payout
from .pos_closing import PosClosing
from .pos_ticket import PosTicket
from .price import Price
from .privacy_request import PrivacyRequest
from .product import Product
from .refund import Refund
from .shipment import Shipment
from .stock_level import StockLevel
from .stock_snapshot import StockSnapshot
from .warehouse_invoice import WarehouseInvoice
from .warehouse_order import WarehouseOrder

# What the canonical API takes, by the last part of its address.
ROUTES: dict[str, type[CanonicalMessage]] = {
    "orders": Order,
    "customers": Customer,
    "products": Product,
    "prices": Price,
    "stock-levels": StockLevel,
    "payments": Payment,
    "refunds": Refund,
    "shipments": Shipment,
    "returns": Return,
    "pos-tickets": PosTicket,
    "pos-closings": PosClosing,
    "payouts": Payout,
    "disputes": Dispute,
    "warehouse-orders": WarehouseOrder,
    "stock-snapshots": StockSnapshot,
    "receipts": GoodsReceipt,
    "trackings": ParcelTracking,
    "warehouse-invoices": WarehouseInvoice,
}
KINDS: dict[str, type[CanonicalMessage]] = {
    model.kind: model for model in (Deletion, PrivacyRequest, *ROUTES.values())
}


def model_of(kind: str) -> type[CanonicalMessage] | None:
    """Return the model of a kind, ``None`` for one that does not exist."""
    return KINDS.get(kind)


def schema_version(kind: str) -> str:
    """Return the version of a kind's schema. Raises ``KeyError`` for an unknown kind."""
    return KINDS[kind].schema_version
