"""The public keys that webhooks are signed with, as the API publishes them (JWKS, RFC 7517).

They are fetched when a key is met that is not known, at most once a minute, so that forged key ids
cost nothing; what was fetched serves for an hour, and longer while nobody answers.
"""

import base64
import binascii
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers

from odoo.addons.retail_connector_base.providers import (
    AuthenticationError,
    ConnectorError,
    HttpClient,
)

GOOD_SECONDS = 3600.0
QUIET_SECONDS = 60.0
LEAST_BITS = 2048


@dataclass
class _Ring:
    """The keys of one address, by id, and when they were asked for (a monotonic clock)."""

    keys: Mapping[str, RSAPublicKey] = field(default_factory=dict)
    asked_at: float = float("-inf")


# Public keys are the same for every database of this process.
_rings: dict[str, _Ring] = {}
_lock = Lock()


def key_of(http: HttpClient, url: str, key_id: str) -> RSAPublicKey:
    """Return a key by its id. Raises ``AuthenticationError`` for one that is not published."""
    with _lock:
        ring = _rings.setdefault(url, _Ring())
        age = time.monotonic() - ring.asked_at
        if age >= (GOOD_SECONDS if key_id in ring.keys else QUIET_SECONDS):
            _refresh(ring, http, url)
    if key_id not in ring.keys:
        raise AuthenticationError("The key that signed it is not published.")
    return ring.keys[key_id]


def _refresh(ring: _Ring, http: HttpClient, url: str) -> None:
    ring.asked_at = time.monotonic()
    try:
        content = http.request("GET", url).json()
    except ConnectorError:
        # Whoever sent it comes back, and then the keys are asked for again.
        return
    rows = content.get("keys") if isinstance(content, dict) else None
    found = {str(row.get("kid")): _public(row) for row in rows or () if isinstance(row, dict)}
    ring.keys = {kid: key for kid, key in found.items() if key is not None}


def _public(row: Mapping[str, object]) -> RSAPublicKey | None:
    """Return an RSA key, ``None`` for any other."""
    if row.get("kty") != "RSA":
        return None
    try:
        numbers = RSAPublicNumbers(_number(row.get("e")), _number(row.get("n")))
        key = numbers.public_key()
    except (ValueError, TypeError, binascii.Error):
        return None
    return key if key.key_size >= LEAST_BITS else None


def _number(text: object) -> int:
    raw = str(text)
    return int.from_bytes(base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4)), "big")
