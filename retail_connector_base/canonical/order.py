"""An order as the customer placed it and the channel changed it since."""

from datetime import date
from decimal import Decimal
from enum import Enum
from typing import ClassVar

from pydantic import AwareDatetime, model_validator

from .address import Address
from .base import CanonicalMessage, CanonicalModel
from .customer import Customer
from .money import LARGEST, CurrencyCode, ExactDecimal, MoneySet, PayableMoneySet


class LineKind(str, Enum):
    """What a line sells: the kinds other than goods have products of their own in Odoo."""

    PRODUCT = "product"
    CUSTOM = "custom"
    GIFT_CARD = "gift_card"
    TIP = "tip"
    DUTY = "duty"
    FEE = "fee"
    DISCOUNT = "discount"


class PaymentState(str, Enum):
    """How far the money of an order has come."""

    PENDING = "pending"
    AUTHORIZED = "authorized"
    PARTIALLY_PAID = "partially_paid"
    PAID = "paid"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    VOIDED = "voided"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class FulfillmentState(str, Enum):
    """How far the goods of an order have come, seen from the channel."""

    UNFULFILLED = "unfulfilled"
    PARTIAL = "partial"
    FULFILLED = "fulfilled"
    RESTOCKED = "restocked"
    UNKNOWN = "unknown"


class TaxLine(CanonicalModel):
    """One tax on one line. ``rate`` is a fraction (0.19), ``amount`` the tax of the whole line."""

    title: str
    rate: ExactDecimal
    amount: MoneySet
    channel_liable: bool = False


class OrderLine(CanonicalModel):
    """One position.

    ``quantity`` is what is still wanted: what was ordered less what the channel took out before it
    was fulfilled. ``discount`` and ``taxes`` are those of ``quantity``. Amounts include tax when
    the order's ``taxes_included`` says so.
    """

    external_id: str
    kind: LineKind = LineKind.PRODUCT
    title: str
    sku: str | None = None
    barcode: str | None = None
    product_external_id: str | None = None
    variant_external_id: str | None = None
    ordered_quantity: ExactDecimal
    quantity: ExactDecimal
    unit_price: MoneySet
    discount: MoneySet
    taxes: tuple[TaxLine, ...] = ()
    requires_shipping: bool = True
    note: str | None = None

    @model_validator(mode="after")
    def _computable(self) -> "OrderLine":
        for price in (self.unit_price.shop, self.unit_price.presentment):
            if abs(price.amount * self.quantity) >= Decimal(10) ** (LARGEST + 1):
                raise ValueError("quantity times price is too large")
        return self


class ShippingLine(CanonicalModel):
    """One shipping charge, ``price`` before its ``discount``."""

    external_id: str
    title: str
    code: str | None = None
    price: MoneySet
    discount: MoneySet
    taxes: tuple[TaxLine, ...] = ()


class Order(CanonicalMessage):
    """An order with its customer, goods, charges and totals.

    Totals are those of what is still wanted (see ``OrderLine.quantity``): returns after fulfilment
    do not lower them. ``total`` = untaxed total + ``total_tax``. ``local_date`` is the day of the
    sale in the shop's own time zone. ``lines_complete`` is false where the channel's events do not
    tell which units were taken out: the order has to be asked for.
    """

    kind: ClassVar[str] = "order"
    schema_version: ClassVar[str] = "1.1"

    name: str
    placed_at: AwareDatetime
    local_date: date
    cancelled_at: AwareDatetime | None = None
    cancel_reason: str | None = None
    closed_at: AwareDatetime | None = None
    test: bool = False
    source: str | None = None
    currency: CurrencyCode
    presentment_currency: CurrencyCode
    taxes_included: bool
    customer: Customer | None = None
    email: str | None = None
    phone: str | None = None
    billing_address: Address | None = None
    shipping_address: Address | None = None
    lines: tuple[OrderLine, ...]
    lines_complete: bool = True
    shipping_lines: tuple[ShippingLine, ...] = ()
    total: PayableMoneySet
    total_tax: PayableMoneySet
    payment_state: PaymentState
    fulfillment_state: FulfillmentState = FulfillmentState.UNFULFILLED
    payment_gateways: tuple[str, ...] = ()
    note: str | None = None
    tags: tuple[str, ...] = ()
