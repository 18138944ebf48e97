"""The Square adapter: what it offers, and where each part of it is done."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from odoo.addons.retail_connector_base.canonical import CanonicalMessage
from odoo.addons.retail_connector_base.providers import (
    Answer,
    Capability,
    ConnectionReport,
    CredentialSpec,
    Delivery,
    Direction,
    FeedItem,
    FlowSpec,
    Location,
    Mode,
    Page,
    Provider,
    RawRequest,
    ReceivedMessage,
    SettingSpec,
    StockChange,
    StockKey,
    Store,
    StoredMessage,
    SubscriptionReport,
)

from . import feed, inventory
from .client import DEFAULT_VERSION, SquareClient, environment
from .connection import report_connection
from .one import fetch_one
from .parse import parse
from .polls import LISTS, Poll
from .signature import HEADER, OLD_HEADER, require_signature
from .stores import read_stores
from .subscriptions import synchronise
from .topics import (
    CATALOG_EVENTS,
    DISPUTE_EVENTS,
    ORDER_EVENTS,
    PAYMENT_EVENTS,
    PAYOUT_EVENTS,
    STOCK_EVENTS,
)
from .webhook import to_messages


class SquareProvider(Provider):
    """One Square seller: the registers of all locations, by webhooks and the API."""

    code = "square"
    label = "Square"
    capabilities = frozenset(
        {
            Capability.WEBHOOKS,
            Capability.SUBSCRIPTIONS,
            Capability.TICKETS_IN,
            Capability.TICKET_POLL,
            Capability.CLOSINGS_IN,
            Capability.CLOSING_POLL,
            Capability.REGISTERS,
            Capability.PRODUCTS_IN,
            Capability.PRODUCT_ADOPTION,
            Capability.LOCATIONS,
            Capability.STOCK_OUT,
            Capability.STOCK_CHANGES_IN,
            Capability.FEED_OUT,
            Capability.PAYMENTS_IN,
            Capability.PAYMENT_POLL,
            Capability.PAYOUTS_IN,
            Capability.PAYOUT_POLL,
            Capability.DISPUTES_IN,
            Capability.DISPUTE_POLL,
        }
    )
    credentials = (
        CredentialSpec(
            "access_token",
            "Access token",
            "Of an application of the seller's own, from the Developer Console under Credentials. "
            "It does not expire, and may read and write everything of the seller.",
        ),
        CredentialSpec(
            "signature_key",
            "Signature key",
            "Of the webhook subscription: set up the subscriptions, then show the key in the "
            "Developer Console under Webhooks and enter it here. Until then events are refused.",
        ),
    )
    settings = (
        SettingSpec(
            "environment", "Environment", "production, or sandbox for tests.", default="production"
        ),
        SettingSpec(
            "notification_url",
            "Notification URL",
            "The address that Square sends to, to the letter: Square signs it. Leave it empty "
            "where Odoo is reached at the address that it shows.",
            required=False,
        ),
        SettingSpec("api_version", "API version", "YYYY-MM-DD.", default=DEFAULT_VERSION),
        SettingSpec(
            "api_url",
            "API address",
            "Only for the simulator on this machine; leave it empty for Square.",
            required=False,
        ),
    )
    flows = (
        FlowSpec(kind="pos_ticket", interval=15, topics=tuple(ORDER_EVENTS)),
        FlowSpec(kind="pos_closing", mode=Mode.POLL, tier=2, interval=60),
        FlowSpec(kind="product", tier=2, interval=720, topics=tuple(CATALOG_EVENTS)),
        FlowSpec(kind="stock_level", topics=tuple(STOCK_EVENTS)),
        FlowSpec(kind="payment", tier=2, interval=30, topics=tuple(PAYMENT_EVENTS)),
        FlowSpec(kind="dispute", tier=2, interval=60, topics=tuple(DISPUTE_EVENTS)),
        FlowSpec(kind="payout", tier=2, interval=60, topics=tuple(PAYOUT_EVENTS)),
        FlowSpec(
            kind="stock_level",
            direction=Direction.OUT,
            mode=Mode.BATCH,
            interval=60,
            starts_paused=True,
        ),
        FlowSpec(
            kind="pos_item",
            direction=Direction.OUT,
            mode=Mode.BATCH,
            tier=2,
            interval=60,
            starts_paused=True,
        ),
    )
    stock_batch = inventory.BATCH
    feed_batch = feed.BATCH

    def verify(self, request: RawRequest) -> Delivery:
        """Check the signature, then make messages of the event, whatever it is."""
        require_signature(
            request.header(HEADER),
            self.context.secrets.get("signature_key", ()),
            self.context.settings.get("notification_url") or request.url,
            request.body,
            request.header(OLD_HEADER),
        )
        return Delivery(to_messages(request.body))

    def parse(self, message: StoredMessage) -> CanonicalMessage:
        """Read an event, or what was read from the API."""
        return parse(message)

    def fetch(self, kind: str, cursor: str, since: datetime | None = None) -> Iterator[Page]:
        """Yield what changed of a kind since a moment."""
        if kind not in LISTS:
            return super().fetch(kind, cursor, since)
        return Poll(self._client(), kind).pages(cursor, since)

    def fetch_one(self, kind: str, external_id: str) -> ReceivedMessage | None:
        """Return one entity as Square holds it now; ``None`` for an order that is no ticket yet."""
        if kind not in LISTS:
            return super().fetch_one(kind, external_id)
        return fetch_one(self._client(), kind, external_id)

    def test_connection(self) -> ConnectionReport:
        """Ask Square who we are, and what the token may read."""
        return report_connection(self._client(), environment(self.context))

    def sync_subscriptions(self, url: str, without: Collection[str] = ()) -> SubscriptionReport:
        """Create, repair and tidy the webhook subscription of the flows."""
        told = self.context.settings.get("notification_url") or url
        return synchronise(self._client(), told, self.topics(without))

    def stores(self) -> tuple[Store, ...]:
        """Return the locations with their devices."""
        return read_stores(self._client())

    def locations(self) -> tuple[Location, ...]:
        """Return the places where Square counts stock."""
        return inventory.locations(self._client())

    def read_stock(self, keys: Sequence[StockKey]) -> dict[StockKey, int]:
        """Return what can be sold of variations at locations."""
        return inventory.read_stock(self._client(), keys)

    def change_stock(self, changes: Sequence[StockChange], key: str) -> list[Answer]:
        """Write quantities as physical counts, where Square holds what is expected."""
        return inventory.StockWriter(self._client(), key).apply(changes)

    def change_feed(self, items: Sequence[FeedItem], key: str) -> list[Answer]:
        """Write items of the catalogue with the prices of each location."""
        return feed.FeedWriter(self._client(), key).apply(items)

    def _client(self) -> SquareClient:
        return SquareClient(self.context)
