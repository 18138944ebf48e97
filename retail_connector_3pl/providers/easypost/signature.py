"""Who speaks: the header ``X-Hmac-Signature``.

Source: docs.easypost.com/guides/webhooks-guide and ``validate_webhook`` of EasyPost's own clients:
``hmac-sha256-hex=`` and the HMAC-SHA256 of the body in hexadecimal digits, with the webhook secret
in Unicode's form NFKD, encoded as UTF-8. Nothing says when it was sent: what is sent again is known
by the event's id, and what is old by its version.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Sequence

from odoo.addons.retail_connector_base.providers import AuthenticationError
from odoo.addons.retail_connector_base.providers.signature import matches_any

HEADER = "x-hmac-signature"
PREFIX = "hmac-sha256-hex="


def sign(secret: str, body: bytes) -> str:
    """Return the signature of a body."""
    key = unicodedata.normalize("NFKD", secret).encode("utf-8", "surrogatepass")
    return PREFIX + hmac.new(key, body, hashlib.sha256).hexdigest()


def require_signature(given: str, secrets: Sequence[str], body: bytes) -> None:
    """Raise ``AuthenticationError`` unless the signature fits one of the secrets."""
    valid = [secret for secret in secrets if secret]
    if not valid:
        raise AuthenticationError("No secret is set to check the signature with.")
    if not given:
        raise AuthenticationError("The request is not signed.")
    if not matches_any(given, (sign(secret, body).encode() for secret in valid)):
        raise AuthenticationError("The signature is wrong.")
