"""What Odoo asks a warehouse or a carrier to do."""

from typing import ClassVar

from pydantic import AwareDatetime

from .address import Address
from .base import CanonicalModel
from .command import Command, OrderCommand
from .money import ExactDecimal, Money
from .shipment import Tracking


class Recipient(CanonicalModel):
    """Who gets the goods, and where."""

    address: Address
    email: str | None = None
    phone: str | None = None


class ReleaseLine(CanonicalModel):
    """Units of one item to be sent. ``external_id`` is our own reference of the line, for ever.

    ``item_external_id`` is the warehouse's id of the item where it is bound. ``unit`` is the
    warehouse's word where it counts in anything but units. ``value`` is per unit (for customs).
    """

    external_id: str
    sku: str
    item_external_id: str | None = None
    name: str
    quantity: ExactDecimal
    unit: str | None = None
    lots: tuple[str, ...] = ()
    value: Money | None = None


class ReleaseOrder(OrderCommand):
    """Have a warehouse send goods. ``order_external_id`` is our own reference of the release.

    ``order_name`` is the number that the customer knows. ``priority``: the higher the sooner.
    ``carrier`` and ``service`` are in the warehouse's words.
    """

    kind: ClassVar[str] = "release_order"

    location_external_id: str
    order_name: str
    recipient: Recipient
    lines: tuple[ReleaseLine, ...]
    priority: int = 0
    ordered_at: AwareDatetime | None = None
    ship_by: AwareDatetime | None = None
    carrier: str | None = None
    service: str | None = None
    note: str | None = None
    gift_message: str | None = None
    tags: tuple[str, ...] = ()


class ReleaseRequest(OrderCommand):
    """A request about a release. ``warehouse_order_external_id`` is the warehouse's id of it."""

    request_reference: str
    warehouse_order_external_id: str | None = None
    location_external_id: str


class ChangeRelease(ReleaseRequest):
    """Change where a release goes (``recipient``) or what it holds (all its ``lines``)."""

    kind: ClassVar[str] = "change_release"

    recipient: Recipient | None = None
    lines: tuple[ReleaseLine, ...] | None = None


class CancelRelease(ReleaseRequest):
    """Ask the warehouse not to send an order."""

    kind: ClassVar[str] = "cancel_release"

    reason: str | None = None


class AnnouncedLine(CanonicalModel):
    """Units of one item that will arrive. ``external_id`` is our own reference of the line."""

    external_id: str
    sku: str
    item_external_id: str | None = None
    name: str
    quantity: ExactDecimal
    unit: str | None = None
    lots: tuple[str, ...] = ()


class AnnouncementCommand(Command):
    """A command about goods that come to a warehouse. ``reference`` is our own name of it."""

    reference: str
    location_external_id: str

    @property
    def entity_key(self) -> str:
        """The announcement's key."""
        return f"receipt:{self.reference}"


class AnnounceReceipt(AnnouncementCommand):
    """Tell a warehouse what a supplier sends."""

    kind: ClassVar[str] = "announce_receipt"

    lines: tuple[AnnouncedLine, ...]
    expected_at: AwareDatetime | None = None
    supplier: str | None = None
    carrier: str | None = None
    trackings: tuple[Tracking, ...] = ()
    note: str | None = None


class CancelAnnouncement(AnnouncementCommand):
    """Tell a warehouse that announced goods will not come."""

    kind: ClassVar[str] = "cancel_announcement"

    announcement_external_id: str | None = None


class AnnounceReturn(AnnouncementCommand):
    """Tell a warehouse what a customer sends back. ``order_external_id``: our release of it."""

    kind: ClassVar[str] = "announce_return"

    order_external_id: str | None = None
    lines: tuple[AnnouncedLine, ...]
    carrier: str | None = None
    trackings: tuple[Tracking, ...] = ()

    @property
    def entity_key(self) -> str:
        """The return's key."""
        return f"return:{self.reference}"


class CancelReturn(AnnouncementCommand):
    """Tell a warehouse that an announced return will not come."""

    kind: ClassVar[str] = "cancel_return"

    announcement_external_id: str | None = None

    @property
    def entity_key(self) -> str:
        """The return's key."""
        return f"return:{self.reference}"


class TrackParcel(Command):
    """Have a carrier service tell where a parcel is from now on."""

    kind: ClassVar[str] = "track_parcel"

    number: str
    carrier: str | None = None

    @property
    def entity_key(self) -> str:
        """The parcel's key."""
        return f"parcel:{self.number}"


class Package(CanonicalModel):
    """A parcel's weight in grams and size in millimetres."""

    weight_grams: ExactDecimal
    length_mm: ExactDecimal | None = None
    width_mm: ExactDecimal | None = None
    height_mm: ExactDecimal | None = None


class BuyLabel(Command):
    """Buy a label for one parcel of a delivery; ``reference`` is our own name of the parcel.

    The result's ``details`` hold ``tracking_number``, ``label_url``, ``amount`` and ``currency``.
    """

    kind: ClassVar[str] = "buy_label"

    reference: str
    sender: Recipient
    recipient: Recipient
    package: Package
    carrier: str | None = None
    service: str | None = None

    @property
    def entity_key(self) -> str:
        """The parcel's key."""
        return f"label:{self.reference}"


WAREHOUSE_COMMANDS: tuple[type[Command], ...] = (
    ReleaseOrder,
    ChangeRelease,
    CancelRelease,
    AnnounceReceipt,
    CancelAnnouncement,
    AnnounceReturn,
    CancelReturn,
    TrackParcel,
    BuyLabel,
)
