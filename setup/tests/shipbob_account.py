"""What the tests of the simulated ShipBob account share."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import odoo.addons

from environment.paths import ROOT
from simulator_shipbob import ShipBobSimulator

if str(ROOT) not in odoo.addons.__path__:
    odoo.addons.__path__.append(str(ROOT))

from odoo.addons.retail_connector_3pl.providers.shipbob import ShipBobProvider
from odoo.addons.retail_connector_base.canonical import (
    Address,
    AnnouncedLine,
    AnnounceReceipt,
    AnnounceReturn,
    CancelAnnouncement,
    CancelRelease,
    ChangeRelease,
    Recipient,
    ReleaseLine,
    ReleaseOrder,
)
from odoo.addons.retail_connector_base.providers import (
    AuthenticationError,
    HttpClient,
    ProviderContext,
    RawRequest,
    ReceivedMessage,
    StoredMessage,
)

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
CENTRE = "10"
ADDRESS = Address(
    name="Ada Lovelace", street="Main Street 1", city="Reno", zip="89501", province_code="NV",
    country_code="US",
)  # fmt: skip
RECIPIENT = Recipient(address=ADDRESS, email="ada@example.com", phone="555-0100")


def provider(
    simulator: ShipBobSimulator, secrets: tuple[str, ...] = (SECRET,), **settings: str
) -> ShipBobProvider:
    """Return the adapter of the simulated account, at the account's time."""
    held = {"access_token": (simulator.token,), "webhook_secret": secrets}
    channel = str(simulator.account.channel["id"])
    known = {"api_url": simulator.base_url, "channel_id": channel, **settings}
    http = HttpClient(read_timeout=1.0)
    return ShipBobProvider(ProviderContext(known, held, http, simulator.clock))


def release(reference: str, wanted: dict[str, int], **values: Any) -> ReleaseOrder:
    """Return the command that has units by SKU sent."""
    lines = tuple(
        ReleaseLine(external_id=str(at), sku=sku, name=sku.title(), quantity=units)
        for at, (sku, units) in enumerate(wanted.items(), 1)
    )
    told = {"order_external_id": reference, "location_external_id": CENTRE,
            "order_name": f"#{reference}", "recipient": RECIPIENT, "lines": lines}  # fmt: skip
    return ReleaseOrder(**(told | values))


def cancellation(reference: str, number: str | None = None) -> CancelRelease:
    """Return the command that asks for a cancellation."""
    return CancelRelease(
        order_external_id=reference, request_reference=f"{reference}-C",
        warehouse_order_external_id=number, location_external_id=CENTRE,
    )  # fmt: skip


def change(reference: str, **values: Any) -> ChangeRelease:
    """Return the command that asks for a change."""
    return ChangeRelease(
        order_external_id=reference, request_reference=f"{reference}-A",
        location_external_id=CENTRE, **values,
    )  # fmt: skip


def _announced(wanted: dict[str, int]) -> tuple[AnnouncedLine, ...]:
    return tuple(
        AnnouncedLine(external_id=str(at), sku=sku, name=sku, quantity=units)
        for at, (sku, units) in enumerate(wanted.items(), 1)
    )


def announcement(reference: str, wanted: dict[str, int]) -> AnnounceReceipt:
    """Return the command that announces a supplier's delivery."""
    return AnnounceReceipt(
        reference=reference, location_external_id=CENTRE, lines=_announced(wanted)
    )


def taking_back(reference: str, number: str | None = None) -> CancelAnnouncement:
    """Return the command that takes an announcement back."""
    return CancelAnnouncement(
        reference=reference, location_external_id=CENTRE, announcement_external_id=number
    )


def coming_back(reference: str, of: str, wanted: dict[str, int]) -> AnnounceReturn:
    """Return the command that announces a return."""
    return AnnounceReturn(
        reference=reference, location_external_id=CENTRE, order_external_id=of,
        lines=_announced(wanted),
    )  # fmt: skip


def parsed(adapter: ShipBobProvider, message: ReceivedMessage) -> Any:
    """Return what a message is read as; its place in the queues must be the same."""
    found = adapter.parse(StoredMessage(message.topic, message.kind, message.body, message.headers))
    assert message.kind == found.kind
    assert message.entity_key == found.entity_key
    return found


def messages(
    adapter: ShipBobProvider, kind: str, since: datetime | None = None, cursor: str = ""
) -> list[ReceivedMessage]:
    """Return all messages of a poll."""
    return [one for page in adapter.fetch(kind, cursor, since) for one in page.messages]


def newest(adapter: ShipBobProvider, found: Iterable[ReceivedMessage]) -> dict[str, Any]:
    """Return the state of each entity that the version guard would leave."""
    read = [parsed(adapter, message) for message in found if message.kind]
    return {one.external_id: one for one in sorted(read, key=lambda one: one.version)}


def sent_units(shipments: Iterable[Any]) -> dict[str, Decimal]:
    """Return the units by SKU that left."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for shipment in shipments:
        for line in shipment.lines:
            found[line.sku] += line.quantity
    return dict(found)


class Hearing:
    """An address that takes webhooks, checks them, and keeps their messages."""

    def __init__(self, adapter: ShipBobProvider) -> None:
        self.adapter = adapter
        self.messages: list[ReceivedMessage] = []
        self.refused = 0
        hearing = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                self.send_response(hearing.hear(body, headers))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Stay silent."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        """The address."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/hooks/key"

    def hear(self, body: bytes, headers: dict[str, str]) -> int:
        """Take a delivery; return the status to answer."""
        request = RawRequest(body, headers, self.adapter.context.now(), self.url)
        try:
            self.messages += self.adapter.verify(request).messages
        except AuthenticationError:
            self.refused += 1
            return 401
        return 202

    def __enter__(self) -> "Hearing":  # noqa: PYI034 - Self needs Python 3.11
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)
