"""Signed webhooks of the ShipStation APIs, and an API that publishes the keys they fit."""

import base64
import json
from functools import cache
from itertools import count

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from odoo.addons.retail_connector_base.providers import ProviderContext, RawRequest

from ..providers.shipstation import ShipEngineProvider
from ..providers.shipstation.signature import KEY_ID, SIGNATURE, TIMESTAMP
from .carrier_common import NOW, FakeHttp

# What was fetched from an address is kept for a while: every provider of a test has its own.
ports = count(40_000)
WHEN = NOW.isoformat().replace("+00:00", "Z")


@cache
def private_key(name):
    """Return the key of a name, the same one within this process."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def key_set(*names):
    """Return the published set of some keys."""
    return {"keys": [_published(name) for name in names]}


def _published(name):
    numbers = private_key(name).public_key().public_numbers()
    return {"kty": "RSA", "kid": name, "e": _text(numbers.e), "n": _text(numbers.n)}


def _text(number):
    raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed(body, name, when=WHEN, key_id=None):
    """Return a webhook that is signed with a key."""
    content = when.encode() + b"." + body
    signature = private_key(name).sign(content, PKCS1v15(), SHA256())
    headers = {
        KEY_ID: key_id or name,
        SIGNATURE: base64.b64encode(signature).decode(),
        TIMESTAMP: when,
    }
    return RawRequest(body, headers, NOW)


def provider(answer=None, *names, cls=ShipEngineProvider):
    """Return the provider of an account whose API answers as a function says."""

    def answered(method, path, query, body):
        if path == "/jwks":
            return key_set(*names)
        return answer(method, path, query, body) if answer else {}

    http = FakeHttp(answered)
    settings = {"api_url": f"http://127.0.0.1:{next(ports)}"}
    context = ProviderContext(settings, {"api_key": ("key",)}, http, lambda: NOW)
    return cls(context), http


TOLD = {
    "tracking_number": "1Z0000000000000001",
    "status_code": "IT",
    "carrier_code": "ups",
    "carrier_status_code": "I",
    "status_description": "In Transit",
    "estimated_delivery_date": "2026-04-30T00:00:00",
    "events": [
        {"occurred_at": "2026-04-02T10:00:00Z", "city_locality": "BONN", "country_code": "DE",
         "state_province": "", "postal_code": "53111", "status_code": "IT",
         "carrier_status_description": "Departed", "carrier_status_code": "I",
         "status_description": "In Transit", "carrier_detail_code": None},
        {"occurred_at": "2026-04-01T10:00:00Z", "city_locality": "", "status_code": "NY",
         "status_description": "Not Yet In System"},
    ],
}  # fmt: skip


def event(topic="API_TRACK", **values):
    """Return a webhook about a parcel."""
    content = {"resource_url": "https://api.example/track", "resource_type": topic, "data": TOLD}
    return json.dumps({**content, **values}).encode()
