"""The truth about each order, from the shop's own model: what an ERP should hold in the end."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from decimal import Decimal

from .history import History
from .order import Order


@dataclass(frozen=True)
class Expected:
    """What should have become of an order once its last state has been applied.

    ``outcome`` is import, exception or cancelled. ``error`` is the class of the exception: mapping
    (unknown SKU or tax) or finance (totals that no computation reaches). Amounts are those of what
    is still wanted, so those of a cancelled order are zero; ``ordered_total`` is as it was ordered.
    ``quantities`` counts wanted units per SKU, lines without SKU under ``kind:title``. ``shipped``
    counts the units that left, and ``parcels`` maps the external id of each fulfilment, cancelled
    ones included, to its status.
    """

    external_id: str
    name: str
    kind: str
    currency: str
    untaxed: Decimal
    tax: Decimal
    total: Decimal
    ordered_total: Decimal
    quantities: dict[str, int]
    payment_state: str
    outcome: str
    error: str | None
    test: bool
    email: str | None
    customer_id: str | None
    updated_at: str
    states: int
    fulfilment_state: str = "unfulfilled"
    shipped: dict[str, int] = field(default_factory=dict)
    parcels: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """Return the truth with amounts as strings."""
        values = asdict(self)
        return {k: str(v) if isinstance(v, Decimal) else v for k, v in values.items()}


def error_of(order: Order) -> str | None:
    """Return the class of the exception that an order must end in, if any."""
    if any(line.variant and not line.variant.known for line in order.lines):
        return "mapping"
    if not all(tax.rule.known for tax in order.taxes(current=False)):
        return "mapping"
    return "finance" if any(line.tax_error for line in order.lines) else None


def _quantities(order: Order) -> dict[str, int]:
    units: Counter[str] = Counter()
    for line in order.lines:
        units[line.sku or f"{line.kind}:{line.title}"] += line.current_quantity
    return {sku: count for sku, count in units.items() if count}


def _shipped(order: Order) -> dict[str, int]:
    units: Counter[str] = Counter()
    for line in order.lines:
        units[line.sku or f"{line.kind}:{line.title}"] += order.shipped(line.id)
    return {sku: count for sku, count in units.items() if count}


def expected(history: History, presentment: bool = False) -> Expected:
    """Return the truth about an order, in the shop's or in the customer's currency."""
    order = history.current
    side, terms = "presentment" if presentment else "shop", order.terms
    sums = order.totals(current=True)
    total, tax = getattr(sums.total, side), getattr(sums.tax, side)
    error = error_of(order)
    outcome = "exception" if error else "import"
    return Expected(
        external_id=str(order.id),
        name=order.name,
        kind=order.kind,
        currency=terms.presentment if presentment else terms.currency,
        untaxed=total - tax,
        tax=tax,
        total=total,
        ordered_total=getattr(order.totals().total, side),
        quantities=_quantities(order),
        payment_state=order.financial,
        outcome="cancelled" if order.cancelled_at else outcome,
        error=None if order.cancelled_at else error,
        test=order.test,
        email=order.email,
        customer_id=str(order.customer.id) if order.customer else None,
        updated_at=order.updated_at.isoformat(),
        states=len(history.states),
        fulfilment_state=order.fulfilment_status.lower(),
        shipped=_shipped(order),
        parcels={str(parcel.id): parcel.status for parcel in order.fulfilments},
    )


def expectations(histories: Iterable[History], presentment: bool = False) -> dict[str, Expected]:
    """Return the truth about many orders by their external id."""
    truths = (expected(history, presentment) for history in histories)
    return {truth.external_id: truth for truth in truths}
