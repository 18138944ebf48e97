"""A shop: goods, customers and orders that depend on its seed only."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from itertools import count
from random import Random
from threading import RLock

from .account import Account
from .assortment import Assortment
from .basket import Basket
from .catalogue import PRICE_SCALE, Product, Variant, make_products, special_product
from .fulfilment import Part
from .history import Event, History, events_of
from .identifiers import Ids
from .merchant import Merchant
from .money import Terms, rounded
from .order import Order
from .people import Customer, make_customer
from .places import Place, make_places
from .routing import flows, routed
from .settings import ShopSettings
from .stock import Stock
from .tax import TaxSet, regime
from .till import Till
from .trader import Trader
from .uploads import Uploads


class Shop:
    """The one model from which webhooks, API answers and the expected truth are derived.

    ``start`` (default: a day ago) is when trade begins: apart from the times derived from it, two
    shops of one seed are alike. ``pace`` is the mean number of seconds between two orders.
    ``locations`` names the places where goods lie; customers are served from the first one. With
    ``only_available`` nobody can buy more than is available at that moment.
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
        locations: Sequence[str] = ("Main",),
        only_available: bool = False,
    ) -> None:
        self.seed, self.currency, self.taxes_included = seed, currency, taxes_included
        self.settings = ShopSettings(domain, timezone_name)
        begin = start or datetime.now(timezone.utc) - timedelta(days=1)
        self.start = begin.astimezone(timezone.utc).replace(microsecond=0)
        self.ids, self.lock = Ids(), RLock()
        self.places: tuple[Place, ...] = make_places(tuple(locations))
        self.only_available, self.refused = only_available, 0
        self.stock, self.merchant = Stock(self.ids), Merchant(self)
        self.till, self.account = Till(self), Account(self)
        self.uploads = Uploads(self.ids)
        self._owners: dict[tuple[str, int], int] = {}
        self._sales = count(1)
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
        self.assortment = Assortment([*own, gift, unknown])
        for variant in (*self.goods, self.unknown):
            level = self.stock.connect(variant.inventory_item_id, self.places[0].id)
            self.stock.put(level, "available", variant.quantity, "initial")

    @property
    def domain(self) -> str:
        """The shop's name in the vendor's domain."""
        return self.settings.domain

    @property
    def products(self) -> list[Product]:
        """All products as they are now."""
        return list(self.assortment)

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
            lives = list(self._trader.trade(orders, kinds))
            return [history for history in lives if self._keep(history)]

    def place(self, kind: str) -> History:
        """Let one order of a kind be placed."""
        return self.trade(1, [kind])[0]

    def sell(self, sku: str, quantity: int = 1) -> History | None:
        """Let one customer buy now; ``None`` when there was not enough for him.

        Safe beside API requests: what is available is looked up and taken in one step.
        """
        with self.lock:
            variant = self.assortment.sku(sku)
            if variant is None:
                raise KeyError(sku)
            rng = self.rng(f"sale:{next(self._sales)}")
            moment = datetime.now(timezone.utc).replace(microsecond=0)
            buyer = make_customer(rng, self.ids, self.currency, moment)
            basket = Basket(
                self, rng, moment, self.terms(), "sale", buyer, buyer.email, buyer.address
            )
            basket.add(variant, quantity)
            history = History()
            history.append(routed(self, basket.order()), ("orders/create",))
            return history if self._keep(history) else None

    def _keep(self, history: History) -> bool:
        """Take an order in and its goods out; false when it is refused for lack of goods."""
        first = history.states[0].order
        if self.only_available and not self._enough(first):
            self.refused += 1
            return False
        self.histories[history.id] = history
        before: Order | None = None
        for state in history.states:
            self._book(before, state.order)
            before = state.order
        return True

    def _enough(self, order: Order) -> bool:
        return all(
            flow.taken <= self.stock.available(*key)
            for key, flow in flows(self, None, order).items()
        )

    def _book(self, before: Order | None, after: Order, cause: str = "") -> None:
        self.stock.apply(flows(self, before, after), cause, after.name)
        for item in after.fulfilment_orders:
            self._owners["FulfillmentOrder", item.id] = after.id
        for parcel in after.fulfilments:
            self._owners["Fulfillment", parcel.id] = after.id

    def advance(
        self, history: History, change: Callable[[Order, datetime], Order],
        topics: tuple[str, ...], fulfilment_id: int | None = None, cause: str = "",
    ) -> Order:  # fmt: skip
        """Let something happen to an order now; returns its new state.

        An order's states are at least a second apart, because times are told in whole seconds.
        """
        with self.lock:
            before = history.current
            now = datetime.now(timezone.utc).replace(microsecond=0)
            moment = max(now, before.updated_at + timedelta(seconds=1))
            after = routed(self, change(before, moment))
            self._book(before, after, cause)
            history.append(after, topics, fulfilment_id)
            return after

    def owner(self, kind: str, number: int) -> History | None:
        """Return the order that a FulfillmentOrder or Fulfillment belongs to."""
        return self.histories.get(self._owners.get((kind, number), 0))

    def place_for(self, order: Order, parts: Sequence[Part]) -> int:
        """Return the location that is to ship: the first that serves online orders."""
        return next(place.id for place in self.places if place.fulfils_online_orders)

    def rng(self, purpose: str) -> Random:
        """Return a source of chance of its own for one purpose."""
        return Random(f"{self.seed}:{purpose}")

    def keep_product(self, product: Product) -> None:
        """Add or replace a product; new items are stocked at the first location."""
        with self.lock:
            self.assortment.keep(product)
            for variant in product.variants:
                if not self.stock.levels(variant.inventory_item_id):
                    self.stock.connect(variant.inventory_item_id, self.places[0].id)
            current = {variant.id: variant for variant in product.variants}
            known = (current.get(old.id) if old.product_id == product.id else old
                     for old in self.goods)  # fmt: skip
            self.goods = [variant for variant in known if variant]

    def remove_product(self, number: int) -> None:
        """Delete a product."""
        with self.lock:
            self.assortment.remove(number)
            self.goods = [variant for variant in self.goods if variant.product_id != number]

    def events(self, histories: Iterable[History] | None = None) -> list[Event]:
        """Return the events of some orders (default: all) in the order they came about."""
        chosen = self.orders if histories is None else histories
        events = [event for history in chosen for event in events_of(self.seed, history)]
        return sorted(events, key=lambda event: (event.updated_at, event.order.id))
