"""The Stripe adapter: what it offers, and where each part of it is done."""

from collections.abc import Collection, Iterator
from datetime import datetime

from odoo.addons.retail_connector_base.canonical import CanonicalMessage, Command
from odoo.addons.retail_connector_base.providers import (
    Balance,
    Capability,
    CommandResult,
    ConfigurationError,
    ConnectionReport,
    CredentialSpec,
    Delivery,
    Direction,
    FlowSpec,
    Page,
    Provider,
    RawRequest,
    ReceivedMessage,
    SettingSpec,
    StoredMessage,
    SubscriptionReport,
)

from .client import DEFAULT_VERSION, StripeClient
from .commands import effect_of
from .connection import read_balance, report_connection
from .parse import parse
from .polls import Poll
from .reading import Reader
from .signature import HEADER, require_signature
from .subscriptions import synchronise
from .topics import DISPUTE_EVENTS, EVENTS, PAYMENT_EVENTS, PAYOUT_EVENTS
from .webhook import to_message

DEFAULT_KEYS = "order_id,order_number,order_name,reference"
MODES = ("live", "test")


class StripeProvider(Provider):
    """One Stripe account, by its webhooks and its API."""

    code = "stripe"
    label = "Stripe"
    capabilities = frozenset(
        {
            Capability.WEBHOOKS,
            Capability.SUBSCRIPTIONS,
            Capability.PAYMENTS_IN,
            Capability.PAYMENT_POLL,
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
            "api_key",
            "API key",
            "The secret key, or a restricted one that may read charges, payment intents, refunds, "
            "disputes, payouts, balance, events and webhook endpoints, and write refunds, payment "
            "intents and webhook endpoints.",
        ),
        CredentialSpec(
            "webhook_secret",
            "Signing secret",
            "Of the webhook endpoint, whsec_…: set up the subscriptions, then show the secret in "
            "Stripe's Dashboard under Webhooks and enter it here. Until then events are refused.",
        ),
    )
    settings = (
        SettingSpec("mode", "Mode", "live, or test for a sandbox.", default="live"),
        SettingSpec(
            "reference_keys",
            "Keys of our order's number",
            "Keys of a payment's metadata that may hold it, separated by commas.",
            default=DEFAULT_KEYS,
            required=False,
        ),
        SettingSpec("api_version", "API version", "YYYY-MM-DD.", default=DEFAULT_VERSION),
        SettingSpec(
            "api_url",
            "API address",
            "Only for the simulator on this machine; leave it empty for Stripe.",
            required=False,
        ),
    )
    flows = (
        FlowSpec(kind="payment", interval=15, topics=tuple(PAYMENT_EVENTS)),
        FlowSpec(kind="dispute", interval=60, topics=tuple(DISPUTE_EVENTS)),
        FlowSpec(kind="payout", tier=2, interval=60, topics=tuple(PAYOUT_EVENTS)),
        FlowSpec(kind="payment_command", direction=Direction.OUT),
    )

    def verify(self, request: RawRequest) -> Delivery:
        """Check signature and time, then make one message of the body, whatever it is."""
        secrets = self.context.secrets.get("webhook_secret", ())
        require_signature(request.header(HEADER), secrets, request.body, self.context.now())
        message = to_message(request.body, self._version(), self._reference_keys())
        return Delivery((message,))

    def parse(self, message: StoredMessage) -> CanonicalMessage:
        """Read an event, or what was read from the API."""
        return parse(message, self._reference_keys())

    def fetch(self, kind: str, cursor: str, since: datetime | None = None) -> Iterator[Page]:
        """Yield payments, disputes or payouts that something happened to since a moment."""
        if kind not in EVENTS:
            return super().fetch(kind, cursor, since)
        return Poll(self._reader(), kind, self.context.now()).pages(cursor, since)

    def fetch_one(self, kind: str, external_id: str) -> ReceivedMessage | None:
        """Return one payment, dispute or payout as Stripe holds it now."""
        if kind not in EVENTS:
            return super().fetch_one(kind, external_id)
        return self._reader().one(kind, external_id)

    def test_connection(self) -> ConnectionReport:
        """Ask Stripe who we are, and what the key may read."""
        return report_connection(self._client(), self.context.secret("api_key"), self._mode())

    def sync_subscriptions(self, url: str, without: Collection[str] = ()) -> SubscriptionReport:
        """Create, repair and tidy the webhook endpoint of the flows."""
        return synchronise(self._client(), url, self.topics(without))

    def read_balance(self) -> tuple[Balance, ...]:
        """Return what Stripe holds for us, by currency."""
        return read_balance(self._client())

    def send(
        self, command: Command, key: str, known: Collection[str] | None = None
    ) -> CommandResult:
        """Give money back, take it, or set it free."""
        return effect_of(self._client(), command, key).send()

    def look_up(
        self, command: Command, key: str, known: Collection[str] = ()
    ) -> CommandResult | None:
        """Tell what became of a command, from the payment as Stripe holds it."""
        return effect_of(self._client(), command, key).look_up()

    def _client(self) -> StripeClient:
        return StripeClient(self.context)

    def _reader(self) -> Reader:
        return Reader(self._client(), self._mode() == "live", self._reference_keys())

    def _mode(self) -> str:
        mode = self.context.settings.get("mode") or MODES[0]
        if mode not in MODES:
            raise ConfigurationError("The mode must be live or test.")
        return mode

    def _version(self) -> str:
        """Return the version that our endpoint's events should be of."""
        return self.context.settings.get("api_version") or DEFAULT_VERSION

    def _reference_keys(self) -> tuple[str, ...]:
        keys = self.context.settings.get("reference_keys") or DEFAULT_KEYS
        return tuple(name for part in keys.split(",") if (name := part.strip()))
