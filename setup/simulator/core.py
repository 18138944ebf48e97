"""The simulator: a shop, its API and its webhooks in one object."""

from collections.abc import Iterable
from types import TracebackType
from typing import Any

from .api_server import ApiServer
from .bucket import Bucket
from .delivery import Envelope
from .expected import Expected, expectations
from .faults import Dice, Faults
from .graph.engine import Engine
from .history import Event, History
from .plan import Plan, Planner
from .report import Report
from .sender import Manners, WebhookSender
from .settings import AppSettings
from .shop import Shop
from .subscriptions import Subscriptions
from .tokens import Tokens

TOPICS = ("orders/create", "orders/updated", "orders/paid", "orders/cancelled")


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
        engine = Engine(self.shop, self.app, self.subscriptions, self.bucket)
        self._faults = faults or Faults()
        self.server = ApiServer(engine, self.tokens, self._faults, self.dice)

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

    def plan(self, events: Iterable[Event] | None = None, topics: Iterable[str] = TOPICS) -> Plan:
        """Return what is to be sent for some events (default: all) of some topics."""
        wanted = set(topics)
        chosen = self.shop.events() if events is None else events
        envelope = Envelope(self.shop.domain, self.app.client_secret)
        planner = Planner(self.shop.settings, envelope, self._faults, self.dice)
        return planner.plan(event for event in chosen if event.topic in wanted)

    def deliver(
        self,
        url: str | None = None,
        events: Iterable[Event] | None = None,
        manners: Manners | None = None,
    ) -> Report:
        """Send events and return what became of them.

        Without ``url`` they go where the app subscribed to their topics: a single address.
        """
        topics = TOPICS if url else {item.header_topic for item in self.subscriptions}
        target = url or next(iter({item.uri for item in self.subscriptions}), None)
        if not target:
            raise ValueError("no address: give one, or subscribe to topics through the API")
        plan = self.plan(events, topics)
        return WebhookSender(target, manners, self.dice).send(plan.deliveries)

    def expected(
        self, histories: Iterable[History] | None = None, presentment: bool = False
    ) -> dict[str, Expected]:
        """Return the truth about some orders (default: all) by their external id."""
        return expectations(self.shop.orders if histories is None else histories, presentment)
