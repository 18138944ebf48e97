"""What Odoo asks another system to do. Each command is one effect, wanted once."""

from typing import ClassVar

from pydantic import AwareDatetime

from .base import CanonicalModel
from .event import Event
from .money import Money
from .parcel_tracking import TrackingState
from .shipment import ShipmentLine, Tracking


class Command(CanonicalModel):
    """One effect at the other side.

    ``entity_key`` (the order's, say) orders a command among the commands of one entity.
    """

    kind: ClassVar[str]

    @property
    def entity_key(self) -> str:
        """What the command is about: the unit of order and of blocking."""
        raise NotImplementedError


class OrderCommand(Command):
    """A command about an order of the channel."""

    order_external_id: str

    @property
    def entity_key(self) -> str:
        """The order's key: what is asked about one order is asked in order."""
        return f"order:{self.order_external_id}"


class Fulfill(OrderCommand):
    """Tell the channel that goods of an order left.

    Quantities are in units of the channel's order lines. ``location_external_id`` is where they
    left from, where the channel knows it. ``reference`` is our own name of the shipment.
    """

    kind: ClassVar[str] = "fulfill"

    reference: str
    lines: tuple[ShipmentLine, ...]
    location_external_id: str | None = None
    carrier: str | None = None
    trackings: tuple[Tracking, ...] = ()
    notify_customer: bool = True


class UpdateTracking(OrderCommand):
    """Replace the parcels of a fulfilment that the channel knows already."""

    kind: ClassVar[str] = "update_tracking"

    fulfillment_external_id: str
    carrier: str | None = None
    trackings: tuple[Tracking, ...] = ()
    notify_customer: bool = True


class CancelFulfillment(OrderCommand):
    """Take a fulfilment back: its goods did not leave after all."""

    kind: ClassVar[str] = "cancel_fulfillment"

    fulfillment_external_id: str


class ReportDelivery(Command):
    """Tell the channel where the parcels of a fulfilment are; each state is told once.

    ``state`` is that of the parcels as a whole, ``occurred_at`` when they came to be there.
    """

    kind: ClassVar[str] = "report_delivery"

    order_external_id: str
    fulfillment_external_id: str
    state: TrackingState
    occurred_at: AwareDatetime | None = None
    expected_at: AwareDatetime | None = None

    @property
    def entity_key(self) -> str:
        """The fulfilment's key: what cannot be told of it hinders nothing of its order."""
        return f"fulfillment:{self.fulfillment_external_id}"


class DeliverEvent(Command):
    """Tell a subscriber of an event.

    ``entity`` is what the event is about: events of one entity go to a subscription in order, and
    what is stuck hinders neither other entities nor other subscriptions.
    """

    kind: ClassVar[str] = "deliver_event"

    subscription: int
    entity: str
    event: Event

    @property
    def entity_key(self) -> str:
        """The entity's key within its subscription."""
        return f"subscription:{self.subscription}:{self.entity}"


class PaymentCommand(Command):
    """A command about a payment of the gateway: ``payment_external_id`` is the gateway's id."""

    payment_external_id: str
    order_external_id: str | None = None

    @property
    def entity_key(self) -> str:
        """The payment's key: what is asked about one payment is asked in order."""
        return f"payment:{self.payment_external_id}"


class RefundPayment(PaymentCommand):
    """Give money back. ``amount`` is positive, in the payment's currency.

    ``reference`` is our own name of the refund: the gateway keeps it, so that it can be found.
    """

    kind: ClassVar[str] = "refund_payment"

    amount: Money
    reference: str
    reason: str | None = None


class CapturePayment(PaymentCommand):
    """Take money that was authorised. What is not taken by the ``final`` capture is set free."""

    kind: ClassVar[str] = "capture_payment"

    amount: Money
    final: bool = True


class VoidPayment(PaymentCommand):
    """Set an authorisation free: nothing will be taken."""

    kind: ClassVar[str] = "void_payment"
