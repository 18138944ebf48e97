"""The simulator: a shop, its API and its webhooks in one object."""

from collections.abc import Iterable
from dataclasses import replace
from types import TracebackType
from typing import Any

from .account import Account
from .api_server import ApiServer
from .bucket import Bucket
from .delivery import Envelope
from .effects import Effects
from .expected import Expected, expectations
from .faults import Dice, Faults
from .graph.engine import Engine
from .history import Event, History
from .levels import LEVEL_TOPIC, level_deliveries
from .merchant import Merchant
from .money_events import MONEY_TOPICS, money_events
from .plan import Plan, Planner
from .report import Report
from .sender import Manners, WebhookSender
from .settings import AppSettings
from .settlement import Settlement, settlement
from .shop import Shop
from .stock import Stock
from .subscriptions import Subscriptions
from .till import Till
from .tokens import Tokens

TOPICS = ("orders/create", "orders/updated", "orders/paid", "orders/cancelled")
FULFILMENT_TOPICS = (
    "fulfillments/create", "fulfillments/update", "orders/fulfilled", "orders/partially_fulfilled",
)  # fmt: skip


class ShopifySimulator:
    """Runs while its ``with`` block does. Further arguments go to the ``Shop``."""

    def __init__(
        self,
        seed: int = 0,
        faults: Faults | None = None,
        app: AppSettings | None = None,
        bucket: Bucket | None = None,
        **shop: Any,
    ) -> None:
        self.seed, self.app, self.dice = seed, app or AppSettings(), Dice(seed)
        self.shop = Shop(seed, **shop)
        self.subscriptions = Subscriptions()
        self.bucket = bucket or Bucket()
        self.tokens = Tokens(self.app, seed)
        self.engine = Engine(self.shop, self.app, self.subscriptions, self.bucket)
        self._faults = faults or Faults()
        self.server = ApiServer(self.engine, self.tokens, self._faults, self.dice)

    def __enter__(self) -> "ShopifySimulator":  # noqa: PYI034 - Self needs Python 3.11
        self.server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.server.close()

    @property
    def base_url(self) -> str:
        """Where the API is, instead of https://<domain>."""
        return self.server.base_url

    @property
    def faults(self) -> Faults:
        """The misbehaviour; may be replaced at any time."""
        return self._faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        self._faults = self.server.faults = faults

    @property
    def stock(self) -> Stock:
        """How many units lie where, with the history of every change."""
        return self.shop.stock

    @property
    def merchant(self) -> Merchant:
        """What a person does in the shop's own administration."""
        return self.shop.merchant

    @property
    def till(self) -> Till:
        """What happens to the money of orders."""
        return self.shop.till

    @property
    def account(self) -> Account:
        """The shop's account at its own gateway: balance, payouts, disputes."""
        return self.shop.account

    @property
    def effects(self) -> Effects:
        """Every mutation that the app had carried out."""
        return self.engine.effects

    @property
    def scopes(self) -> frozenset[str]:
        """What the app may do; may be replaced at any time."""
        return self.engine.scopes

    @scopes.setter
    def scopes(self, scopes: Iterable[str]) -> None:
        self.app = replace(self.app, scopes=tuple(sorted(scopes)))
        self.engine.app = self.tokens.app = self.app

    def sell(self, sku: str, quantity: int = 1) -> History | None:
        """Let one customer buy now; ``None`` when he finds it sold out."""
        return self.shop.sell(sku, quantity)

    def pause(self, how: str = "unavailable") -> None:
        """Answer every request with 503, or with ``how="refuse"`` close without an answer."""
        self.server.paused = how

    def resume(self) -> None:
        """Answer again."""
        self.server.paused = None

    def plan(self, events: Iterable[Event] | None = None, topics: Iterable[str] = TOPICS) -> Plan:
        """Return what is to be sent for some events (default: all) of some topics."""
        wanted = set(topics)
        chosen = self._events(wanted) if events is None else events
        envelope = Envelope(self.shop.domain, self.app.client_secret)
        planner = Planner(self.shop.settings, envelope, self._faults, self.dice)
        return planner.plan(event for event in chosen if event.topic in wanted)

    def _events(self, topics: set[str]) -> list[Event]:
        """Return all events, those about money only if some of them are wanted."""
        events = self.shop.events()
        if topics.isdisjoint(MONEY_TOPICS):
            return events
        events += money_events(self.shop)
        return sorted(events, key=lambda event: (event.updated_at, event.order.id))

    def deliver(
        self,
        url: str | None = None,
        events: Iterable[Event] | None = None,
        manners: Manners | None = None,
        topics: Iterable[str] | None = None,
    ) -> Report:
        """Send events and return what became of them.

        Without ``url`` they go where the app subscribed to their topics: a single address.
        ``topics`` names what is sent instead of the usual topics or those subscribed to.
        """
        if topics is None:
            topics = TOPICS if url else {item.header_topic for item in self.subscriptions}
        target = url or next(iter({item.uri for item in self.subscriptions}), None)
        if not target:
            raise ValueError("no address: give one, or subscribe to topics through the API")
        plan = self.plan(events, topics)
        return WebhookSender(target, manners, self.dice).send(plan.deliveries)

    def tell_levels(
        self, url: str | None = None, since: int = 0, manners: Manners | None = None
    ) -> Report:
        """Send a webhook for every change of an available quantity, made by whomever.

        ``since`` is the number of the last change that is not told. Without ``url`` they go where
        the app subscribed to them, and nowhere if it did not.
        """
        envelope = Envelope(self.shop.domain, self.app.client_secret)
        changes = [change for change in list(self.stock.history) if change.sequence > since]
        deliveries = level_deliveries(self.shop, envelope, changes)
        targets = [url] if url else self.subscriptions.targets(LEVEL_TOPIC)
        if not targets:
            return Report()
        return WebhookSender(targets[0], manners, self.dice).send(deliveries)

    def settlement(self) -> Settlement:
        """Return the truth about the account: its balance, payouts and disputes."""
        return settlement(self.shop)

    def expected(
        self, histories: Iterable[History] | None = None, presentment: bool = False
    ) -> dict[str, Expected]:
        """Return the truth about some orders (default: all) by their external id."""
        return expectations(self.shop.orders if histories is None else histories, presentment)
