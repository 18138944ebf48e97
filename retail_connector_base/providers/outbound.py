"""What is written to a vendor, and what the vendor answers: values without Odoo.

*State* (stock, prices, listings) goes out in batches and is answered item by item. *Commands* go
out one by one and are answered with what they made.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum

from ..canonical.listing import Listing


class Verdict(str, Enum):
    """What became of one item of a batch."""

    DONE = "done"
    # The channel holds another state than we expected: ``actual`` says which.
    STALE = "stale"
    # The channel does not know the item any more.
    MISSING = "missing"
    # The channel understood and refuses the item: the same will be refused again.
    REJECTED = "rejected"


@dataclass(frozen=True)
class StockKey:
    """An item (the channel's id of what it counts) at a location of the channel."""

    item: str
    location: str


@dataclass(frozen=True)
class StockChange:
    """Make an item's sellable quantity (whole units) at a location equal to ``quantity``.

    ``expected`` is what the channel should hold now; the change is made only then. ``None``: it was
    never read and must be read by the provider before it is written.
    """

    key: StockKey
    quantity: int
    expected: int | None


@dataclass(frozen=True)
class PriceChange:
    """Set a variant's price (per unit, in ``currency``); ``compare_at`` is the price before it.

    ``compare_at`` of ``None`` takes a former one away.
    """

    variant: str
    product: str
    price: Decimal
    currency: str
    compare_at: Decimal | None = None


@dataclass(frozen=True)
class ListingChange:
    """Make a product look like a listing.

    ``fields`` names what differs (``title``, ``images``, ``variants`` …); all of them for one that
    is new. ``image`` returns the bytes behind a digest.
    """

    listing: Listing
    fields: frozenset[str]
    image: Callable[[str], bytes]


@dataclass(frozen=True)
class Answer:
    """What became of one item. ``text`` says why, in the vendor's words, without secrets.

    ``actual`` is the quantity that the channel holds where it said so.
    """

    verdict: Verdict
    text: str = ""
    actual: int | None = None


@dataclass(frozen=True)
class VariantIds:
    """The channel's ids of a variant, by our reference."""

    reference: str
    external_id: str
    inventory_item_external_id: str | None = None


@dataclass(frozen=True)
class ListingAnswer(Answer):
    """What became of a listing, with the ids the channel gave."""

    external_id: str | None = None
    variants: tuple[VariantIds, ...] = ()


@dataclass(frozen=True)
class CommandResult:
    """What a command made at the other side: its ids there, and what a person should know.

    ``status`` is what was answered over HTTP, where that is worth knowing. ``details`` are what
    else the command's exporter wants to know, by the names that the command documents.
    """

    external_ids: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())
    status: int | None = None
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Balance:
    """What a gateway holds for us in one currency: ready to be paid out, and not yet."""

    currency: str
    available: Decimal
    pending: Decimal


@dataclass(frozen=True)
class Location:
    """A place where the channel keeps stock."""

    external_id: str
    name: str
    active: bool = True
