"""The ShipBob adapter: what it offers, and where each part of it is done."""

from collections.abc import Collection, Iterator
from datetime import datetime

from odoo.addons.retail_connector_base.canonical import CanonicalMessage, Command
from odoo.addons.retail_connector_base.providers import (
    Capability,
    CommandResult,
    ConnectionReport,
    CredentialSpec,
    Delivery,
    Direction,
    FlowSpec,
    Location,
    Mode,
    Page,
    Provider,
    RawRequest,
    ReceivedMessage,
    SettingSpec,
    StoredMessage,
    SubscriptionReport,
)

from . import sending
from .client import ShipBobClient
from .connection import report_connection
from .one import FETCHED, fetch_one
from .parse import parse
from .polls import LISTS, Poll
from .signature import require_signature
from .subscriptions import synchronise
from .topics import DELIVERED_EVENTS, HELD_EVENTS, RETURN_EVENTS, SHIPPED_EVENTS
from .warehouses import read_warehouses
from .webhook import to_messages


class ShipBobProvider(Provider):
    """One channel of a ShipBob account: orders, shipments, returns, receiving, stock, invoices."""

    code = "shipbob"
    label = "ShipBob"
    capabilities = frozenset(
        {
            Capability.WEBHOOKS,
            Capability.SUBSCRIPTIONS,
            Capability.WAREHOUSES,
            Capability.RELEASE_ORDER,
            Capability.CHANGE_RELEASE,
            Capability.CANCEL_RELEASE,
            Capability.ANNOUNCE_RECEIPT,
            Capability.CANCEL_ANNOUNCEMENT,
            Capability.ANNOUNCE_RETURN,
            Capability.CANCEL_RETURN,
            Capability.WAREHOUSE_ORDERS_IN,
            Capability.WAREHOUSE_ORDER_POLL,
            Capability.SHIPMENTS_IN,
            Capability.SHIPMENT_POLL,
            Capability.RETURNS_IN,
            Capability.RETURN_POLL,
            Capability.RECEIPTS_IN,
            Capability.RECEIPT_POLL,
            Capability.SNAPSHOTS_IN,
            Capability.SNAPSHOT_POLL,
            Capability.TRACKINGS_IN,
            Capability.TRACKING_POLL,
            Capability.PRODUCTS_IN,
            Capability.PRODUCT_ADOPTION,
            Capability.INVOICES_IN,
            Capability.INVOICE_POLL,
        }
    )
    credentials = (
        CredentialSpec(
            "access_token",
            "Access token",
            "A personal access token of the account's root user, from the ShipBob Dashboard under "
            "Integrations, API Tokens. It does not expire.",
        ),
        CredentialSpec(
            "webhook_secret",
            "Webhook secret",
            "“whsec_” and 32 letters, digits, + or /, of your own invention: ShipBob signs events "
            "with it once the subscriptions are set up. Until then events are refused.",
        ),
    )
    settings = (
        SettingSpec(
            "environment", "Environment", "production, or sandbox for tests.", default="production"
        ),
        SettingSpec(
            "channel_id",
            "Channel",
            "The number of the channel that orders are released to. Leave it empty for the first "
            "connection test: it names the channels that the token may write to.",
            required=False,
        ),
        SettingSpec(
            "shipping_method",
            "Shipping option",
            "For orders whose carrier in Odoo has no word of ShipBob's.",
            default="Standard",
        ),
        SettingSpec(
            "fulfillment_centers",
            "Fulfilment centres",
            "The numbers of those that you use, separated by commas. Leave it empty to count all "
            "that hold anything of yours.",
            required=False,
        ),
        SettingSpec(
            "api_url",
            "API address",
            "Only for the simulator on this machine; leave it empty for ShipBob.",
            required=False,
        ),
    )
    flows = (
        FlowSpec(kind="warehouse_order", interval=15, topics=HELD_EVENTS),
        FlowSpec(kind="shipment", interval=10, topics=SHIPPED_EVENTS),
        FlowSpec(kind="return", tier=2, interval=60, topics=RETURN_EVENTS),
        FlowSpec(kind="receipt", mode=Mode.POLL, tier=2, interval=60),
        FlowSpec(kind="stock_snapshot", mode=Mode.POLL, tier=3, interval=1440),
        FlowSpec(kind="tracking", tier=2, interval=60, topics=DELIVERED_EVENTS),
        FlowSpec(kind="product", mode=Mode.POLL, tier=3, interval=720),
        FlowSpec(kind="warehouse_invoice", mode=Mode.POLL, tier=3, interval=1440),
        FlowSpec(kind="release", direction=Direction.OUT),
        FlowSpec(kind="announcement", direction=Direction.OUT, tier=2),
    )

    def verify(self, request: RawRequest) -> Delivery:
        """Check the signature, then make messages of the event, whatever it is."""
        secrets = self.context.secrets.get("webhook_secret", ())
        event_id = require_signature(request, secrets, self.context.now())
        channel = (self.context.settings.get("channel_id") or "").strip()
        return Delivery(to_messages(request, event_id, channel))

    def parse(self, message: StoredMessage) -> CanonicalMessage:
        """Read an event, or what was read from the API."""
        return parse(message)

    def fetch(self, kind: str, cursor: str, since: datetime | None = None) -> Iterator[Page]:
        """Yield what changed of a kind since a moment."""
        if kind not in LISTS:
            return super().fetch(kind, cursor, since)
        return Poll(self._client(), kind).pages(cursor, since)

    def fetch_one(self, kind: str, external_id: str) -> ReceivedMessage | None:
        """Return one entity as ShipBob holds it now."""
        if kind not in FETCHED:
            return super().fetch_one(kind, external_id)
        return fetch_one(self._client(), kind, external_id)

    def test_connection(self) -> ConnectionReport:
        """Ask ShipBob which channels the token has, and what it may do in ours."""
        return report_connection(self.context)

    def sync_subscriptions(self, url: str, without: Collection[str] = ()) -> SubscriptionReport:
        """Create, repair and tidy the webhook subscription of the flows, with our secret."""
        secrets = self.context.secrets.get("webhook_secret", ())
        return synchronise(self._client(), url, self.topics(without), secrets)

    def warehouses(self) -> tuple[Location, ...]:
        """Return the fulfilment centres that the account may use."""
        return read_warehouses(self._client())

    def send(
        self, command: Command, key: str, known: Collection[str] | None = None
    ) -> CommandResult:
        """Have a command's effect; our references, not the key, tell ShipBob duplicates."""
        return sending.send(self._client(), command)

    def look_up(
        self, command: Command, key: str, known: Collection[str] = ()
    ) -> CommandResult | None:
        """Tell whether a command had its effect, by our references."""
        return sending.look_up(self._client(), command)

    def _client(self) -> ShipBobClient:
        return ShipBobClient(self.context)
