"""The canonical kinds by name."""

from .base import CanonicalMessage
from .customer import Customer
from .deletion import Deletion
from .order import Order
from .payment import Payment
from .product import Product
from .refund import Refund
from .shipment import Shipment
from .stock_level import StockLevel

KINDS: dict[str, type[CanonicalMessage]] = {
    model.kind: model
    for model in (Customer, Deletion, Order, Payment, Product, Refund, Shipment, StockLevel)
}


def model_of(kind: str) -> type[CanonicalMessage] | None:
    """Return the model of a kind, ``None`` for one that does not exist."""
    return KINDS.get(kind)


def schema_version(kind: str) -> str:
    """Return the version of a kind's schema. Raises ``KeyError`` for an unknown kind."""
    return KINDS[kind].schema_version
