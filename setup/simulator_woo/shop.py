"""What a shop holds, and what happens in it. Times are whole seconds, as WooCommerce keeps them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from decimal import Decimal
from itertools import count
from random import Random
from threading import RLock
from typing import Any

from . import goods, orders
from .amounts import text, total_of
from .goods import dates
from .orders import Terms, Wanted

GUEST = {
    **orders.NOWHERE,
    "first_name": "Guest",
    "country": "DE",
    "email": "guest@example.com",
    "phone": "",
}
# The statuses in which an order's units are taken off the stock.
TAKEN = ("processing", "on-hold", "completed")


@dataclass(frozen=True)
class StockChange:
    """One change of an item's quantity; ``cause`` is sold, restocked or api."""

    item_id: int
    before: int
    after: int
    cause: str


def utc_now() -> datetime:
    """Return the time in UTC, with its fraction."""
    return datetime.now(timezone.utc)


class Shop:
    """A shop whose entities are kept in the shape of the API; its lock guards them.

    ``clock`` gives the time. ``listener`` hears of every event as (topic, id), as webhooks do.
    """

    def __init__(
        self,
        seed: object = 0,
        currency: str = "EUR",
        taxes_included: bool = True,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.terms = Terms(currency, taxes_included)
        self.clock, self.lock = clock, RLock()
        self.listener: Callable[[str, int], None] = lambda topic, number: None
        self._ids, self._random = count(101), Random(f"woo:{seed}")
        self.products: dict[int, dict[str, Any]] = {}
        self.variations: dict[int, dict[int, dict[str, Any]]] = {}
        self.customers: dict[int, dict[str, Any]] = {}
        self.orders: dict[int, dict[str, Any]] = {}
        self.refunds: dict[int, list[dict[str, Any]]] = {}
        self.notes: dict[int, list[dict[str, Any]]] = {}
        self.history: list[StockChange] = []
        self.stock()

    def now(self) -> datetime:
        """Return the time, whole seconds."""
        return self.clock().replace(microsecond=0)

    def touch(self, entity: dict[str, Any], topic: str, number: int | None = None) -> None:
        """Note that an entity changed, and tell of it."""
        entity.update(dates("date_modified", self.now()))
        self.listener(topic, number or entity["id"])

    # Goods

    def stock(self) -> None:
        """Fill the shop: four products, one of them in three sizes."""
        self.add_product("Mug", "MUG", "9.99", 40)
        self.add_product("Book", "BOOK", "12.40", 25, tax_class="reduced-rate")
        self.add_product("Poster", "POSTER", "4.35", None)
        self.add_variable("Shirt", "19.95", {"S": 10, "M": 20, "L": 5})

    def add_product(
        self, name: str, sku: str, price: str, stock: int | None, tax_class: str = ""
    ) -> int:
        """Add a simple product and return its id; its stock of ``None`` is not counted."""
        number = next(self._ids)
        self.products[number] = goods.product(
            number, name, sku, price, stock, self.now(), tax_class
        )
        self.listener("product.created", number)
        return number

    def add_variable(self, name: str, price: str, sizes: Mapping[str, int]) -> int:
        """Add a product in sizes (size → stock) and return its id."""
        number, now = next(self._ids), self.now()
        attribute = {"id": 0, "name": "Size", "position": 0, "visible": True, "variation": True,
                     "options": list(sizes)}  # fmt: skip
        parent = goods.product(
            number, name, "", "", None, now, kind="variable", attributes=[attribute]
        )
        self.products[number], self.variations[number] = parent, {}
        for size, stock in sizes.items():
            part, sku = next(self._ids), f"{name.upper()}-{size}"
            self.variations[number][part] = goods.variation(
                part, number, size, sku, price, stock, now
            )
        parent["variations"] = list(self.variations[number])
        self.listener("product.created", number)
        return number

    def item(self, product_id: int, variation_id: int = 0) -> dict[str, Any]:
        """Return what is sold: a variation, else a product. Raises ``KeyError``."""
        if variation_id:
            return self.variations[product_id][variation_id]
        return self.products[product_id]

    def by_sku(self, sku: str) -> tuple[int, int]:
        """Return product and variation (or 0) of a SKU."""
        for number, product in self.products.items():
            if product["sku"] == sku:
                return number, 0
            for part, variation in self.variations.get(number, {}).items():
                if variation["sku"] == sku:
                    return number, part
        raise KeyError(sku)

    def put_stock(self, item: dict[str, Any], quantity: int, cause: str) -> None:
        """Set the quantity of an item."""
        before = item["stock_quantity"] or 0
        item.update(goods.stocked(quantity))
        self.history.append(StockChange(item["id"], before, quantity, cause))

    def _take(self, order: dict[str, Any], sign: int, cause: str) -> None:
        for line in order["line_items"]:
            item = self.item(line["product_id"], line["variation_id"])
            if item["manage_stock"]:
                left = item["stock_quantity"] - sign * line["quantity"]
                self.put_stock(item, left, cause)
                self.touch(item, "product.updated")

    # Orders

    def add_customer(self, first: str, last: str, email: str) -> dict[str, Any]:
        """Add an account."""
        number, now = next(self._ids), self.now()
        address = {**orders.NOWHERE, "first_name": first, "last_name": last,
                   "address_1": "Unter den Linden 1", "city": "Berlin", "postcode": "10117",
                   "state": "DE-BE", "country": "DE"}  # fmt: skip
        self.customers[number] = {
            "id": number, **dates("date_created", now), **dates("date_modified", now),
            "email": email, "first_name": first, "last_name": last, "role": "customer",
            "username": email.partition("@")[0], "is_paying_customer": False, "avatar_url": "",
            "billing": {**address, "email": email, "phone": "030 12345"},
            "shipping": {**orders.NOWHERE}, "meta_data": [],
            "_links": goods.links(f"customers/{number}"),
        }  # fmt: skip
        self.listener("customer.created", number)
        return self.customers[number]

    def buy(
        self, basket: Mapping[str, int], status: str = "processing", customer: Any = None,
        coupon: str = "0", fee: str = "0", shipping: str = "4.12",
    ) -> dict[str, Any]:  # fmt: skip
        """Place an order of SKU → quantity and return it."""
        with self.lock:
            wanted = [self._wanted(sku, quantity) for sku, quantity in basket.items()]
            terms = Terms(
                self.terms.currency, self.terms.included,
                Decimal(coupon), Decimal(fee), Decimal(shipping),
            )  # fmt: skip
            billing = None if customer else dict(GUEST)
            placed = orders.order(self._ids, wanted, terms, self.now(), status, customer, billing)
            self.orders[placed["id"]] = placed
            self.refunds[placed["id"]], self.notes[placed["id"]] = [], []
            self.listener("order.created", placed["id"])
            if status in TAKEN:
                self._take(placed, 1, "sold")
            return placed

    def _wanted(self, sku: str, quantity: int) -> Wanted:
        product_id, variation_id = self.by_sku(sku)
        item, name = self.item(product_id, variation_id), self.products[product_id]["name"]
        size = f" - {item['attributes'][0]['option']}" if variation_id else ""
        return Wanted(item, product_id, variation_id, quantity, name + size)

    def trade(self, number: int) -> list[dict[str, Any]]:
        """Place a number of orders, some of them by customers, with coupons, fees and refunds."""
        placed = []
        for _index in range(number):
            skus = self._random.sample(["MUG", "BOOK", "POSTER", "SHIRT-S", "SHIRT-M"], 2)
            basket = {sku: self._random.randint(1, 3) for sku in skus}
            buyer = self._random.choice([None, *self.customers.values()])
            if buyer is None and self._random.random() < 0.3:
                buyer = self.add_customer("Ada", "Lovelace", f"ada{next(self._ids)}@example.com")
            placed.append(
                self.buy(
                    basket, customer=buyer,
                    status=self._random.choice(["processing", "processing", "on-hold", "pending"]),
                    coupon=self._random.choice(["0", "0", "10", "33"]),
                    fee=self._random.choice(["0", "0", "1.50"]),
                    shipping=self._random.choice(["0", "4.12", "5.00"]),
                )
            )  # fmt: skip
        return placed

    def set_status(self, order: dict[str, Any], status: str) -> None:
        """Change the status of an order, with what it does to payment and stock."""
        with self.lock:
            before, order["status"] = order["status"], status
            now = self.now()
            if status in ("processing", "completed") and not order["date_paid"]:
                order.update(dates("date_paid", now))
            if status == "completed":
                order.update(dates("date_completed", now))
            if (before in TAKEN) != (status in TAKEN) and status != "refunded":
                self._take(order, *((1, "sold") if status in TAKEN else (-1, "restocked")))
            self.touch(order, "order.updated")

    def refund(
        self, order: dict[str, Any], units: Mapping[int, int] | None = None, amount: str = "0"
    ) -> dict[str, Any]:
        """Give back units of lines (line id → quantity), and an amount beyond them."""
        with self.lock:
            given = orders.refund(self._ids, order, dict(units or {}), Decimal(amount), self.now())
            self.refunds[order["id"]].insert(0, given)
            told = {"id": given["id"], "reason": "", "total": f"-{given['amount']}"}
            order["refunds"].insert(0, told)
            back = total_of(self.refunds[order["id"]], "amount")
            if text(back) == order["total"]:
                self.set_status(order, "refunded")
            else:
                self.touch(order, "order.updated")
            return given

    def trash(self, order: dict[str, Any]) -> None:
        """Throw an order away."""
        with self.lock:
            del self.orders[order["id"]]
            self.listener("order.deleted", order["id"])

    def remove_product(self, number: int) -> None:
        """Throw a product away."""
        with self.lock:
            del self.products[number]
            self.variations.pop(number, None)
            self.listener("product.deleted", number)

    # What clients of the API write

    def add_note(self, order_id: int, note: str, to_customer: bool) -> dict[str, Any]:
        """Add a note to an order."""
        added = {
            "id": next(self._ids), "author": "system", **dates("date_created", self.now()),
            "note": note, "customer_note": to_customer,
            "_links": goods.links(f"orders/{order_id}/notes/1"),
        }  # fmt: skip
        self.notes[order_id].insert(0, added)
        return added

    def edit_order(self, order: dict[str, Any], values: Mapping[str, Any]) -> None:
        """Set fields of an order: its own (``meta_data``, by key) and its status."""
        for field in values.get("meta_data") or ():
            rest = [one for one in order["meta_data"] if one["key"] != field["key"]]
            added = {"id": next(self._ids), "key": field["key"], "value": field["value"]}
            order["meta_data"] = [*rest, added]
        if values.get("status") and values["status"] != order["status"]:
            self.set_status(order, values["status"])
        else:
            self.touch(order, "order.updated")

    def edit_item(self, item: dict[str, Any], values: Mapping[str, Any]) -> None:
        """Set prices and stock of a product or variation."""
        if "regular_price" in values or "sale_price" in values:
            regular = values.get("regular_price", item["regular_price"])
            item.update(goods.priced(regular, values.get("sale_price", item["sale_price"])))
        if values.get("manage_stock") is False:
            item.update(goods.stocked(None))
        elif values.get("stock_quantity") is not None and (
            values.get("manage_stock") or item["manage_stock"]
        ):
            self.put_stock(item, values["stock_quantity"], "api")
        self.touch(item, "product.updated")

    def product_as_told(self, number: int) -> dict[str, Any] | None:
        """Return what a webhook tells of a product or, under its own id, a variation."""
        if number in self.products:
            return self.products[number]
        for parent, parts in self.variations.items():
            if number in parts:
                name = (
                    f"{self.products[parent]['name']} - {parts[number]['attributes'][0]['option']}"
                )
                return {**parts[number], "type": "variation", "parent_id": parent, "name": name}
        return None

    def sequence(self, values: Sequence[int]) -> list[int]:
        """Return values in an order of the seed's."""
        return self._random.sample(list(values), len(values))

    def next_id(self) -> int:
        """Return a fresh id."""
        return next(self._ids)
