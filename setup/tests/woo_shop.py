"""What the tests of the simulated WooCommerce shop share."""

import json
import os
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import odoo.addons

from environment.paths import ROOT
from simulator_woo import WooSimulator

if str(ROOT) not in odoo.addons.__path__:
    odoo.addons.__path__.append(str(ROOT))

from odoo.addons.retail_connector_base.providers import (
    HttpClient,
    ProviderContext,
    RawRequest,
    StoredMessage,
)
from odoo.addons.retail_connector_shop.providers import WooCommerceProvider

SECRET = "a-secret-of-the-tests"


class Clock:
    """A time that moves only when it is told to."""

    def __init__(self) -> None:
        self.time = datetime(2026, 4, 2, 12, tzinfo=timezone.utc)

    def __call__(self) -> datetime:
        return self.time

    def pass_by(self, seconds: float) -> None:
        """Let time pass."""
        self.time += timedelta(seconds=seconds)


def provider(simulator: WooSimulator, **timeouts: float) -> WooCommerceProvider:
    """Return the adapter of the simulated shop."""
    secrets = {
        "consumer_key": (simulator.keys.key,),
        "consumer_secret": (simulator.keys.secret,),
        "webhook_secret": (SECRET,),
    }
    settings = {"shop_url": f"{simulator.base_url}/"}
    http = HttpClient(**timeouts)
    return WooCommerceProvider(ProviderContext(settings, secrets, http))


def parsed(adapter: WooCommerceProvider, message: Any) -> Any:
    """Return what a message is read as."""
    return adapter.parse(StoredMessage(message.topic, message.kind, message.body, message.headers))


def messages(adapter: WooCommerceProvider, kind: str, **options: Any) -> list[Any]:
    """Return all messages of a poll."""
    return [one for page in adapter.fetch(kind, "", **options) for one in page.messages]


def contract(name: str) -> Any:
    """Return a published sample."""
    root = Path(os.environ.get("RETAIL_CONTRACTS") or ROOT.parent / "shared" / "contracts")
    return json.loads((root / "woocommerce" / f"{name}.json").read_text())


class Receiver(ThreadingHTTPServer):
    """Takes webhooks, keeps them as requests, and answers as it is told."""

    def __init__(self, answer: Callable[[RawRequest], int] = lambda request: 200) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer, self.requests = answer, []

    @property
    def url(self) -> str:
        """Where to send to."""
        return f"http://127.0.0.1:{self.server_address[1]}/retail/v1/hooks/key"

    def __enter__(self) -> "Receiver":  # noqa: PYI034 - Self needs Python 3.11
        Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_details: object) -> None:
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        """Keep the request."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = RawRequest(body, headers, datetime.now(timezone.utc))
        self.server.requests.append(request)
        self.send_response(self.server.answer(request))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_details: object) -> None:
        """Stay silent."""
