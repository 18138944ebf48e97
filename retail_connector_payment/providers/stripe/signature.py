"""Who speaks: the header ``Stripe-Signature``.

Source: docs.stripe.com/webhooks/signature: ``t=…,v1=…[,v1=…]``, HMAC-SHA256 in hexadecimal of
``t.body`` with each secret that is valid, several while a secret rolls; ``v0`` is for tests only.
"""

import hashlib
import hmac
import re
from collections.abc import Sequence
from datetime import datetime

from odoo.addons.retail_connector_base.providers import AuthenticationError
from odoo.addons.retail_connector_base.providers.signature import matches_any

HEADER = "stripe-signature"
# Seconds, past and future: our clock or theirs may be off.
TOLERANCE = 300
_TIME = re.compile(r"\d{1,12}", re.ASCII)
_SCHEME = "v1"


def sign(secret: str, moment: str, body: bytes) -> bytes:
    """Return the signature of a body at a moment (seconds since 1970)."""
    content = moment.encode() + b"." + body
    return hmac.new(secret.encode(), content, hashlib.sha256).hexdigest().encode()


def require_signature(given: str, secrets: Sequence[str], body: bytes, now: datetime) -> None:
    """Raise ``AuthenticationError`` unless a signature fits a secret, and was made just now."""
    valid = [secret for secret in secrets if secret]
    if not valid:
        raise AuthenticationError("No secret is set to check the signature with.")
    parts = [part.strip().partition("=") for part in given.split(",")]
    moment = next((value for name, _equals, value in parts if name == "t"), "")
    signatures = [value for name, _equals, value in parts if name == _SCHEME]
    if not _TIME.fullmatch(moment) or not signatures:
        raise AuthenticationError("The request is not signed.")
    expected = [sign(secret, moment, body) for secret in valid]
    # Every one is compared: the time it takes tells nothing.
    if not any([matches_any(signature, expected) for signature in signatures]):  # noqa: C419
        raise AuthenticationError("The signature is wrong.")
    if abs(now.timestamp() - int(moment)) > TOLERANCE:
        raise AuthenticationError("The signature is too old, or of the future.")
