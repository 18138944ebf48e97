"""What tests of the API share: a canonical backend, a client with a token, a small order."""

import json
from unittest.mock import patch

from odoo.tests import HttpCase

from ..decisions.api_scope import SCOPES


def create_client(env, scopes=SCOPES, **values):
    """Create a canonical backend with a client; return the client and its token's text."""
    if "backend_id" not in values:
        backend = env["retail.backend"].create(
            {"name": "Hub", "provider": "canonical", "state": "running"}
        )
        values["backend_id"] = backend.id
    client = env["retail.api.client"].create(
        {
            "name": "Hub",
            "burst": 10_000,
            "rate_per_minute": 100_000,
            "scope_ids": env["retail.api.scope"]._of(scopes).ids,
            **values,
        }
    )
    _record, text = env["retail.api.token"]._issue(client)
    return client, text


def customer(external_id="c1", **values):
    """Return a canonical customer, the smallest message that is real."""
    return {"external_id": external_id, "email": "a@example.com", **values}


def money(amount):
    """Return an amount in euros, both sides alike."""
    side = {"amount": str(amount), "currency": "EUR"}
    return {"shop": side, "presentment": side}


def order(external_id="1001", **values):
    """Return a canonical order of one line."""
    line = {
        "external_id": "l1",
        "title": "Cup",
        "sku": "CUP",
        "ordered_quantity": "2",
        "quantity": "2",
        "unit_price": money("10.00"),
        "discount": money(0),
    }
    return {
        "external_id": external_id,
        "name": f"#{external_id}",
        "placed_at": "2026-04-02T10:00:00Z",
        "local_date": "2026-04-02",
        "currency": "EUR",
        "presentment_currency": "EUR",
        "taxes_included": True,
        "lines": [line],
        "total": money("20.00"),
        "total_tax": money(0),
        "payment_state": "paid",
        **values,
    }


def event(data, event_id="e1", **values):
    """Return a CloudEvent."""
    return {
        "specversion": "1.0",
        "id": event_id,
        "source": "urn:hub",
        "type": "customer.changed",
        "data": data,
        **values,
    }


def offer_importers(registry):
    """Return a patch under which every kind has an importer: the domains' addons bring them."""

    def _importer(self, kind):
        return self.env["retail.importer.deletion"]

    return patch.object(registry["retail.inbox.processor"], "_importer", _importer)


class ApiCase(HttpCase):
    """Calls the API over real HTTP, as a client that may do everything."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(offer_importers(cls.registry))
        cls.client, cls.token = create_client(cls.env)
        cls.backend = cls.client.backend_id

    def _call(self, path, body=None, method=None, token=None, **headers):
        """Return the answer to a request; ``body`` is bytes or what becomes JSON."""
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"Authorization": f"Bearer {token or self.token}"}
        if data is not None:
            sent["Content-Type"] = "application/json"
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {name: value for name, value in sent.items() if value is not None}
        verb = method or ("GET" if data is None else "POST")
        return self.url_open(f"/retail/v1/{path}", data=data, headers=sent, timeout=20, method=verb)

    def _messages(self):
        return self.env["retail.inbox.message"].search(
            [("backend_id", "=", self.backend.id)], order="id"
        )
