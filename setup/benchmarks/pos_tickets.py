"""Tickets of an estate of registers, as its gateway posts them in batches."""

import json
import random
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

RATE = Decimal("0.19")
CENT = Decimal("0.01")
LINES = 3


@dataclass(frozen=True)
class Sale:
    """What was sold once: lines of (SKU, units, price with tax), paid by cash or card."""

    store: str
    register: str
    number: int
    lines: tuple[tuple[str, int, Decimal], ...]
    by_card: bool

    @property
    def total(self) -> Decimal:
        """What the customer paid."""
        return sum((units * price for _sku, units, price in self.lines), Decimal(0))

    @property
    def tax(self) -> Decimal:
        """The tax of the whole ticket, as Odoo's own register rounds it."""
        return (self.total / (1 + RATE) * RATE).quantize(CENT, ROUND_HALF_UP)


def draw(count: int, skus: list[str], stores: int, registers: int, seed: int) -> list[Sale]:
    """Return sales spread over all registers, in turn."""
    rng = random.Random(seed)
    places = [(f"S{s}", f"R{r}") for s in range(stores) for r in range(registers)]
    return [
        Sale(
            *places[number % len(places)],
            number=seed * 1_000_000 + number // len(places) + 1,
            lines=tuple(
                (sku, rng.randint(1, 3), Decimal(rng.randint(100, 5000)) / 100)
                for sku in rng.sample(skus, LINES)
            ),
            by_card=rng.random() < 0.6,
        )
        for number in range(count)
    ]


def body_of(sales: list[Sale], day: date, currency: str) -> bytes:
    """Return a request of the canonical API that tells of these sales."""
    return json.dumps([_ticket(sale, day, currency) for sale in sales]).encode()


def _ticket(sale: Sale, day: date, currency: str) -> dict[str, object]:
    name = f"{sale.store}-{sale.register}-{sale.number:08d}"
    method = "card" if sale.by_card else "cash"
    moment = f"{day.isoformat()}T12:00:00Z"
    return {
        "external_id": name,
        "updated_at": moment,
        "store_external_id": sale.store,
        "register_external_id": sale.register,
        "number": name,
        "sequence": sale.number,
        "business_date": day.isoformat(),
        "sold_at": moment,
        "currency": currency,
        "taxes_included": True,
        "total": str(sale.total),
        "total_tax": str(sale.tax),
        "lines": [_line(position, *line) for position, line in enumerate(sale.lines)],
        "tenders": [
            {"external_id": "1", "method": method, "kind": method, "amount": str(sale.total)}
        ],
    }


def _line(position: int, sku: str, units: int, price: Decimal) -> dict[str, object]:
    tax = (units * price / (1 + RATE) * RATE).quantize(Decimal("0.000001"))
    return {
        "external_id": str(position),
        "title": sku,
        "sku": sku,
        "quantity": str(units),
        "unit_price": str(price),
        "taxes": [{"title": "VAT", "rate": str(RATE), "amount": str(tax)}],
    }
