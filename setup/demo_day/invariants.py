"""The invariants of the design that can be checked from outside: what breaks them, in words."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from simulator import Expected
from simulator.history import History

from .reading import Database, StoredMessage, StoredOrder
from .truth import Mismatch

STATES = frozenset({
    "received", "done", "superseded", "ignored", "waiting", "retry", "quarantined", "blocked",
    "unsupported", "conflict",
})  # fmt: skip
DEAD = ("quarantined", "blocked", "conflict")
LONGEST_REST = 75
UNBALANCED = """
    SELECT move_id FROM account_move_line GROUP BY move_id HAVING abs(sum(debit - credit)) > 0.001
"""
DEAD_UNSEEN = """
    SELECT message.id, message.state FROM retail_inbox_message message
      LEFT JOIN retail_exception exception ON exception.id = message.exception_id
     WHERE message.backend_id = %s AND message.state = ANY(%s)
       AND (exception.id IS NULL OR exception.state <> 'open'
            OR coalesce(exception.cause, '') = '')
"""


@dataclass
class Evidence:
    """What is known of one shop at the end: what it sent, what Odoo holds."""

    backend: int
    accepted: set[tuple[str, str]]
    histories: list[History]
    expected: dict[str, Expected]
    orders: list[StoredOrder]
    messages: list[StoredMessage]
    database: Database
    longest_rest: float = 0
    mismatches: list[Mismatch] = field(default_factory=list)


def accepted_is_stored(evidence: Evidence) -> list[str]:
    """I1: every event answered with 2xx is in the inbox."""
    stored = {(message.topic, message.event_id) for message in evidence.messages}
    return [f"{topic} {event} is not there" for topic, event in evidence.accepted - stored]


def one_effect(evidence: Evidence) -> list[str]:
    """I2: one sale order per external order, one binding per sale order, one row per event."""
    bindings = Counter(order.external_id for order in evidence.orders)
    orders = Counter(order.order_id for order in evidence.orders)
    rows = Counter((m.topic, m.event_id) for m in evidence.messages if m.state != "conflict")
    strangers = evidence.database.value(
        "SELECT count(*) FROM sale_order WHERE company_id = (SELECT company_id FROM retail_backend"
        " WHERE id = %s) AND id NOT IN (SELECT odoo_id FROM retail_order_binding)",
        evidence.backend,
    )
    return [
        *(f"order {key} is bound {n} times" for key, n in bindings.items() if n > 1),
        *(f"sale order {key} has {n} bindings" for key, n in orders.items() if n > 1),
        *(f"event {key} is stored {n} times" for key, n in rows.items() if n > 1),
        *([f"{strangers} sale orders belong to no order of the channel"] if strangers else []),
    ]


def totals_tie(evidence: Evidence) -> list[str]:
    """I3: every order nets to the channel's truth, and debits equal credits in every move."""
    unbalanced = [f"move {move} is unbalanced" for (move,) in evidence.database.rows(UNBALANCED)]
    untied = [str(found) for found in evidence.mismatches if found.aspect == "money"]
    return [*untied, *unbalanced]


def states_are_defined(evidence: Evidence) -> list[str]:
    """I5: every row is in a defined state, and none that could go on rests longer than 75 s."""
    strange = {message.state for message in evidence.messages} - STATES
    found = [f"undefined state {state}" for state in strange]
    if evidence.longest_rest > LONGEST_REST:
        found.append(f"a message rested for {evidence.longest_rest:.0f} s")
    stuck = Counter(m.state for m in evidence.messages if m.state in ("received", "retry"))
    waiting_behind = {m.entity_key for m in evidence.messages if m.state == "blocked"}
    for message in evidence.messages:
        if message.state in stuck and message.entity_key in waiting_behind:
            stuck[message.state] -= 1
    owed = evidence.database.value("SELECT count(*) FROM retail_reservation_request")
    found += [f"{owed} stock moves wait for their reservation"] if owed else []
    return found + [f"{count} messages still {state}" for state, count in stuck.items() if count]


def versions_only_grow(evidence: Evidence) -> list[str]:
    """I7: the version applied is the newest that was done, and one that the shop really had."""
    newest: dict[str, int] = {}
    for message in evidence.messages:
        # Payments of an order follow it in its lane, with versions of their own.
        if message.state == "done" and message.kind == "order":
            key = message.entity_key
            newest[key] = max(newest.get(key, 0), message.version)
    real = {str(history.id): _versions(history) for history in evidence.histories}
    found = []
    for order in evidence.orders:
        if order.version < newest.get(f"order:{order.external_id}", 0):
            found.append(f"order {order.external_id} went back to version {order.version}")
        elif order.version != max(real.get(order.external_id, [0])):
            found.append(f"order {order.external_id} is not in its last version")
    return found


def _versions(history: History) -> list[int]:
    return [int(state.order.updated_at.timestamp() * 1_000_000) for state in history.states]


def dead_is_visible(evidence: Evidence) -> list[str]:
    """I8: everything dead has an open exception that tells its cause."""
    rows = evidence.database.rows(DEAD_UNSEEN, evidence.backend, list(DEAD))
    return [f"message {number} is {state} and nobody is told" for number, state in rows]


INVARIANTS: dict[str, Callable[[Evidence], list[str]]] = {
    "I1": accepted_is_stored,
    "I2": one_effect,
    "I3": totals_tie,
    "I5": states_are_defined,
    "I7": versions_only_grow,
    "I8": dead_is_visible,
}
