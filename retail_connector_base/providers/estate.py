"""Stores and registers of an estate, and what they are sent to sell: values without Odoo."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Register:
    """A register of a store, by the estate's own id."""

    external_id: str
    name: str


@dataclass(frozen=True)
class Store:
    """A store of an estate. ``timezone`` is an IANA name where the estate tells it."""

    external_id: str
    name: str
    timezone: str | None = None
    registers: tuple[Register, ...] = ()


@dataclass(frozen=True)
class FeedPromotion:
    """What a register may grant: a ``percent`` off (0.1 is a tenth) or an ``amount`` off.

    ``minimum_quantity`` of the item has to be bought; ``code`` is what the customer tells, if any.
    ``whole_ticket``: it lowers the ticket's total, not the item's.
    """

    external_id: str
    name: str
    percent: Decimal | None = None
    amount: Decimal | None = None
    minimum_quantity: Decimal = Decimal(1)
    code: str | None = None
    whole_ticket: bool = False


@dataclass(frozen=True)
class FeedItem:
    """What a store's registers should know of one product.

    ``reference`` is ours and stays; ``variant`` is the estate's id where it is bound. ``price`` is
    per unit in ``currency``, with tax as ``taxes_included`` says; ``tax_rates`` are fractions.
    ``available`` are units, ``None`` for what is not counted. An item that is not ``active`` is no
    longer sold there.
    """

    reference: str
    store: str
    variant: str | None
    sku: str | None
    barcodes: tuple[str, ...]
    title: str
    unit: str
    price: Decimal
    currency: str
    taxes_included: bool
    tax_rates: tuple[Decimal, ...] = ()
    available: Decimal | None = None
    promotions: tuple[FeedPromotion, ...] = ()
    active: bool = True
