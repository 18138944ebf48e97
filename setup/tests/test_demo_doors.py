"""The verdict on the systems that call the API, and on what their subscriber heard."""

from types import SimpleNamespace

import pytest
from standardwebhooks import Webhook

from demo_day.doors import Doors
from demo_day.reading import StoredOrder
from demo_day.subscriber import Subscriber
from demo_day.verdict_doors import _undone, _unheard, _untied

SECRET = "whsec_" + "A" * 43 + "="


def doors(**values):
    """Return doors behind which nothing happened."""
    usual = {name: SimpleNamespace(states=dict) for name in ("hub", "pim", "crm")}
    subscriber = Subscriber(secret=SECRET, sick=[])
    return Doors(**{**usual, "subscriber": subscriber, "subscription": 1, "products": {}, **values})


def owed(*rows):
    """Return a database that owes these deliveries: key, entity, state."""
    found = [(key, entity, f"event of {key}", state) for key, entity, state in rows]
    return SimpleNamespace(rows=lambda *_query: found)


def heard(*keys):
    return Subscriber(heard=[(key, {}) for key in keys])


def test_what_was_heard_once_and_in_order_is_well():
    database = owed(("a1", "a", "done"), ("b1", "b", "done"), ("a2", "a", "done"))
    assert not list(_unheard(doors(subscriber=heard("b1", "a1", "a2", "a2")), database))


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (("a2", "a1"), "out of order"),
        (("a1",), "never heard"),
        (("a1", "a2", "x"), "owed by nobody"),
    ],
)
def test_what_is_missing_strange_or_late_is_said(keys, words):
    database = owed(("a1", "a", "done"), ("a2", "a", "done"))
    (found,) = _unheard(doors(subscriber=heard(*keys)), database)
    assert words in found


def test_nothing_owed_is_no_success():
    assert list(_unheard(doors(), owed())) == ["nothing was owed"]


def test_messages_that_are_not_done_are_said():
    hub = SimpleNamespace(states=lambda: {"done": 3, "superseded": 1, "blocked": 2})
    assert list(_undone(doors(hub=hub))) == ["2 messages of the marketplace are blocked"]


def test_orders_must_have_their_totals_and_states():
    side = {"amount": "11.90"}, {"amount": "1.90"}
    body = {"total": {"shop": side[0]}, "total_tax": {"shop": side[1]}}
    stored = StoredOrder("1", 1, 1, "sale", "EUR", 10, "1.90", "11.90", 0, False, "confirmed", {})
    known = doors(orders={"1": body, "2": body})
    assert len(list(_untied(known, [stored]))) == 2


def test_a_subscriber_takes_only_what_is_signed_and_is_sick_for_a_while(monkeypatch):
    from datetime import datetime, timezone

    body, moment = '{"id": "e"}', datetime.now(timezone.utc)
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(SECRET).sign("msg_1", moment, body),
    }
    subscriber = Subscriber(secret=SECRET, sick=[503])
    assert subscriber.take({**headers, "webhook-signature": "v1,AAAA"}, body.encode()) == 401
    assert subscriber.take(headers, body.encode()) == 503
    assert subscriber.take(headers, body.encode()) == 204
    assert subscriber.heard == [("msg_1", {"id": "e"})]
    assert (subscriber.refused, subscriber.forged) == (1, 1)
