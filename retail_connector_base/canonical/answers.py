"""What the canonical API answers. Moments are UTC, amounts exact decimals in the named currency."""

from enum import Enum
from typing import Generic, TypeVar

from pydantic import AwareDatetime, Field

from .base import CanonicalModel
from .money import CurrencyCode, ExactDecimal
from .shipment import Tracking

Item = TypeVar("Item")


class FieldError(CanonicalModel):
    """One wrong field, named by its JSON pointer."""

    pointer: str
    detail: str


class Problem(CanonicalModel):
    """Why a request, or one item of it, was refused (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str | None = None
    errors: tuple[FieldError, ...] | None = None


class ItemStatus(str, Enum):
    """What became of one item. All but ``rejected`` are kept.

    ``unsupported`` waits until the module is installed that works on its kind.
    """

    STORED = "stored"
    UNSUPPORTED = "unsupported"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    REJECTED = "rejected"


class ItemAnswer(CanonicalModel):
    """The answer to one item of a request; ``id`` names the message from then on."""

    index: int
    status: ItemStatus
    id: str | None = None
    href: str | None = None
    problem: Problem | None = None


class Receipt(CanonicalModel):
    """The answer to a request, item by item in their order."""

    items: tuple[ItemAnswer, ...]


class Refusal(Problem):
    """Why nothing of a request was taken; ``items`` tells of each, where they could be read."""

    items: tuple[ItemAnswer, ...] | None = None


class MessageState(str, Enum):
    """How far a message has come. The last four need a person of the retailer."""

    RECEIVED = "received"
    RETRY = "retry"
    WAITING = "waiting"
    DONE = "done"
    SUPERSEDED = "superseded"
    IGNORED = "ignored"
    UNSUPPORTED = "unsupported"
    QUARANTINED = "quarantined"
    BLOCKED = "blocked"
    CONFLICT = "conflict"


class MessageStatus(CanonicalModel):
    """What became of a message. ``document`` is the Odoo document's own name, e.g. an order's."""

    id: str
    kind: str | None
    entity_key: str
    state: MessageState
    received_at: AwareDatetime
    finished_at: AwareDatetime | None = None
    next_attempt_at: AwareDatetime | None = None
    attempts: int = 0
    error_class: str | None = None
    error: str | None = None
    document: str | None = None


class ShippedLine(CanonicalModel):
    """A quantity, in units, of one line of the order that left."""

    order_line_external_id: str
    sku: str | None = None
    quantity: ExactDecimal


class ShipmentStatus(CanonicalModel):
    """Goods of an order that left. ``external_id`` is the channel's id where it has one."""

    reference: str
    external_id: str | None = None
    order_external_id: str
    state: str
    shipped_at: AwareDatetime | None = None
    carrier: str | None = None
    trackings: tuple[Tracking, ...] = ()
    lines: tuple[ShippedLine, ...] = ()


class OrderLineStatus(CanonicalModel):
    """One line of an order in Odoo; quantities in units of the product."""

    external_id: str
    sku: str | None = None
    quantity: ExactDecimal
    delivered_quantity: ExactDecimal
    invoiced_quantity: ExactDecimal


class OrderStatus(CanonicalModel):
    """An order as it stands in Odoo. ``holds`` are the reasons why it is not released."""

    external_id: str
    name: str | None
    document: str
    state: str
    payment_state: str | None
    holds: tuple[str, ...] = ()
    currency: CurrencyCode
    total: ExactDecimal
    total_tax: ExactDecimal
    lines: tuple[OrderLineStatus, ...] = ()
    shipments: tuple[ShipmentStatus, ...] = ()
    updated_at: AwareDatetime


class Availability(CanonicalModel):
    """What can be sold of one item at one location, in whole units."""

    sku: str | None
    barcode: str | None = None
    variant_external_id: str | None = None
    location: str
    available: int


class PromotionScope(str, Enum):
    """What a promotion lowers: the item it is told with, or the whole ticket."""

    ITEM = "item"
    TICKET = "ticket"


class FeedPromotion(CanonicalModel):
    """What a register may grant: ``percent`` off (a fraction) or ``amount`` off.

    ``minimum_quantity`` of the item has to be bought; with ``code``, the customer has to tell it.
    """

    external_id: str
    name: str
    scope: PromotionScope
    percent: ExactDecimal | None = None
    amount: ExactDecimal | None = None
    minimum_quantity: ExactDecimal
    code: str | None = None


class FeedItem(CanonicalModel):
    """What the registers of a store should know of one product.

    ``reference`` stays the same for ever. ``price`` is per ``unit``, with tax as ``taxes_included``
    says; ``tax_rates`` are fractions. ``available`` are units, ``None`` for what is not counted.
    What is not ``active`` is not sold there any more.
    """

    reference: str
    store_external_id: str
    variant_external_id: str | None = None
    sku: str | None = None
    barcodes: tuple[str, ...] = ()
    title: str
    unit: str
    price: ExactDecimal
    currency: CurrencyCode
    taxes_included: bool
    tax_rates: tuple[ExactDecimal, ...] = ()
    available: ExactDecimal | None = None
    promotions: tuple[FeedPromotion, ...] = ()
    active: bool


class CustomerRecord(CanonicalModel):
    """A customer as Odoo knows him; ``external_id`` is the asking system's own, if it has one."""

    external_id: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    city: str | None = None
    zip: str | None = None
    country_code: str | None = None
    updated_at: AwareDatetime


class Page(CanonicalModel, Generic[Item]):
    """Some of what was asked for. ``next`` is the cursor of the next page, ``None`` at the end."""

    items: tuple[Item, ...]
    next: str | None = None
    as_of: AwareDatetime = Field(description="The moment (UTC) that the figures are of.")


class FeedPage(Page[FeedItem]):
    """Some of a store's feed. ``since`` is what to ask with next time, for what changes later."""

    since: str
