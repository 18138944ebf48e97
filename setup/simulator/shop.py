"""A shop: goods, customers and orders that depend on its seed only."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from itertools import count
from random import Random
from threading import RLock

from .catalogue import PRICE_SCALE, Product, Variant, make_products, special_product
from .history import Event, History, events_of
from .identifiers import Ids
from .money import Terms, rounded
from .people import Customer
from .settings import ShopSettings
from .tax import TaxSet, regime
from .trader import Trader


class Shop:
    """The one model from which webhooks, API answers and the expected truth are derived.

    ``start`` (default: a day ago) is when trade begins: apart from the times derived from it, two
    shops of one seed are alike. ``pace`` is the mean number of seconds between two orders.
    """

    def __init__(
        self,
        seed: int = 0,
        domain: str = "demo-shop.myshopify.com",
        currency: str = "EUR",
        taxes_included: bool = False,
        variants: int = 30,
        start: datetime | None = None,
        pace: float = 20,
        timezone_name: str = "Europe/Berlin",
        first_number: int = 1001,
    ) -> None:
        self.seed, self.currency, self.taxes_included = seed, currency, taxes_included
        self.settings = ShopSettings(domain, timezone_name)
        begin = start or datetime.now(timezone.utc) - timedelta(days=1)
        self.start = begin.astimezone(timezone.utc).replace(microsecond=0)
        self.ids, self.lock = Ids(), RLock()
        self.tax_sets: Sequence[TaxSet] = regime(currency)
        self.customers: list[Customer] = []
        self.histories: dict[int, History] = {}
        self._numbers = count(first_number)
        self._stock(variants)
        self._trader = Trader(self, Random(f"{seed}:trade"), pace)

    def _stock(self, variants: int) -> None:
        rng = Random(f"{self.seed}:catalogue")
        own = make_products(rng, self.ids, variants, self.currency, self.start)
        gift = special_product(
            self.ids, "Gift Card", "GIFT-25", self.usual(Decimal(25)), self.start,
            known=True, gift_card=True,
        )  # fmt: skip
        unknown = special_product(
            self.ids, "Mystery Box", "MYSTERY-1", self.usual(Decimal("19.90")), self.start,
            known=False, gift_card=False,
        )  # fmt: skip
        self.goods: list[Variant] = [variant for product in own for variant in product.variants]
        self.gift_card, self.unknown = gift.variants[0], unknown.variants[0]
        self.products: list[Product] = [*own, gift, unknown]

    @property
    def domain(self) -> str:
        """The shop's name in the vendor's domain."""
        return self.settings.domain

    @property
    def variants(self) -> list[Variant]:
        """All variants, the gift card and the unknown one included."""
        return [variant for product in self.products for variant in product.variants]

    @property
    def orders(self) -> list[History]:
        """All orders, the oldest first."""
        with self.lock:
            return list(self.histories.values())

    def usual(self, euros: Decimal) -> Decimal:
        """Return about the same worth in the shop's currency, payable."""
        return rounded(euros * PRICE_SCALE.get(self.currency, 1), self.currency)

    def terms(self, presentment: str | None = None, rate: Decimal = Decimal(1)) -> Terms:
        """Return the terms of an order, shown in the shop's currency unless another is given."""
        shown = presentment or self.currency
        return Terms(self.currency, shown, rate, self.taxes_included)

    def next_number(self) -> int:
        """Return the next order number."""
        return next(self._numbers)

    def trade(self, orders: int, kinds: Iterable[str] | None = None) -> list[History]:
        """Let customers place orders: every kind once in turn first, then by weight.

        ``kinds`` limits them to some of ``kinds.KINDS``. Returns the new orders.
        """
        with self.lock:
            return [self._keep(history) for history in self._trader.trade(orders, kinds)]

    def place(self, kind: str) -> History:
        """Let one order of a kind be placed."""
        return self.trade(1, [kind])[0]

    def _keep(self, history: History) -> History:
        self.histories[history.id] = history
        return history

    def events(self, histories: Iterable[History] | None = None) -> list[Event]:
        """Return the events of some orders (default: all) in the order they came about."""
        chosen = self.orders if histories is None else histories
        events = [event for history in chosen for event in events_of(self.seed, history)]
        return sorted(events, key=lambda event: (event.updated_at, event.order.id))
