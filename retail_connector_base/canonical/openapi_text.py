"""The words of the API's description."""

DESCRIPTION = """\
Send what happened in your system, read what became of it in Odoo.

Every request carries the token of an API client: `Authorization: Bearer rc_…`. A client belongs to
one backend and has scopes; it is made by an administrator under *Configuration > API Clients*.

What was answered with 2xx is stored and is worked on in order, entity by entity. The same item
sent twice has one effect: give it an identity by a CloudEvents `id`, or send an `Idempotency-Key`.
Amounts are decimals, best written as texts ("12.50"); moments carry their time zone.

The same items may come as CloudEvents, see `/retail/v1/openapi-cloudevents.json`.
"""
EVENTS_DESCRIPTION = """\
Send what happened in your system as CloudEvents 1.0: one in structured JSON, or a batch.

All else is as `/retail/v1/openapi.json` tells. In binary mode the body is the item itself
(`application/json`), and the attributes are headers (`ce-id`, `ce-source`, `ce-type`,
`ce-specversion`).
"""

# Every error that the API answers, with what the sender should do.
ERRORS = {
    400: "It cannot be read: no JSON, a wrong parameter, or a schema version that is not served.",
    401: "No valid token. Ask the administrator for a new one.",
    403: "The token lacks the scope, or may not be used from this address.",
    404: "There is no such thing for this client.",
    405: "The address exists, but not with this method.",
    408: "The request did not arrive completely. Send it again.",
    409: "A request with this Idempotency-Key is still worked on. Ask again after Retry-After.",
    411: "Say how long the body is (Content-Length); chunked bodies are not taken.",
    413: "Too much for one request: at most 8 MiB and 1,000 items.",
    414: "The address is too long (64 KiB): ask for fewer in one request.",
    415: "Not a type of content that is taken here.",
    422: "It can be read, but not used; the fields are named.",
    429: "Too many requests. Come back after Retry-After.",
    503: "Out of reach for a moment, or too much is waiting. Send it again after Retry-After.",
}

HEADERS = {
    "RateLimit": {
        "description": "What is left of the client's quota, and seconds until it is restored.",
        "schema": {"type": "string"},
    },
    "RateLimit-Policy": {
        "description": "The client's quota and its window in seconds.",
        "schema": {"type": "string"},
    },
    "Retail-Schema-Version": {
        "description": "The version of the schema that the items were read by.",
        "schema": {"type": "string"},
    },
    "Deprecation": {
        "description": "Since when this version should not be used any more (RFC 9745).",
        "schema": {"type": "string"},
    },
    "Sunset": {
        "description": "From when on this version is refused (RFC 8594).",
        "schema": {"type": "string"},
    },
    "Idempotency-Replayed": {
        "description": "`true` when this is the answer to an earlier request with the same key.",
        "schema": {"type": "string"},
    },
}
KEY_HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Names the request: sent again with the same body it gets the same answer.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}
VERSION_HEADER = {
    "name": "Retail-Schema-Version",
    "in": "header",
    "required": False,
    "description": "The version of the schema that the items follow, the newest by default.",
}
