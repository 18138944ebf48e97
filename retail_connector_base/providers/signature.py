"""Comparing signatures in constant time, on bytes, with every secret that is valid."""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Sequence

from .errors import AuthenticationError


def hmac_sha256_base64(secret: str, content: bytes) -> bytes:
    """Return the base64 HMAC-SHA256 of a content, as many vendors send it in a header."""
    return base64.b64encode(hmac.new(secret.encode(), content, hashlib.sha256).digest())


def matches_any(given: str, expected: Iterable[bytes]) -> bool:
    """Tell whether a header equals one of the expected values; every one is compared."""
    candidate = given.encode("utf-8", "surrogatepass")
    found = False
    for value in expected:
        found |= hmac.compare_digest(candidate, value)
    return found


def require_hmac_sha256_base64(given: str, secrets: Sequence[str], content: bytes) -> None:
    """Raise ``AuthenticationError`` unless a signature fits one of the secrets.

    Without a secret nothing is authentic: the check is never skipped.
    """
    valid = [secret for secret in secrets if secret]
    if not valid:
        raise AuthenticationError("No secret is set to check the signature with.")
    if not given:
        raise AuthenticationError("The request is not signed.")
    if not matches_any(given, (hmac_sha256_base64(secret, content) for secret in valid)):
        raise AuthenticationError("The signature is wrong.")
