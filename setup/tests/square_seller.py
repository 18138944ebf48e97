"""What the tests of the simulated Square seller share."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from random import Random
from threading import Thread
from typing import Any

import odoo.addons

from environment.paths import ROOT
from simulator_square import Charged, Pays, Seller, SquareSimulator, Wanted

if str(ROOT) not in odoo.addons.__path__:
    odoo.addons.__path__.append(str(ROOT))

from odoo.addons.retail_connector_base.providers import (
    AuthenticationError,
    HttpClient,
    ProviderContext,
    RawRequest,
    ReceivedMessage,
    StoredMessage,
)
from odoo.addons.retail_connector_pos.providers.square import SquareProvider


def provider(simulator: SquareSimulator, *secrets: str, **settings: str) -> SquareProvider:
    """Return the adapter of the simulated seller, at the seller's time."""
    held = {"access_token": (simulator.token,), "signature_key": secrets or ("key",)}
    known = {"api_url": simulator.base_url, **settings}
    return SquareProvider(ProviderContext(known, held, HttpClient(), simulator.clock))


def parsed(adapter: SquareProvider, message: ReceivedMessage) -> Any:
    """Return what a message is read as; its place in the queues must be the same."""
    found = adapter.parse(StoredMessage(message.topic, message.kind, message.body, message.headers))
    assert message.kind == found.kind
    assert message.entity_key == found.entity_key
    return found


def messages(
    adapter: SquareProvider, kind: str, since: datetime | None = None, cursor: str = ""
) -> list[ReceivedMessage]:
    """Return all messages of a poll."""
    return [one for page in adapter.fetch(kind, cursor, since) for one in page.messages]


def newest(adapter: SquareProvider, found: Iterable[ReceivedMessage]) -> dict[str, Any]:
    """Return the state of each entity that the version guard would leave."""
    read = [parsed(adapter, message) for message in found if message.kind]
    return {one.external_id: one for one in sorted(read, key=lambda one: one.version)}


def lines_worth(ticket: Any) -> Decimal:
    """Return what the lines of a ticket come to with tax, each rounded to the minor unit."""
    total = Decimal(0)
    for line in ticket.lines:
        total += round(line.quantity * line.unit_price - line.discount, 6)
        if not ticket.taxes_included:
            total += sum((tax.amount for tax in line.taxes), Decimal(0))
    return round(total, 4)


def assert_ties(ticket: Any) -> None:
    """Check that a ticket adds up: lines, taxes, tip, rounding and tenders."""
    worth = lines_worth(ticket) + ticket.tip + ticket.rounding
    assert worth == ticket.total, (worth, ticket.total)
    taxes = sum((tax.amount for line in ticket.lines for tax in line.taxes), Decimal(0))
    assert taxes == ticket.total_tax, (taxes, ticket.total_tax)
    paid = sum((one.amount for one in ticket.tenders if one.state.value == "accepted"), Decimal(0))
    if all(one.state.value == "accepted" for one in ticket.tenders):
        assert paid == ticket.total, (paid, ticket.total)


class Shelf:
    """Some goods, taxes and discounts of a seller, for trading by chance."""

    def __init__(self, seller: Seller) -> None:
        self.taxes = (
            seller.add_tax("State", "8.875"),
            seller.add_tax("City", "1.25"),
            seller.add_tax("VAT", "20", inclusive=True),
        )
        self.discounts = (
            seller.add_discount("Ten", "10"),
            seller.add_discount("Odd", "12.5"),
            seller.add_discount("Dollar", amount=100),
        )
        sets = ((), self.taxes[:1], self.taxes[:2], self.taxes[2:], self.taxes)
        self.goods = [
            seller.add_item(f"Item {at}", price, sku=f"S-{at}", taxes=taxes)
            for at, (price, taxes) in enumerate(
                zip((199, 450, 1_999, 12_345, 5), sets, strict=True)
            )
        ]
        for variation in self.goods:
            for place in seller.locations:
                seller.count(variation, place, 1_000)


def trade(seller: Seller, random: Random, count: int, shelf: Shelf | None = None) -> None:
    """Let customers buy, pay in all ways, and bring things back."""
    shelf = shelf or Shelf(seller)
    places = list(seller.locations)
    for _number in range(count):
        place = random.choice(places)
        wanted = [
            Wanted(
                random.choice(shelf.goods), random.choice([1, 1, 2, 3, "1.5"]),
                discounts=(random.choice(shelf.discounts),) if random.random() < 0.3 else (),
                modifiers=(("Extra", 50),) if random.random() < 0.2 else (),
            )
            for _line in range(random.randint(1, 4))
        ]  # fmt: skip
        charge = Charged(percentage="5", taxes=shelf.taxes[:1], apportioned=random.random() < 0.4)
        order = seller.sell(
            place, wanted, _pays(random), device=f"D{random.randint(1, 2)}-{place}", member="TM1",
            discounts=shelf.discounts[:1] if random.random() < 0.3 else (),
            charges=(charge,) if random.random() < 0.3 else (),
        )  # fmt: skip
        if random.random() < 0.3:
            _bring_back(seller, random, order)


def _pays(random: Random) -> list[Pays]:
    tip = random.choice([0, 0, 150])
    return random.choice(
        [
            [Pays(tip=tip)],
            [Pays("CASH", given=1_000_000)],
            [Pays("CASH", 100), Pays("WALLET")],
            [Pays("EXTERNAL", 50, outside="FOOD_VOUCHER"), Pays(tip=tip)],
            [Pays("SQUARE_GIFT_CARD", 80, gift_card="7783320007480908"), Pays("CASH")],
        ]
    )


def _bring_back(seller: Seller, random: Random, order: dict[str, Any]) -> None:
    line = random.choice(order["line_items"])
    whole = Decimal(line["quantity"])
    quantity = "1" if whole > 1 and random.random() < 0.5 else line["quantity"]
    seller.give_back(order["id"], {line["uid"]: quantity})


class Hearing:
    """An address that takes webhooks, checks them, and keeps their messages."""

    def __init__(self, adapter: SquareProvider) -> None:
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
