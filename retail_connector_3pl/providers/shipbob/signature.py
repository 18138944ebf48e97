"""Who speaks: the headers ``webhook-id``, ``webhook-timestamp`` and ``webhook-signature``.

Source: developer.shipbob.com/webhooks (subscriptions made since 2025-07): base64 HMAC-SHA256 of
``id.timestamp.body``, written ``v1,…``, several of them separated by spaces while a secret rolls;
the key is what follows ``whsec_``, decoded. It is the scheme of Standard Webhooks. Subscriptions of
older versions of the API are not signed at all, and are refused.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Sequence
from datetime import datetime

from odoo.addons.retail_connector_base.providers import AuthenticationError, RawRequest

ID, TIME, SIGNATURE, TOPIC = (
    "webhook-id",
    "webhook-timestamp",
    "webhook-signature",
    "x-webhook-topic",
)
PREFIX = "whsec_"
# What ShipBob takes as the secret of a subscription (``CreateSubscriptionRequest``).
SECRET = re.compile(r"whsec_[a-zA-Z0-9+/]{32}", re.ASCII)
# Seconds, past and future.
TOLERANCE = 300
# More signatures than a rotation needs are not looked at.
_MOST = 10
_SECONDS = re.compile(r"\d{1,12}", re.ASCII)
_IDS = re.compile(r"[!-~]{1,200}", re.ASCII)


def key_of(secret: str) -> bytes | None:
    """Return the key of a secret, ``None`` for what is none."""
    if not secret.startswith(PREFIX):
        return secret.encode("utf-8", "surrogatepass") or None
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True) or None
    except (binascii.Error, ValueError):
        return None


def sign(secret: str, message_id: str, timestamp: str, body: bytes) -> str:
    """Return the signature of a delivery."""
    return _signature(key_of(secret) or b"", message_id, timestamp, body)


def _signature(key: bytes, message_id: str, timestamp: str, body: bytes) -> str:
    content = f"{message_id}.{timestamp}.".encode() + body
    digest = hmac.new(key, content, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def require_signature(request: RawRequest, secrets: Sequence[str], now: datetime) -> str:
    """Return the delivery's id. Raises ``AuthenticationError`` unless it is signed, and recent."""
    keys = [key for secret in secrets if secret and (key := key_of(secret))]
    if not keys:
        raise AuthenticationError("No secret is set to check the signature with.")
    message_id, timestamp = request.header(ID), request.header(TIME)
    given = request.header(SIGNATURE).split()[:_MOST]
    if not given:
        raise AuthenticationError("The request is not signed.")
    if not _IDS.fullmatch(message_id) or not _SECONDS.fullmatch(timestamp):
        raise AuthenticationError("The delivery has no id or no time.")
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE:
        raise AuthenticationError("The delivery is too old, or from the future.")
    expected = [_signature(key, message_id, timestamp, request.body).encode() for key in keys]
    if not _fits(given, expected):
        raise AuthenticationError("The signature is wrong.")
    return message_id


def _fits(given: Sequence[str], expected: Sequence[bytes]) -> bool:
    """Compare each with each, whatever was found before."""
    found = False
    for one in given:
        candidate = one.encode("utf-8", "surrogatepass")
        for value in expected:
            found |= hmac.compare_digest(candidate, value)
    return found
