"""What subscribers hear of: CloudEvents 1.0 (structured JSON), and the data of every type.

A type never changes its meaning; what would break a reader is a new type (``….v2``). New fields may
come with a higher ``schema_version``, so receivers ignore what they do not know.
"""

import json
from datetime import date
from typing import ClassVar, Literal

from pydantic import AwareDatetime, Field, JsonValue

from .address import Address
from .base import CanonicalModel
from .consent import Consent
from .money import ExactDecimal, Money
from .shipment import Tracking


class EventData(CanonicalModel):
    """What an event tells. Amounts and quantities are exact decimals written as strings."""

    type: ClassVar[str]
    label: ClassVar[str]
    schema_version: ClassVar[str] = "1.0"

    @classmethod
    def schema_name(cls) -> str:
        """Return the name of the schema among the served ones."""
        return cls.type


class ChannelOrder(CanonicalModel):
    """The order as its channel knows it: the channel's name, its own id and number."""

    channel: str
    external_id: str
    number: str | None = None


class ChannelCustomer(CanonicalModel):
    """The customer as a channel knows him."""

    channel: str
    external_id: str


class EventLine(CanonicalModel):
    """A line of a document. ``total`` includes taxes; ``external_id`` is the channel's line."""

    sku: str | None = None
    description: str
    quantity: ExactDecimal
    unit: str | None = None
    external_id: str | None = None
    unit_price: Money | None = None
    total: Money | None = None


class OrderEvent(EventData):
    """An event about an order: ``order`` is Odoo's number, empty only where there is none."""

    order: str
    channel_orders: tuple[ChannelOrder, ...] = ()


class OrderConfirmed(OrderEvent):
    """An order was confirmed: its goods are promised. ``warehouse`` is the code of the shipper."""

    type: ClassVar[str] = "retail.order.confirmed.v1"
    label: ClassVar[str] = "Order confirmed"

    ordered_at: AwareDatetime
    customer: str
    channel_customers: tuple[ChannelCustomer, ...] = ()
    warehouse: str | None = None
    untaxed: Money
    tax: Money
    total: Money
    lines: tuple[EventLine, ...]


class OrderCancelled(OrderEvent):
    """A confirmed order was cancelled."""

    type: ClassVar[str] = "retail.order.cancelled.v1"
    label: ClassVar[str] = "Order cancelled"


class PaymentCaptured(OrderEvent):
    """An order is paid. ``amount`` is the order's total in the currency it was placed in."""

    type: ClassVar[str] = "retail.payment.captured.v1"
    label: ClassVar[str] = "Payment captured"

    amount: Money
    gateways: tuple[str, ...] = ()


class StockChanged(EventData):
    """What can be sold of a product in a warehouse is another quantity now.

    ``available`` is on hand less reserved and promised, in ``unit``; it may be negative. ``before``
    is what this subscriber was told last. Only the latest of several counts.
    """

    type: ClassVar[str] = "retail.stock.changed.v1"
    label: ClassVar[str] = "Stock changed"

    sku: str | None
    product: str
    warehouse: str
    unit: str
    available: ExactDecimal
    before: ExactDecimal | None = None


class OrderShipped(OrderEvent):
    """Goods of an order left. An order may be shipped in several deliveries."""

    type: ClassVar[str] = "retail.order.shipped.v1"
    label: ClassVar[str] = "Order shipped"

    delivery: str
    shipped_at: AwareDatetime
    warehouse: str | None = None
    carrier: str | None = None
    trackings: tuple[Tracking, ...] = ()
    lines: tuple[EventLine, ...]


class OrderDelivered(OrderEvent):
    """The customer has all goods of an order."""

    type: ClassVar[str] = "retail.order.delivered.v1"
    label: ClassVar[str] = "Order delivered"


class ReturnCompleted(OrderEvent):
    """Goods of an order came back and are in the warehouse."""

    type: ClassVar[str] = "retail.return.completed.v1"
    label: ClassVar[str] = "Return completed"

    receipt: str
    received_at: AwareDatetime
    warehouse: str | None = None
    lines: tuple[EventLine, ...]


class RefundIssued(OrderEvent):
    """A credit note of an order was posted. Amounts are positive; ``order`` is its first order."""

    type: ClassVar[str] = "retail.refund.issued.v1"
    label: ClassVar[str] = "Refund issued"

    refund: str
    issued_on: date
    tax: Money
    total: Money
    lines: tuple[EventLine, ...]


class CustomerUpdated(EventData):
    """A customer of a channel was changed. ``customer`` is Odoo's number of him."""

    type: ClassVar[str] = "retail.customer.updated.v1"
    label: ClassVar[str] = "Customer updated"

    customer: str
    channel_customers: tuple[ChannelCustomer, ...]
    name: str
    email: str | None = None
    phone: str | None = None
    language: str | None = None
    address: Address
    consents: tuple[Consent, ...] = ()


class EndpointTested(EventData):
    """Somebody pressed “Send Test Event”: nothing happened."""

    type: ClassVar[str] = "retail.endpoint.tested.v1"
    label: ClassVar[str] = "Test"

    message: str = "This is a test. Nothing happened."


# What can be subscribed to, by type.
EVENTS: dict[str, type[EventData]] = {
    model.type: model
    for model in (
        OrderConfirmed,
        OrderCancelled,
        PaymentCaptured,
        StockChanged,
        OrderShipped,
        OrderDelivered,
        ReturnCompleted,
        RefundIssued,
        CustomerUpdated,
    )
}
# What is sent as well, whatever was chosen.
UNASKED: dict[str, type[EventData]] = {EndpointTested.type: EndpointTested}


class Event(CanonicalModel):
    """The envelope of an event: CloudEvents 1.0, https://github.com/cloudevents/spec.

    ``id`` is the event's identity: the same in every delivery of it, to whichever subscriber.
    ``source`` is the Odoo that it comes from, ``subject`` what it is about.
    """

    specversion: Literal["1.0"] = "1.0"
    id: str = Field(min_length=1)
    source: str = Field(min_length=1)
    type: str = Field(min_length=1)
    subject: str
    time: AwareDatetime
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: str
    data: dict[str, JsonValue]

    @classmethod
    def of(
        cls, data: EventData, *, event_id: str, source: str, subject: str, time, schemas: str
    ) -> "Event":
        """Return the envelope of some data. ``schemas`` is the address of the served schemas."""
        schema = f"{schemas.rstrip('/')}/{data.schema_name()}/{data.schema_version}.json"
        return cls(
            id=event_id,
            source=source,
            type=data.type,
            subject=subject,
            time=time,
            dataschema=schema,
            data=data.model_dump(mode="json"),
        )

    def content(self) -> EventData:
        """Return the data as a model. Raises ``KeyError`` for a type that does not exist."""
        return {**EVENTS, **UNASKED}[self.type].model_validate(self.data)

    def body(self) -> bytes:
        """Return the bytes that are signed and sent, the same for every attempt."""
        content = self.model_dump(mode="json")
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return text.encode("utf-8", "replace")
