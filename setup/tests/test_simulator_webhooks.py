"""Webhooks over real HTTP: signatures, retries, misbehaviour, and what is recorded of them."""

import base64
import hashlib
import hmac
import json
import threading
from collections import Counter
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from simulator import INTERNET, AppSettings, Faults, Manners, ShopifySimulator, many_orders
from simulator.sender import RETRIES, WebhookSender

SECRET = AppSettings().client_secret.encode()
QUICK = Manners(time_factor=0.00001, timeout=1, max_seconds=30)


class Receiver(ThreadingHTTPServer):
    """Keeps what it receives; ``refuse`` decides the status from the number of the request."""

    daemon_threads = True

    def __init__(self, refuse=lambda number: 200):
        super().__init__(("127.0.0.1", 0), ReceiverHandler)
        self.received, self.connections, self.refuse = [], 0, refuse
        self.lock, self.url = (
            threading.Lock(),
            f"http://127.0.0.1:{self.server_address[1]}/hook?k=1",
        )

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


class ReceiverHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        with self.server.lock:
            self.server.connections += 1

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with self.server.lock:
            self.server.received.append((self.path, dict(self.headers), body))
            status = self.server.refuse(len(self.server.received))
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def authentic(headers, body):
    digest = hmac.new(SECRET, body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode() == headers["X-Shopify-Hmac-Sha256"]


@pytest.fixture
def simulator():
    with ShopifySimulator(seed=6, start=datetime(2026, 3, 1, tzinfo=timezone.utc)) as running:
        running.shop.trade(40)
        yield running


def test_every_event_arrives_once_signed_and_described(simulator):
    with Receiver() as receiver:
        report = simulator.deliver(receiver.url, manners=QUICK)
    events = simulator.shop.events()
    assert len(receiver.received) == len(events) == report.answers["200"]
    assert set(report.accepted) == {(event.topic, event.event_id) for event in events}
    for path, headers, body in receiver.received:
        assert path == "/hook?k=1"
        assert authentic(headers, body)
        assert headers["X-Shopify-Shop-Domain"] == simulator.shop.domain
        assert headers["X-Shopify-API-Version"] == "2026-04"
        assert headers["X-Shopify-Triggered-At"].endswith("Z")
        assert json.loads(body)["updated_at"]
    assert len(report.latencies) == len(events)
    assert 0 < report.quantile(0.5) <= report.quantile(0.99)


def test_topics_of_one_action_share_the_event_id_but_not_the_webhook_id(simulator):
    history = next(h for h in simulator.shop.orders if h.kind == "pending_then_paid")
    plan = simulator.plan(simulator.shop.events([history])).deliveries
    assert [delivery.topic for delivery in plan] == [
        "orders/create",
        "orders/paid",
        "orders/updated",
    ]
    created, paid, updated = plan
    assert paid.event_id == updated.event_id != created.event_id
    assert len({delivery.headers["X-Shopify-Webhook-Id"] for delivery in plan}) == 3


def test_connections_are_kept_open_and_bounded(simulator):
    with Receiver() as receiver:
        simulator.deliver(receiver.url, manners=Manners(concurrency=3))
    assert receiver.connections <= 3


def test_refused_webhooks_come_again_under_the_same_event_id(simulator):
    with Receiver(lambda number: 503 if number % 2 else 200) as receiver:
        report = simulator.deliver(receiver.url, manners=QUICK)
    assert report.answers["503"] == report.retries > 0
    assert not report.given_up
    assert {event.event_id for event in simulator.shop.events()} == report.accepted_event_ids
    ids = Counter()
    for event, webhook in {
        (
            headers["X-Shopify-Topic"] + headers["X-Shopify-Event-Id"],
            headers["X-Shopify-Webhook-Id"],
        )
        for _, headers, _ in receiver.received
    }:
        ids[event] += 1
        assert webhook
    assert max(ids.values()) > 1, "some retries come under another webhook id"


def test_after_eight_retries_the_sender_gives_up(simulator):
    events = simulator.shop.events()[:3]
    with Receiver(lambda number: 500) as receiver:
        report = simulator.deliver(receiver.url, events, QUICK)
    assert len(receiver.received) == 3 * (1 + len(RETRIES))
    assert len(report.given_up) == 3
    assert not report.accepted
    assert sum(RETRIES) == 4 * 3600


def test_nobody_there_is_reported_and_bounded_in_time(simulator):
    with Receiver() as receiver:
        url = receiver.url
    patient = Manners(time_factor=1, max_seconds=0.3)
    report = simulator.deliver(url, simulator.shop.events()[:5], patient)
    assert report.answers["unreachable"] == 5
    assert report.unsent == 5
    assert report.seconds < 3


def test_a_slow_receiver_is_a_timeout(simulator):
    stop = threading.Event()

    def slow(number):
        stop.wait(5)
        return 200

    with Receiver(slow) as receiver:
        hasty = Manners(timeout=0.1, retries=0)
        report = simulator.deliver(receiver.url, simulator.shop.events()[:1], hasty)
        stop.set()
    assert report.answers == {"timeout": 1}


def test_subscriptions_decide_what_is_sent_where(simulator):
    with Receiver() as receiver:
        simulator.subscriptions.create("ORDERS_UPDATED", {"uri": receiver.url})
        simulator.deliver(manners=QUICK)
    topics = {headers["X-Shopify-Topic"] for _, headers, _ in receiver.received}
    assert topics == {"orders/updated"}


def test_without_any_address_nothing_is_sent(simulator):
    with pytest.raises(ValueError, match="no address"):
        simulator.deliver()


def signature(plan):
    return [
        (item.intent, item.topic, item.event_id, item.body, item.headers["X-Shopify-Webhook-Id"])
        for item in plan.deliveries
    ]


def plan_of(seed, faults=INTERNET, orders=80):
    simulator = ShopifySimulator(seed, faults, start=datetime(2026, 3, 1, tzinfo=timezone.utc))
    simulator.server.server_close()
    simulator.shop.trade(orders)
    return simulator, simulator.plan()


def test_the_same_seed_gives_the_same_bytes_and_the_same_misbehaviour():
    assert signature(plan_of(1)[1]) == signature(plan_of(1)[1])
    assert signature(plan_of(1)[1]) != signature(plan_of(2)[1])


def test_misbehaviour_is_of_every_kind():
    simulator, plan = plan_of(3, Faults(0.3, 0.1, 0.5, 20, 0.1, 3600, 0.2, 0.2, 0.2))
    intents = Counter(item.intent for item in plan.deliveries)
    assert set(intents) == {"genuine", "duplicate", "late", "forged", "truncated", "junk"}
    assert intents["genuine"] + intents["late"] + len(plan.dropped) == len(simulator.shop.events())
    sent = {(item.topic, item.event_id) for item in plan.deliveries}
    assert not sent & {(event.topic, event.event_id) for event in plan.dropped}
    order = [item.event_id for item in plan.deliveries if item.intent == "genuine"]
    times = {event.event_id: event.updated_at for event in simulator.shop.events()}
    assert [times[key] for key in order] != sorted(times[key] for key in order)


def test_only_forged_deliveries_have_a_bad_signature_and_all_extras_have_ids_of_their_own():
    simulator, plan = plan_of(3, Faults(forged=0.5, truncated=0.5, junk=0.5))
    genuine = {event.event_id for event in simulator.shop.events()}
    for item in plan.deliveries:
        assert authentic(item.headers, item.body) == (item.intent != "forged")
        assert (item.event_id in genuine) == (item.intent == "genuine")
        if item.intent in ("truncated", "junk"):
            with pytest.raises(ValueError):
                json.loads(item.body)


def test_late_events_were_triggered_long_ago():
    _, plan = plan_of(3, Faults(late=0.2, late_seconds=7200))
    late = [item for item in plan.deliveries if item.intent == "late"]
    assert late == plan.deliveries[-len(late) :]
    limit = (datetime.now(timezone.utc) - timedelta(hours=1)).isoformat()
    assert all(item.headers["X-Shopify-Triggered-At"] < limit for item in late)


def test_a_plan_does_not_depend_on_what_else_is_sent():
    simulator, whole = plan_of(5, Faults(duplicate=0.3))
    some = simulator.plan(simulator.shop.events()[:20]).deliveries
    ids = {item.event_id for item in some}
    count = Counter(item.event_id for item in whole.deliveries if item.event_id in ids)
    assert count == Counter(item.event_id for item in some)


def test_load_is_signed_distinct_and_as_hot_as_asked():
    load = many_orders(400, 200, 0.8, seed=1)
    assert all(authentic(item.headers, item.body) for item in load.deliveries)
    assert len({truth.customer_id for truth in load.expected}) == 400
    skus = Counter(sku for truth in load.expected for sku in truth.quantities)
    hot = sum(skus[f"LOAD-{number:05d}"] for number in range(1, 6))
    assert 0.75 < hot / sum(skus.values()) < 0.85
    assert all(len(truth.quantities) == 3 for truth in load.expected)
    for item, truth in zip(load.deliveries, load.expected, strict=True):
        assert json.loads(item.body)["total_price"] == str(truth.total)


def test_uniform_load_uses_all_skus_about_equally():
    skus = Counter(
        s for t in many_orders(1000, ["A", "B", "C", "D"]).expected for s in t.quantities
    )
    assert max(skus.values()) < 1.2 * min(skus.values())


def test_load_can_be_sent_at_a_rate():
    with Receiver() as receiver:
        report = WebhookSender(receiver.url, Manners(rate=100)).send(many_orders(20).deliveries)
    assert len(receiver.received) == 20
    assert report.seconds >= 0.19
