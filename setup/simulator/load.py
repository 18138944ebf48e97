"""Many simple orders for benchmarks, serialised and signed before the clock starts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from random import Random

from .catalogue import Variant
from .delivery import Delivery, Envelope, body_of
from .expected import Expected, expected
from .history import Event, History
from .identifiers import Ids, seeded_uuid
from .line import Line
from .money import Terms
from .order import Order, Payment
from .people import make_customer
from .settings import AppSettings, ShopSettings

HOT = 5


@dataclass(frozen=True)
class Load:
    """Deliveries and, in the same order, what each must come to."""

    deliveries: list[Delivery]
    expected: list[Expected]


def sku_names(count: int) -> list[str]:
    """Return the SKUs that a load uses unless others are given."""
    return [f"LOAD-{number:05d}" for number in range(1, count + 1)]


def many_orders(
    n: int,
    skus: int | Sequence[str] = 200,
    hot_share: float = 0.0,
    *,
    seed: int = 0,
    lines: int = 3,
    domain: str = "demo-shop.myshopify.com",
    secret: str = AppSettings.client_secret,
    currency: str = "EUR",
    start: datetime | None = None,
    first_number: int = 1_000_001,
) -> Load:
    """Return ``n`` paid orders of distinct customers: no tax, no discount, no shipping.

    Each has ``lines`` lines over different SKUs; ``hot_share`` of all lines fall on the first five.
    """
    names = sku_names(skus) if isinstance(skus, int) else list(skus)
    settings = ShopSettings(domain, "Europe/Berlin")
    envelope = Envelope(domain, secret)
    begin = (start or datetime.now(timezone.utc) - timedelta(hours=1)).replace(microsecond=0)
    orders = _orders(
        n, names, hot_share, Random(f"{seed}:load"), lines, currency, begin, first_number
    )
    load = Load([], [])
    for order in orders:
        history = History()
        history.append(order, ("orders/create",))
        event = Event("orders/create", order, seeded_uuid(f"{seed}:load:{order.id}"))
        load.deliveries.append(
            envelope.seal(event.topic, event.event_id, event.event_id, body_of(event, settings))
        )
        load.expected.append(expected(history))
    return load


def _orders(
    n: int, names: list[str], hot_share: float, rng: Random, lines: int, currency: str,
    begin: datetime, first_number: int,
) -> Iterator[Order]:  # fmt: skip
    ids, terms = Ids(), Terms(currency, currency)
    variants = [_variant(number, name) for number, name in enumerate(names, 1)]
    for index in range(n):
        chosen = choose(rng, variants, hot_share, lines)
        moment = begin + timedelta(seconds=index % 3000)
        customer = make_customer(rng, ids, currency, moment)
        number = first_number + index
        order = Order(
            id=6_500_000_000_000 + number, number=number, kind="load", terms=terms,
            created_at=moment, updated_at=moment, customer=customer, email=customer.email,
            billing=customer.address, delivery=customer.address,
            lines=tuple(_line(ids, variant, rng.randint(1, 3), terms) for variant in chosen),
        )  # fmt: skip
        total = order.totals().total
        payment = Payment(number, "shopify_payments", "sale", total, moment)
        yield Order(**{**vars(order), "payments": (payment,), "created_total": total})


def choose(rng: Random, variants: list[Variant], hot_share: float, lines: int) -> list[Variant]:
    """Return different variants; each line is hot with the given probability."""
    hot, cold = variants[:HOT], variants[HOT:]
    if not hot_share:
        return rng.sample(variants, lines)
    heated = min(sum(rng.random() < hot_share for _ in range(lines)), len(hot))
    return rng.sample(hot, heated) + rng.sample(cold, lines - heated)


def _variant(number: int, name: str) -> Variant:
    price = Decimal(500 + number % 97 * 10).scaleb(-2)
    ids = (base + number for base in (45_000_000_000_000, 8_500_000_000_000, 47_000_000_000_000))
    return Variant(*ids, f"Load product {number}", "", name, "", price)


def _line(ids: Ids, variant: Variant, quantity: int, terms: Terms) -> Line:
    number = 15_000_000_000_000 + ids.next("LineItem")
    price = terms.price(variant.price)
    return Line(number, variant.title, quantity, price, sku=variant.sku, variant=variant)
