"""The events that tell of money: each movement, each refund, each state of a dispute."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .history import History, MoneyEvent
from .identifiers import seeded_uuid
from .order import Payment
from .rest import dispute_json, refund_json, transaction_json

if TYPE_CHECKING:
    from .shop import Shop

MONEY_TOPICS = (
    "order_transactions/create", "refunds/create", "disputes/create", "disputes/update",
)  # fmt: skip


def money_events(shop: "Shop") -> list[MoneyEvent]:
    """Return the events about money of a shop, in the order in which they came about."""
    events = [event for history in shop.orders for event in _of_order(shop, history)]
    events += _of_disputes(shop)
    return sorted(events, key=lambda event: (event.updated_at, event.order.id))


def _of_order(shop: "Shop", history: History) -> Iterator[MoneyEvent]:
    """Yield what moved from one state to the next. A pending movement tells of its end as well."""
    told: dict[int, Payment] = {}
    known: set[int] = set()
    for state in history.states:
        order = state.order
        for payment in order.payments:
            before = told.get(payment.id)
            if before is None or before.status != payment.status:
                told[payment.id] = payment
                yield MoneyEvent(
                    "order_transactions/create", order,
                    seeded_uuid(f"{shop.seed}:payment:{payment.id}:{payment.status}"),
                    content=transaction_json(payment, order, shop.settings), at=order.updated_at,
                )  # fmt: skip
        for refund in order.refunds:
            if refund.id not in known:
                known.add(refund.id)
                yield MoneyEvent(
                    "refunds/create", order, seeded_uuid(f"{shop.seed}:refund:{refund.id}"),
                    content=refund_json(refund, order, shop.settings), at=order.updated_at,
                )  # fmt: skip


def _of_disputes(shop: "Shop") -> Iterator[MoneyEvent]:
    for states in shop.account.dispute_states.values():
        for index, dispute in enumerate(states):
            order = shop.histories[dispute.order_id].current
            yield MoneyEvent(
                "disputes/update" if index else "disputes/create", order,
                seeded_uuid(f"{shop.seed}:dispute:{dispute.id}:{index}"),
                content=dispute_json(dispute, shop.currency, shop.settings),
                at=dispute.changed_at,
            )  # fmt: skip
