"""The customers' behaviour: who buys what, when, and what happens next."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

from .basket import Basket
from .history import History
from .kinds import KINDS, Kind
from .people import Customer, make_address, make_customer
from .routing import routed

if TYPE_CHECKING:
    from .shop import Shop

# What customers from abroad see, and what one unit of the shop's currency is worth in it.
ABROAD = {
    "EUR": ("USD", "1.0834"),
    "USD": ("EUR", "0.9231"),
    "JPY": ("USD", "0.0067"),
    "BHD": ("EUR", "2.4480"),
}


class Trader:
    """Makes orders from a seeded source of chance."""

    def __init__(self, shop: "Shop", rng: Random, pace: float) -> None:
        self.shop, self.rng, self.pace = shop, rng, pace
        self.clock: datetime = shop.start
        self._introduced: set[str] = set()

    def trade(self, orders: int, kinds: Iterable[str] | None) -> Iterator[History]:
        """Yield new orders."""
        names = list(kinds) if kinds is not None else list(KINDS)
        for _ in range(orders):
            yield self._life(self._choose(names))

    def _choose(self, names: list[str]) -> str:
        for name in names:
            if name not in self._introduced:
                self._introduced.add(name)
                return name
        weights = [KINDS[name].weight for name in names]
        return self.rng.choices(names, weights)[0]

    def _life(self, name: str) -> History:
        kind = KINDS[name]
        self.clock += timedelta(seconds=1 + round(self.rng.expovariate(1 / self.pace)))
        history = History()
        order = routed(self.shop, self._basket(name, kind).order())
        history.append(order, ("orders/create",))
        for edit, topics in kind.follow_up:
            moment = history.current.updated_at + timedelta(seconds=self.rng.randint(1, 600))
            changed = edit(self.shop, self.rng, history.current, moment)
            history.append(routed(self.shop, changed), topics)
        return history

    def _basket(self, name: str, kind: Kind) -> Basket:
        customer = self._customer(kind.returning)
        terms = self.shop.terms()
        if kind.presentment:
            currency, rate = ABROAD.get(self.shop.currency, ("USD", "1.1"))
            terms = self.shop.terms(currency, Decimal(rate))
        basket = Basket(
            self.shop, self.rng, self.clock, terms, name, customer, customer.email, customer.address
        )
        if name == "guest":
            basket.email = f"guest{self.rng.randrange(10**9)}@example.com"
            first, last = customer.first_name, customer.last_name
            basket.address = make_address(self.rng, self.shop.currency, first, last)
        kind.recipe(basket)
        return basket

    def _customer(self, returning: bool) -> Customer:
        if returning and self.shop.customers:
            return self.rng.choice(self.shop.customers)
        customer = make_customer(self.rng, self.shop.ids, self.shop.currency, self.clock)
        self.shop.customers.append(customer)
        return customer
