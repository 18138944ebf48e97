"""Who speaks: the header ``x-square-hmacsha256-signature``.

Source: developer.squareup.com/docs/webhooks/step3validate: base64 HMAC-SHA256, with the signature
key of the subscription, of the notification URL and the body. The URL is the one that Square was
given, to the letter. The header before it (``x-square-signature``, SHA-1) is not looked at.
"""

from collections.abc import Sequence

from odoo.addons.retail_connector_base.providers import AuthenticationError
from odoo.addons.retail_connector_base.providers.signature import (
    hmac_sha256_base64,
    require_hmac_sha256_base64,
)

HEADER = "x-square-hmacsha256-signature"
OLD_HEADER = "x-square-signature"


def sign(secret: str, url: str, body: bytes) -> str:
    """Return the signature of a body that is sent to an address."""
    return hmac_sha256_base64(secret, url.encode() + body).decode()


def require_signature(
    given: str, secrets: Sequence[str], url: str, body: bytes, old: str = ""
) -> None:
    """Raise ``AuthenticationError`` unless the signature fits one of the keys."""
    if not given and old:
        raise AuthenticationError("It is signed with SHA-1 only, which is not accepted any more.")
    require_hmac_sha256_base64(given, secrets, url.encode("utf-8", "surrogatepass") + body)
