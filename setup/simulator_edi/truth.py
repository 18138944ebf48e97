"""What a warehouse really has and did."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass
class Order:
    """An order as the warehouse holds it."""

    reference: str
    lines: dict[str, tuple[str, Decimal]]
    name: str = ""
    city: str = ""
    state: str = "open"
    shipped: Counter = field(default_factory=Counter)


@dataclass
class Truth:
    """On hand by SKU, orders by our reference, announcements, and what came in."""

    on_hand: Counter = field(default_factory=Counter)
    orders: dict[str, Order] = field(default_factory=dict)
    announced: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    received: dict[str, Counter] = field(default_factory=dict)
    shipments: list[tuple[str, str, dict[str, Decimal]]] = field(default_factory=list)
    # Verdicts of our acknowledgements that we got back: (group, set) -> A, E or R.
    acknowledged: dict[tuple[str, str], str] = field(default_factory=dict)
    read_numbers: set[str] = field(default_factory=set)
