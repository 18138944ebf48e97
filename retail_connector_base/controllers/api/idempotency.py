"""One answer per Idempotency-Key, whatever dies in between."""

from odoo.http import Response

from ...decisions.api_idempotency import digest_of_request, is_key
from ...decisions.api_problem import refuse
from ...models.retail_api_request import Claim
from .items import Parcel
from .problems import json_response

HEADER = "Idempotency-Key"


def key_of(httprequest) -> str:
    """Return the request's key, empty if it has none. Raises ``ApiError``: 400."""
    key = httprequest.headers.get(HEADER)
    if key is None:
        return ""
    if not is_key(key):
        raise refuse("bad-header", f"{HEADER} is 1 to 255 visible ASCII characters.")
    return key


def claim(env, client_id: int, key: str, parcel: Parcel, headers: dict) -> Claim | Response:
    """Return the right to work on a request, or the answer that it had before.

    Raises ``ApiError``: 422 if the key was used for another request, 409 while one works on it.
    """
    digest = digest_of_request(
        ("POST", parcel.route, parcel.media, parcel.version.version), parcel.body
    )
    found = env["retail.api.request"]._claim(client_id, key, digest, parcel.route)
    if isinstance(found, Claim):
        return found
    if not found.is_same:
        raise refuse("key-reused")
    if found.status is None:
        raise refuse("in-flight", retry_after=found.wait)
    answer = found.answer
    kept = {**headers, **answer["headers"], "Idempotency-Replayed": "true"}
    return json_response(answer["body"], found.status, kept)
