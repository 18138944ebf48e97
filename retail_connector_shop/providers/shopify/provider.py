"""The Shopify adapter: what it offers, and where each part of it is done."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from odoo.addons.retail_connector_base.canonical import CanonicalMessage, Command
from odoo.addons.retail_connector_base.providers import (
    Answer,
    AuthenticationError,
    Balance,
    Capability,
    CommandResult,
    ConnectionReport,
    CredentialSpec,
    Delivery,
    Direction,
    FlowSpec,
    ListingAnswer,
    ListingChange,
    Location,
    Mode,
    Page,
    PriceChange,
    Provider,
    RawRequest,
    ReceivedMessage,
    SettingSpec,
    StockChange,
    StockKey,
    StoredMessage,
    SubscriptionReport,
)
from odoo.addons.retail_connector_base.providers.signature import require_hmac_sha256_base64

from . import commands, webhook
from .client import ShopifyClient
from .connection import report_connection
from .inventory import StockWriter
from .inventory_read import read_levels
from .listings import write_listing
from .lists import LISTS
from .locations import read_locations
from .parse import parse
from .payouts import read_balance
from .prices import write_prices
from .subscriptions import synchronise


class ShopifyProvider(Provider):
    """One Shopify shop, by its webhooks and the GraphQL Admin API."""

    code = "shopify"
    label = "Shopify"
    capabilities = frozenset(
        {
            Capability.WEBHOOKS,
            Capability.SUBSCRIPTIONS,
            Capability.ORDERS_IN,
            Capability.CUSTOMERS_IN,
            Capability.PRODUCTS_IN,
            Capability.ORDER_POLL,
            Capability.ORDER_FETCH,
            Capability.CUSTOMER_POLL,
            Capability.PRODUCT_ADOPTION,
            Capability.LOCATIONS,
            Capability.STOCK_OUT,
            Capability.STOCK_COMPARE_AND_SWAP,
            Capability.STOCK_CHANGES_IN,
            Capability.PRICES_OUT,
            Capability.COMPARE_AT_PRICES,
            Capability.PRODUCTS_OUT,
            Capability.FULFILL,
            Capability.UPDATE_TRACKING,
            Capability.CANCEL_FULFILLMENT,
            Capability.REPORT_DELIVERY,
            Capability.PAYMENTS_IN,
            Capability.PAYMENT_POLL,
            Capability.REFUNDS_IN,
            Capability.PAYOUTS_IN,
            Capability.PAYOUT_POLL,
            Capability.DISPUTES_IN,
            Capability.DISPUTE_POLL,
            Capability.BALANCE,
            Capability.REFUND_PAYMENT,
            Capability.CAPTURE_PAYMENT,
            Capability.VOID_PAYMENT,
        }
    )
    credentials = (
        CredentialSpec(
            "client_secret",
            "Client secret",
            "From the app's settings in the Dev Dashboard. It also signs the webhooks.",
        ),
        CredentialSpec(
            "access_token",
            "Access token",
            "Only for older custom apps, whose token is fixed. Leave it empty for apps of the "
            "Dev Dashboard: their tokens are fetched with client id and secret.",
            required=False,
        ),
    )
    settings = (
        SettingSpec("shop_domain", "Shop domain", "The shop's own domain, my-shop.myshopify.com."),
        SettingSpec(
            "client_id",
            "Client ID",
            "From the app's settings in the Dev Dashboard; not needed with a fixed token.",
            required=False,
        ),
        SettingSpec("api_version", "API version", "Quarterly, YYYY-MM.", default="2026-04"),
        SettingSpec(
            "api_url",
            "API address",
            "Only for the simulator on this machine; leave it empty for a real shop.",
            required=False,
        ),
    )
    flows = (
        FlowSpec(
            kind="order",
            interval=15,
            topics=(
                "orders/create",
                "orders/updated",
                "orders/paid",
                "orders/cancelled",
                "orders/fulfilled",
                "orders/partially_fulfilled",
                "orders/delete",
            ),
        ),
        FlowSpec(
            kind="customer",
            tier=2,
            topics=("customers/create", "customers/update", "customers/delete"),
        ),
        FlowSpec(
            kind="product",
            tier=2,
            topics=("products/create", "products/update", "products/delete"),
        ),
        FlowSpec(kind="stock_level", tier=2, topics=("inventory_levels/update",)),
        FlowSpec(kind="shipment", tier=2, topics=("fulfillments/create", "fulfillments/update")),
        FlowSpec(
            kind="stock_level",
            direction=Direction.OUT,
            mode=Mode.BATCH,
            interval=60,
            starts_paused=True,
        ),
        FlowSpec(
            kind="price",
            direction=Direction.OUT,
            mode=Mode.BATCH,
            tier=2,
            interval=60,
            starts_paused=True,
        ),
        FlowSpec(
            kind="product",
            direction=Direction.OUT,
            mode=Mode.BATCH,
            tier=2,
            interval=60,
            starts_paused=True,
        ),
        FlowSpec(kind="fulfillment", direction=Direction.OUT),
        # Transactions are listed through the orders that changed; orders are polled more often.
        FlowSpec(kind="payment", interval=60, topics=("order_transactions/create",)),
        FlowSpec(kind="refund", topics=("refunds/create",)),
        FlowSpec(
            kind="dispute", tier=2, interval=360, topics=("disputes/create", "disputes/update")
        ),
        # No webhook tells of payouts.
        FlowSpec(kind="payout", mode=Mode.POLL, tier=3, interval=60),
        FlowSpec(kind="payment_command", direction=Direction.OUT),
    )
    stock_batch = 250
    repeats_stock_answers = True
    price_batch = 250
    listing_batch = 1

    def verify(self, request: RawRequest) -> Delivery:
        """Check signature and shop, then make one message of the body, whatever it is."""
        require_hmac_sha256_base64(
            request.header(webhook.SIGNATURE),
            self.context.secrets.get("client_secret", ()),
            request.body,
        )
        # One secret signs for all shops of an app: the shop must be this one.
        expected = self.context.settings.get("shop_domain", "").strip().lower()
        if not expected or request.header(webhook.SHOP).strip().lower() != expected:
            raise AuthenticationError("The request comes from another shop.")
        return Delivery((webhook.to_message(request),))

    def parse(self, message: StoredMessage) -> CanonicalMessage:
        """Read a webhook's body, or a polled entity."""
        return parse(message)

    def fetch(self, kind: str, cursor: str, since: datetime | None = None) -> Iterator[Page]:
        """Yield pages of entities of one kind changed since a moment, oldest first."""
        if kind not in LISTS:
            return super().fetch(kind, cursor, since)
        return LISTS[kind](self._client()).pages(cursor, since)

    def fetch_one(self, kind: str, external_id: str) -> ReceivedMessage | None:
        """Return one entity as the shop holds it now."""
        if kind not in LISTS:
            return super().fetch_one(kind, external_id)
        return LISTS[kind](self._client()).one(external_id)

    def test_connection(self) -> ConnectionReport:
        """Ask the shop who it is and which scopes we were given."""
        outgoing = [flow.kind for flow in self.flows if flow.direction is Direction.OUT]
        domain = self.context.setting("shop_domain")
        return report_connection(self._client(), domain, outgoing)

    def sync_subscriptions(self, url: str, without: Collection[str] = ()) -> SubscriptionReport:
        """Create, repair and tidy the webhook subscriptions of the flows."""
        return synchronise(self._client(), url, self.topics(without))

    def locations(self) -> tuple[Location, ...]:
        """Return the shop's locations."""
        return read_locations(self._client())

    def read_stock(self, keys: Sequence[StockKey]) -> dict[StockKey, int]:
        """Return the quantity ``available`` of inventory items at locations."""
        levels = read_levels(self._client(), keys)
        return {key: count for key, count in levels.items() if count is not None}

    def change_stock(self, changes: Sequence[StockChange], key: str) -> list[Answer]:
        """Set the quantity ``available``, compared with what is expected."""
        return StockWriter(self._client(), key).apply(changes)

    def change_prices(self, changes: Sequence[PriceChange], key: str) -> list[Answer]:
        """Set prices and compare-at prices of variants."""
        return write_prices(self._client(), changes)

    def change_listings(self, changes: Sequence[ListingChange], key: str) -> list[ListingAnswer]:
        """Create products, or change what differs of them."""
        client = self._client()
        return [write_listing(client, self.context.http, change) for change in changes]

    def read_balance(self) -> tuple[Balance, ...]:
        """Return what Shopify Payments holds, as one figure a currency."""
        return read_balance(self._client())

    def send(
        self, command: Command, key: str, known: Collection[str] | None = None
    ) -> CommandResult:
        """Have a command's effect: on fulfilments, or on payments."""
        return commands.send(self._client(), command, key, known)

    def look_up(
        self, command: Command, key: str, known: Collection[str] = ()
    ) -> CommandResult | None:
        """Tell what became of a command, from the order's fulfilments or transactions."""
        return commands.look_up(self._client(), command, key, known)

    def _client(self) -> ShopifyClient:
        return ShopifyClient(self.context)
