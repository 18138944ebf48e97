"""Who speaks: an RSA-SHA256 signature of time and body.

Source: docs.shipstation.com/apis/docs/guides/webhooks-validation: three headers, PKCS #1 v1.5, over
the timestamp, a full stop and the raw body; the key by its id from the published key set.
"""

import base64
import binascii
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from odoo.addons.retail_connector_base.providers import (
    AuthenticationError,
    HttpClient,
    MalformedPayloadError,
    RawRequest,
)

from .keys import key_of
from .node import Node

KEY_ID = "x-shipengine-rsa-sha256-key-id"
SIGNATURE = "x-shipengine-rsa-sha256-signature"
TIMESTAMP = "x-shipengine-timestamp"
WINDOW = timedelta(seconds=300)
LONGEST = 2_000


def require_signature(request: RawRequest, http: HttpClient, url: str) -> None:
    """Raise ``AuthenticationError`` unless a request is signed with a published key, just now."""
    given, key_id, when = (request.header(name) for name in (SIGNATURE, KEY_ID, TIMESTAMP))
    if not (given and key_id and when):
        raise AuthenticationError("The request is not signed.")
    if abs(request.received_at - _moment(when)) > WINDOW:
        raise AuthenticationError("The request is too old, or a clock is wrong.")
    signature, content = _decoded(given), when.encode() + b"." + request.body
    try:
        key_of(http, url, key_id).verify(signature, content, PKCS1v15(), SHA256())
    except InvalidSignature:
        raise AuthenticationError("The signature is wrong.") from None


def _moment(text: str) -> datetime:
    try:
        moment = Node({"at": text}).utc("at") if text.isascii() else None
    except MalformedPayloadError:
        moment = None
    if moment is None:
        raise AuthenticationError("The time of the signature cannot be read.")
    return moment


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text.encode("ascii")[:LONGEST], validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise AuthenticationError("The signature is wrong.") from None
