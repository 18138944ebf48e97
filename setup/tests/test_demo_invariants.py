"""A violated invariant is found: a checker that finds nothing would prove nothing."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timezone
from decimal import Decimal

import pytest

from demo_day.invariants import INVARIANTS, LONGEST_REST, Evidence
from demo_day.reading import StoredMessage, StoredOrder
from demo_day.truth import Mismatch
from simulator import Shop

MESSAGE = StoredMessage(
    "orders/create", "event", "order:1", "done", "webhook", 0, datetime.now(timezone.utc), None
)


class Rows:
    """A database that answers every question alike."""

    def __init__(self, rows=(), value=0):
        self._rows, self._value = list(rows), value

    def rows(self, _query, *_parameters):
        return self._rows

    def value(self, _query, *_parameters):
        return self._value


@pytest.fixture
def evidence() -> Evidence:
    """Return what a day leaves on which all went well."""
    shop = Shop(1)
    history = shop.place("plain")
    version = int(history.current.updated_at.timestamp() * 1_000_000)
    key = str(history.id)
    order = StoredOrder(
        key, 1, 1, "sale", "EUR", Decimal(1), Decimal(0), Decimal(1), version, False, "", Counter()
    )
    message = replace(MESSAGE, entity_key=f"order:{key}", version=version)
    accepted = {("orders/create", "event")}
    return Evidence(1, accepted, [history], {}, [order], [message], Rows())


def found(evidence: Evidence) -> set[str]:
    """Return the invariants that are violated."""
    return {name for name, check in INVARIANTS.items() if check(evidence)}


def test_a_good_day_violates_nothing(evidence):
    assert found(evidence) == set()


def test_an_event_that_was_accepted_and_is_gone_is_found(evidence):
    evidence.accepted.add(("orders/create", "lost"))
    assert found(evidence) == {"I1"}


def test_a_double_effect_is_found(evidence):
    evidence.orders.append(evidence.orders[0])
    assert found(evidence) == {"I2"}
    evidence.orders.pop()
    evidence.database = Rows(value=1)
    assert INVARIANTS["I2"](evidence)


def test_only_money_that_differs_breaks_the_third(evidence):
    evidence.mismatches = [Mismatch("goods", "#1", "one more")]
    assert found(evidence) == set()
    evidence.mismatches = [Mismatch("money", "#1", "one cent")]
    assert found(evidence) == {"I3"}


@pytest.mark.parametrize("state", ["received", "retry", "lost"])
def test_what_rests_or_has_no_defined_state_is_found(evidence, state):
    evidence.messages.append(replace(MESSAGE, state=state, event_id="other"))
    assert found(evidence) == {"I5"}


def test_what_waits_behind_a_blocked_message_may_rest(evidence):
    evidence.messages += [
        replace(MESSAGE, state="blocked", event_id="2"),
        replace(MESSAGE, state="received", event_id="3"),
    ]
    assert found(evidence) == set()


def test_stock_that_is_never_reserved_is_found(evidence):
    evidence.database = Rows(value=1)
    assert INVARIANTS["I5"](evidence)


def test_a_long_rest_is_found(evidence):
    evidence.longest_rest = LONGEST_REST + 1
    assert found(evidence) == {"I5"}


def test_a_version_that_went_back_is_found(evidence):
    evidence.orders[0].version -= 1
    assert found(evidence) == {"I7"}


def test_dead_messages_that_nobody_sees_are_found(evidence):
    evidence.database = Rows(rows=[(7, "blocked")])
    assert INVARIANTS["I8"](evidence)


def test_a_payment_has_versions_of_its_own(evidence):
    first = evidence.messages[0]
    paid = replace(first, event_id="paid", version=first.version + 1, kind="payment")
    evidence.messages.append(paid)
    assert found(evidence) == set()
    evidence.messages[-1] = replace(paid, kind="order")
    assert found(evidence) == {"I7"}
