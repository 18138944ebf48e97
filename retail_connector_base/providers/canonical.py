"""Systems without a vendor's file of their own: they speak the canonical API."""

from collections.abc import Collection

from ..canonical import ROUTES, CanonicalMessage, Command, DeliverEvent
from .canonical_body import read_canonical
from .capability import Capability
from .errors import AuthenticationError
from .event_delivery import deliver
from .flow import Direction, FlowSpec
from .outbound import CommandResult
from .provider import ConnectionReport, Provider
from .request import Delivery, RawRequest, StoredMessage


class CanonicalProvider(Provider):
    """Any channel that posts canonical messages with the token of an API client, or hears events.

    It has no webhook of its own: what comes to its address is refused.
    """

    code = "canonical"
    label = "Canonical API"
    capabilities = frozenset(
        {
            Capability.ORDERS_IN,
            Capability.CUSTOMERS_IN,
            Capability.PRODUCTS_IN,
            Capability.EVENTS_OUT,
            Capability.PAYMENTS_IN,
            Capability.REFUNDS_IN,
            Capability.PAYOUTS_IN,
            Capability.DISPUTES_IN,
            Capability.TICKETS_IN,
            Capability.CLOSINGS_IN,
            Capability.FEED_READ,
            Capability.RELEASE_READ,
            Capability.WAREHOUSE_ORDERS_IN,
            Capability.SHIPMENTS_IN,
            Capability.RETURNS_IN,
            Capability.RECEIPTS_IN,
            Capability.SNAPSHOTS_IN,
            Capability.TRACKINGS_IN,
            Capability.INVOICES_IN,
        }
    )
    flows = (
        *(FlowSpec(model.kind, topics=(f"api/{route}",)) for route, model in ROUTES.items()),
        FlowSpec("event", Direction.OUT),
        FlowSpec("pos_item", Direction.OUT, tier=2, interval=60),
    )

    def verify(self, request: RawRequest) -> Delivery:
        """Refuse: messages of this system come through the API, with a token."""
        raise AuthenticationError("This system sends canonical messages, with a token.")

    def parse(self, message: StoredMessage) -> CanonicalMessage:
        """Read a canonical message."""
        return read_canonical(message)

    def test_connection(self) -> ConnectionReport:
        """Tell that there is nobody to ask: this system calls us, and proves itself each time."""
        return ConnectionReport(account=self.label)

    def send(
        self, command: Command, key: str, known: Collection[str] | None = None
    ) -> CommandResult:
        """Deliver an event to its subscriber, signed with all secrets that are valid."""
        if isinstance(command, DeliverEvent):
            return deliver(self.context, command, key)
        return super().send(command, key, known)

    def look_up(
        self, command: Command, key: str, known: Collection[str] = ()
    ) -> CommandResult | None:
        """Tell that an event is to be sent again: receivers know duplicates by their id."""
        if isinstance(command, DeliverEvent):
            return None
        return super().look_up(command, key, known)
