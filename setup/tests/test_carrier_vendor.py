"""The carriers' adapters against simulated accounts, over HTTP."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from carrier_accounts import SECRET, label, provider, read
from carrier_spec import request_problems

from simulator_carrier import LabelService, ParcelService
from simulator_common import Trouble

# What carrier_accounts makes importable.
# isort: split
from odoo.addons.retail_connector_base.canonical.warehouse_command import TrackParcel
from odoo.addons.retail_connector_base.providers import (
    AuthenticationError,
    ConnectorError,
    RateLimitedError,
    RawRequest,
    RejectedError,
    UnknownOutcomeError,
)
from odoo.addons.retail_connector_base.providers.document import fetch_document
from odoo.addons.retail_connector_base.providers.safe_address import AddressPolicy, read_networks

SERVICES = {
    "parcels": lambda **more: ParcelService(**more),
    "labels-v1": lambda **more: LabelService(version="v1", **more),
    "labels-v2": lambda **more: LabelService(version="v2", **more),
}


@pytest.fixture(params=SERVICES)
def service(request):
    with SERVICES[request.param](seed=11) as running:
        yield running


class Ears(ThreadingHTTPServer):
    """Hears webhooks, and keeps those whose senders can prove who they are."""

    def __init__(self, adapter, clock):
        self.adapter, self.clock, self.told = adapter, clock, []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(handler):
                body = handler.rfile.read(int(handler.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in handler.headers.items()}
                handler.send_response(self.hear(body, headers))
                handler.end_headers()

            def log_message(self, *args):
                """Stay silent."""

        super().__init__(("127.0.0.1", 0), Handler)
        Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def hear(self, body, headers):
        """Return the status of an answer."""
        try:
            found = self.adapter.verify(RawRequest(body, headers, self.clock()))
        except AuthenticationError:
            return 401
        self.told += found.messages
        return 202

    @property
    def url(self):
        """The address."""
        return f"http://127.0.0.1:{self.server_address[1]}/hooks"


@pytest.fixture
def ears(service):
    with Ears(provider(service), service.clock) as running:
        yield running
        running.shutdown()


MOVED = {
    ParcelService: ("in_transit", "delivered"),
    LabelService: ("IT", "DE"),
}


# Labels


def test_a_label_is_bought_once_however_often_it_is_asked(service):
    adapter, wanted = provider(service), label("WH-OUT-1-a", service)
    first = adapter.send(wanted, "key")
    assert adapter.send(wanted, "key", ()) == adapter.look_up(wanted, "key") == first
    assert service.labels == {"WH-OUT-1-a": [first.details["tracking_number"]]}
    assert first.details["amount"] == "11.01" and first.details["currency"] == "USD"


def test_what_nobody_answered_is_found_before_anything_is_bought_again(service):
    adapter, wanted = provider(service), label("WH-OUT-2-b", service)
    adapter.send(label("WH-OUT-2-c", service), "other")
    # The shipment is made and the label bought; the answer is lost.
    service.trouble = Trouble(accept_then_fail=1)
    for _time in range(3):
        with pytest.raises(ConnectorError) as raised:
            adapter.send(wanted, "key")
        service.trouble = Trouble()
        if isinstance(raised.value, UnknownOutcomeError):
            break
        # Making the shipment failed, which cost nothing: now the purchase itself is hit.
        service.trouble = _hit_purchases(service)
    service.trouble = Trouble()
    found = adapter.look_up(wanted, "key")
    again = adapter.send(wanted, "key", ())
    assert found == again
    assert service.labels["WH-OUT-2-b"] == [found.details["tracking_number"]]


def _hit_purchases(service):
    """Let purchases alone fail after their effect."""
    usual = service.server.next_fault

    def next_fault(call):
        usual(call)
        return "accept_then_fail" if call.method == "POST" else None

    service.server.next_fault = next_fault
    return Trouble()


def test_what_never_arrived_is_not_there(service):
    assert provider(service).look_up(label("WH-OUT-3-d", service), "key") is None


@pytest.mark.parametrize("seed", range(8))
def test_no_trouble_buys_a_label_twice(service, seed):
    """Whatever goes wrong, as the outbox goes on: retried, or looked up where in doubt."""
    adapter, dice = provider(service), f"WH-{seed}"
    service.server.dice = type(service.server.dice)(seed)
    service.trouble = Trouble(rate_limited=0.2, server_error=0.2, accept_then_fail=0.3)
    for number in range(3):
        _until_bought(adapter, label(f"{dice}-{number}", service))
    assert {reference: len(found) for reference, found in service.labels.items()} == {
        f"{dice}-{number}": 1 for number in range(3)
    }


def _until_bought(adapter, wanted):
    in_doubt = False
    for _time in range(300):
        try:
            found = adapter.look_up(wanted, "key") if in_doubt else adapter.send(wanted, "key", ())
        except UnknownOutcomeError:
            in_doubt = True
        except ConnectorError:
            continue
        else:
            if found is not None:
                return found
            in_doubt = False
    raise AssertionError("It was never bought.")


def test_refusals_say_why(service):
    adapter = provider(service)
    with pytest.raises(RejectedError, match="(?i)priority|no such service"):
        adapter.send(label("WH-4", service).model_copy(update={"service": "teleport"}), "key")
    service.trouble = Trouble(rate_limited=1, retry_after=7)
    with pytest.raises(RateLimitedError) as raised:
        adapter.send(label("WH-4", service), "key")
    assert raised.value.retry_after == 7
    service.trouble, service.key = Trouble(), "changed"
    with pytest.raises(AuthenticationError):
        adapter.send(label("WH-4", service), "key")
    assert not service.labels


def test_the_document_of_a_label_is_fetched_with_care(service):
    found = provider(service).send(label("WH-5", service), "key")
    allowed = AddressPolicy(networks=read_networks("127.0.0.0/8"), plain_http=True)
    document = fetch_document(found.details["label_url"], allowed)
    assert (document.mimetype, document.content[:5]) == ("application/pdf", b"%PDF-")
    with pytest.raises(ConnectorError):
        fetch_document(found.details["label_url"])
    # A page of words is no document.
    with pytest.raises(ConnectorError):
        fetch_document(f"{service.base_url}/jwks", allowed)


# Parcels


def test_news_of_a_bought_label_come_by_webhook(service, ears):
    adapter = provider(service)
    report = adapter.sync_subscriptions(ears.url)
    assert report.created
    assert not adapter.sync_subscriptions(ears.url).created
    number = adapter.send(label("WH-6", service), "key").details["tracking_number"]
    moving, arrived = MOVED[type(service)]
    service.move(number, moving, "Scanned", "Bonn")
    service.move(number, arrived, "At the door", "Bonn")
    service.trouble = Trouble(duplicate=1, forged=1)
    sent = service.deliver()
    assert set(sent.answers) == {"202"}
    told = [read(adapter, message) for message in ears.told if message.kind]
    assert told[-1].state.value == "delivered"
    assert [one.state.value for one in told[-1].milestones if one.text] and told[
        -1
    ].number == number
    identities = [message.event_id for message in ears.told]
    assert len(set(identities)) == len(identities) / 2, "each came twice, and nothing forged did"


def test_lists_find_what_no_webhook_told(service):
    adapter = provider(service)
    number = adapter.send(label("WH-7", service), "key").details["tracking_number"]
    moving, arrived = MOVED[type(service)]
    service.move(number, moving, "Scanned", "Bonn")
    pages = list(adapter.fetch("tracking", ""))
    (message,) = [message for page in pages for message in page.messages]
    assert read(adapter, message).state.value == "in_transit"
    assert message.event_id == next(adapter.fetch("tracking", "")).messages[0].event_id
    service.move(number, arrived, "At the door", "Bonn")
    (message,) = [m for page in adapter.fetch("tracking", "") for m in page.messages]
    assert read(adapter, message).state.value == "delivered"
    one = adapter.fetch_one("tracking", read(adapter, message).external_id)
    assert one.authoritative and read(adapter, one).state.value == "delivered"


@pytest.mark.parametrize("name", ["parcels", "labels-v1"])
def test_parcels_of_others_are_followed(name):
    with SERVICES[name](seed=5) as running:
        adapter, number = provider(running), running.book("elsewhere")
        command = TrackParcel(number=number, carrier="usps" if name == "labels-v1" else "USPS")
        first = adapter.send(command, "key")
        assert adapter.send(command, "key", ()) == first
        assert adapter.look_up(command, "key") in (first, None)
        running.move(number, MOVED[type(running)][0], "Scanned", "Bonn")
        assert running.events


def test_connection_and_subscriptions_are_reported(service, ears):
    adapter = provider(service)
    assert not adapter.test_connection().problems
    assert adapter.sync_subscriptions(ears.url).created
    if isinstance(service, LabelService):
        # One event has one address: somebody else's is not taken away.
        assert adapter.sync_subscriptions(f"{ears.url}/other").missing
    assert SECRET not in repr(service.server.exchanges[-1][2])


# The published specification


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_requests_are_those_of_the_specification(version):
    with LabelService(seed=3, version=version) as running:
        adapter, wanted = provider(running), label("WH-8", running)
        adapter.look_up(wanted, "key")
        adapter.send(wanted, "key")
        adapter.look_up(wanted, "key")
        running.move(running.labels["WH-8"][0], "IT", "Scanned", "Bonn")
        list(adapter.fetch("tracking", ""))
        adapter.fetch_one("tracking", running.labels["WH-8"][0])
        adapter.sync_subscriptions("https://odoo.example/hooks")
        adapter.sync_subscriptions("https://odoo.example/hooks", {"tracking"})
        if version == "v1":
            adapter.send(TrackParcel(number="1Z", carrier="ups"), "key")
        calls = list(running.server.calls)
    assert len(calls) > 10
    for call in calls:
        assert not request_problems(version, call.method, call.path, call.query, call.body), call
