"""The adapter between one vendor's wire format and the canonical messages."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import ClassVar

from ..canonical import CanonicalMessage, Command
from ..decisions.listing_rules import ListingRules
from .capability import POLLED_KINDS, Capability
from .credential import CredentialSpec, SettingSpec
from .errors import ConfigurationError, ConnectorError, UnsupportedError
from .estate import FeedItem, Store
from .flow import FlowSpec
from .http_client import HttpClient
from .outbound import (
    Answer,
    Balance,
    CommandResult,
    ListingAnswer,
    ListingChange,
    Location,
    PriceChange,
    StockChange,
    StockKey,
)
from .request import Delivery, RawRequest, ReceivedMessage, StoredMessage


def _now() -> datetime:
    return datetime.now(timezone.utc)


@dataclass(frozen=True)
class ProviderContext:
    """All that a provider knows of the backend it serves.

    ``secrets`` holds, per credential name, the values that are valid now: the current one first,
    then the previous one while a rotation overlaps.
    """

    settings: Mapping[str, str]
    secrets: Mapping[str, Sequence[str]]
    http: HttpClient
    now: Callable[[], datetime] = field(default=_now)

    def secret(self, name: str) -> str:
        """Return the current value of a credential. Raises ``ConfigurationError`` without one."""
        values = self.secrets.get(name)
        if not values:
            raise ConfigurationError(f"The credential “{name}” is not set.")
        return values[0]

    def setting(self, name: str) -> str:
        """Return a setting. Raises ``ConfigurationError`` when it is empty."""
        value = self.settings.get(name)
        if not value:
            raise ConfigurationError(f"The setting “{name}” is empty.")
        return value


@dataclass(frozen=True)
class Page:
    """One page of a poll: what was read and the cursor from which reading goes on."""

    messages: tuple[ReceivedMessage, ...]
    cursor: str
    total: int | None = None


@dataclass(frozen=True)
class ConnectionReport:
    """What a connection test found. ``warnings`` do not hinder work, ``problems`` do."""

    account: str
    details: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class SubscriptionReport:
    """The state of the webhook subscriptions after they were compared with what we need."""

    present: tuple[str, ...] = ()
    created: tuple[str, ...] = ()
    repaired: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


class Provider(ABC):
    """One vendor. A subclass in ``providers/<vendor>.py`` is all that a new vendor needs.

    Instances are cheap, hold no state beyond their context and are made per unit of work.
    """

    code: ClassVar[str]
    label: ClassVar[str]
    capabilities: ClassVar[frozenset[Capability]] = frozenset()
    credentials: ClassVar[tuple[CredentialSpec, ...]] = ()
    settings: ClassVar[tuple[SettingSpec, ...]] = ()
    flows: ClassVar[tuple[FlowSpec, ...]] = ()
    # How many items the vendor takes in one call.
    stock_batch: ClassVar[int] = 100
    # Whether a change of stock that is sent again under its key is answered as it was before: what
    # is refused then was refused before, too, whatever the channel holds by now.
    repeats_stock_answers: ClassVar[bool] = False
    price_batch: ClassVar[int] = 100
    listing_batch: ClassVar[int] = 1
    feed_batch: ClassVar[int] = 500
    # How many commands of a kind go out as one request; kinds that are not named go one by one.
    batches: ClassVar[Mapping[str, int]] = {}
    # What a product must be like for the vendor to take it.
    listing_rules: ClassVar[ListingRules] = ListingRules()
    # Whether form-encoded requests are read at all: most vendors never send one.
    accepts_forms: ClassVar[bool] = False

    def __init__(self, context: ProviderContext) -> None:
        self.context = context

    @classmethod
    def can_fetch(cls, kind: str) -> bool:
        """Tell whether ``fetch`` lists entities of this kind."""
        return any(POLLED_KINDS.get(capability) == kind for capability in cls.capabilities)

    @abstractmethod
    def verify(self, request: RawRequest) -> Delivery:
        """Authenticate a request and split it into messages. Raises ``AuthenticationError``.

        Must not raise anything else for any bytes: what is authentic and cannot be read still
        becomes a message, with an entity key of its own.
        """

    @abstractmethod
    def parse(self, message: StoredMessage) -> CanonicalMessage:
        """Read a stored message. Raises nothing but ``MalformedPayloadError`` for any bytes."""

    def fetch(self, kind: str, cursor: str, since: datetime | None = None) -> Iterator[Page]:
        """Yield what the channel holds of a kind, changed since a moment (UTC), page by page.

        ``cursor`` is the last page's, empty for a start.
        """
        raise UnsupportedError(f"{self.label} cannot list “{kind}”.")

    def fetch_one(self, kind: str, external_id: str) -> ReceivedMessage | None:
        """Return one entity as the channel holds it now, ``None`` when it is gone."""
        raise UnsupportedError(f"{self.label} cannot fetch a single “{kind}”.")

    def test_connection(self) -> ConnectionReport:
        """Ask the vendor who we are and what we may do."""
        raise UnsupportedError(f"{self.label} has no connection to test.")

    @classmethod
    def topics(cls, without: Collection[str] = ()) -> list[str]:
        """Return the topics of all flows but those of some kinds."""
        return [name for flow in cls.flows if flow.kind not in without for name in flow.topics]

    def sync_subscriptions(self, url: str, without: Collection[str] = ()) -> SubscriptionReport:
        """Make the vendor's webhook subscriptions match our flows' topics, all sent to ``url``.

        Flows of the kinds ``without`` are not subscribed to.
        """
        raise UnsupportedError(f"{self.label} does not manage subscriptions.")

    # The way out

    def locations(self) -> tuple[Location, ...]:
        """Return the places where the channel keeps stock."""
        raise UnsupportedError(f"{self.label} names no locations.")

    def read_stock(self, keys: Sequence[StockKey]) -> dict[StockKey, int]:
        """Return what the channel can sell; items that it does not stock there are left out."""
        raise UnsupportedError(f"{self.label} cannot tell its stock.")

    def change_stock(self, changes: Sequence[StockChange], key: str) -> list[Answer]:
        """Write at most ``stock_batch`` quantities; answer each, in their order.

        ``key`` names the logical attempt: the same key and changes sent again have no second
        effect. Items that are not stocked at their location yet are activated there.
        """
        raise UnsupportedError(f"{self.label} takes no stock.")

    def change_prices(self, changes: Sequence[PriceChange], key: str) -> list[Answer]:
        """Write at most ``price_batch`` prices; answer each, in their order."""
        raise UnsupportedError(f"{self.label} takes no prices.")

    def change_listings(self, changes: Sequence[ListingChange], key: str) -> list[ListingAnswer]:
        """Write at most ``listing_batch`` products; answer each, in their order."""
        raise UnsupportedError(f"{self.label} takes no products.")

    def stores(self) -> tuple[Store, ...]:
        """Return the stores of the estate with their registers."""
        raise UnsupportedError(f"{self.label} names no stores.")

    def change_feed(self, items: Sequence[FeedItem], key: str) -> list[Answer]:
        """Send at most ``feed_batch`` items to the registers; answer each, in their order.

        ``key`` names the logical attempt: the same key and items sent again have no second effect.
        """
        raise UnsupportedError(f"{self.label} takes no products for its registers.")

    def warehouses(self) -> tuple[Location, ...]:
        """Return the warehouses of the account."""
        raise UnsupportedError(f"{self.label} names no warehouses.")

    def read_balance(self) -> tuple[Balance, ...]:
        """Return what the gateway holds for us now, one figure a currency."""
        raise UnsupportedError(f"{self.label} cannot tell its balance.")

    def send(
        self, command: Command, key: str, known: Collection[str] | None = None
    ) -> CommandResult:
        """Have one command's effect.

        Raises ``UnknownOutcomeError`` when nobody can tell whether it had its effect, or when it
        had a part of it: it is then looked up before anything is sent again. ``key`` is the
        command's own, for ever. ``known`` (see ``look_up``) is given when a former attempt may have
        had a part of its effect: the provider goes on with the rest.
        """
        raise UnsupportedError(f"{self.label} cannot “{command.kind}”.")

    def send_many(
        self, commands: Sequence[tuple[Command, str]]
    ) -> list[CommandResult | ConnectorError]:
        """Have at most ``batches[kind]`` commands of one kind (with their keys) as one request.

        Answers each, in their order. Raises as ``send`` does for what concerns all of them:
        ``UnknownOutcomeError`` leaves all of them in doubt.
        """
        raise UnsupportedError(f"{self.label} takes commands one by one.")

    def look_up(
        self, command: Command, key: str, known: Collection[str] = ()
    ) -> CommandResult | None:
        """Tell whether a command had its effect: its result, or ``None`` if surely not all of it.

        ``known`` are the external ids that other commands of the same entity made: they are not
        this command's. Raises ``UnknownOutcomeError`` while nobody can tell.
        """
        raise UnsupportedError(f"{self.label} cannot tell what became of “{command.kind}”.")
