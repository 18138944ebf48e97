"""RFC 9457 problem details."""

import json

from odoo.http import Response

# Seconds after which a sender may try again.
RETRY_AFTER = 10


def problem_response(error) -> Response:
    """Return an ``HTTPException`` as problem details; no word of it comes from the request."""
    body = {"type": "about:blank", "title": error.name, "status": error.code}
    headers = {}
    if getattr(error, "retry_after", None):
        headers["Retry-After"] = str(error.retry_after)
    return Response(
        json.dumps(body),
        status=error.code,
        headers=headers,
        content_type="application/problem+json",
    )
