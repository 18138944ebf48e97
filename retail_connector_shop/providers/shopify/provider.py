"""The Shopify adapter: what it offers, and where each part of it is done."""

from collections.abc import Iterator
from datetime import datetime

from odoo.addons.retail_connector_base.canonical import CanonicalMessage
from odoo.addons.retail_connector_base.providers import (
    AuthenticationError,
    Capability,
    ConnectionReport,
    CredentialSpec,
    Delivery,
    FlowSpec,
    Page,
    Provider,
    RawRequest,
    ReceivedMessage,
    SettingSpec,
    StoredMessage,
    SubscriptionReport,
)
from odoo.addons.retail_connector_base.providers.signature import require_hmac_sha256_base64

from . import webhook
from .adoption import Variant, iter_variants
from .client import ShopifyClient
from .connection import report_connection
from .parse import parse
from .polls import POLLS
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
    )

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
        """Yield pages of orders, customers or products changed since a moment, oldest first."""
        if kind not in POLLS:
            return super().fetch(kind, cursor, since)
        return POLLS[kind](self._client()).pages(cursor, since)

    def fetch_one(self, kind: str, external_id: str) -> ReceivedMessage | None:
        """Return one order, customer or product as the shop holds it now."""
        if kind not in POLLS:
            return super().fetch_one(kind, external_id)
        return POLLS[kind](self._client()).one(external_id)

    def fetch_variants(self, cursor: str = "") -> "Iterator[tuple[tuple[Variant, ...], str]]":
        """Yield the shop's variants page by page with the cursor to go on from, for adoption."""
        return iter_variants(self._client(), cursor)

    def test_connection(self) -> ConnectionReport:
        """Ask the shop who it is and which scopes we were given."""
        return report_connection(self._client(), self.context.setting("shop_domain"))

    def sync_subscriptions(self, url: str) -> SubscriptionReport:
        """Create, repair and tidy the webhook subscriptions of all flows."""
        topics = [topic for flow in self.flows for topic in flow.topics]
        return synchronise(self._client(), url, topics)

    def _client(self) -> ShopifyClient:
        return ShopifyClient(self.context)
