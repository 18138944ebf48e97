"""Each order of the channel against what Odoo made of it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from simulator import Expected

from .reading import StoredOrder

HELD_PAYMENTS = ("pending", "partially_paid", "voided", "expired")
# A gift card that is sold has a SKU there, and is a service of ours here.
SERVICES = {"GIFT-25": "title:Gift Card"}


@dataclass(frozen=True)
class Mismatch:
    """What differs about an order; ``aspect`` is money, state, goods or existence."""

    aspect: str
    order: str
    words: str

    def __str__(self) -> str:
        return f"{self.order}: {self.words}"


def mismatches(expected: Iterable[Expected], stored: Iterable[StoredOrder]) -> list[Mismatch]:
    """Return what differs between the channel's truth and Odoo."""
    orders: dict[str, list[StoredOrder]] = {}
    for order in stored:
        orders.setdefault(order.external_id, []).append(order)
    found = []
    for truth in expected:
        name = f"{truth.name} ({truth.kind})"
        own = orders.pop(truth.external_id, [])
        found += [Mismatch(aspect, name, words) for aspect, words in _compare(truth, own)]
    found += [Mismatch("existence", key, "the channel has no such order") for key in orders]
    return found


def is_imported(truth: Expected) -> bool:
    """Tell whether an order must exist in Odoo: tests never do, by the backend's default."""
    return not truth.test


def _compare(truth: Expected, orders: list[StoredOrder]) -> list[tuple[str, str]]:
    if len(orders) > 1:
        return [("existence", f"{len(orders)} sale orders")]
    if not is_imported(truth):
        return [("existence", "a test order was imported")] if orders else []
    if truth.outcome == "cancelled":
        return _compare_cancelled(orders)
    if not orders:
        return [("existence", "no sale order")]
    differences = _differing_values(truth, orders[0])
    return differences + _differing_quantities(truth, orders[0])


def _compare_cancelled(orders: list[StoredOrder]) -> list[tuple[str, str]]:
    """A cancelled order is cancelled in Odoo, or was never imported."""
    if orders and orders[0].state != "cancel":
        return [("state", f"cancelled there, {orders[0].state} in Odoo")]
    return []


def _differing_values(truth: Expected, order: StoredOrder) -> list[tuple[str, str]]:
    held = truth.payment_state in HELD_PAYMENTS
    pairs = (
        ("state", "state", "draft" if held else "sale", order.state),
        ("state", "held", held, order.held),
        ("money", "currency", truth.currency, order.currency),
        ("money", "untaxed", truth.untaxed, order.untaxed),
        ("money", "tax", truth.tax, order.tax),
        ("money", "total", truth.total, order.total),
    )
    return [
        (aspect, f"{name} {theirs} there, {ours} in Odoo")
        for aspect, name, theirs, ours in pairs
        if theirs != ours
    ]


def _differing_quantities(truth: Expected, order: StoredOrder) -> list[tuple[str, str]]:
    """Compare the goods per SKU; what has none is found by its title among our services."""
    theirs: Counter[str] = Counter()
    for word, units in truth.quantities.items():
        theirs[_our_word(word)] += units
    ours = Counter({
        word: units
        for word, units in order.quantities.items()
        if units and (word in theirs or not word.startswith("title:"))
    })  # fmt: skip
    if ours == theirs:
        return []
    return [("goods", f"{dict(theirs)} there, {dict(order.quantities)} in Odoo")]


def _our_word(word: str) -> str:
    _kind, colon, title = word.partition(":")
    return f"title:{title}" if colon else SERVICES.get(word, word)
