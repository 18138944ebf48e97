"""ShipBob's refusals, and what follows from them.

Source: developer.shipbob.com/errors and /rate-limit: 150 requests a minute, ``x-retry-after`` and
``x-remaining-calls``; the schemas ``ProblemDetails``, ``ApiError`` and ``ErrorResponse``. A refused
order is an object of lists of texts by field, the empty name for the whole.
"""

from collections.abc import Iterator
from typing import Any

from odoo.addons.retail_connector_base.providers import (
    AuthenticationError,
    ConnectorError,
    HttpResponse,
    MalformedPayloadError,
    RateLimitedError,
    RejectedError,
    strict_json,
)
from odoo.addons.retail_connector_base.providers.http_client import retry_after_seconds
from odoo.addons.retail_connector_base.providers.redaction import redact_text
from odoo.addons.retail_connector_base.providers.vendor_http import VendorHttp, passing_error

# What a refusal may hold besides reasons.
_NO_REASONS = frozenset(("stackTrace", "stack_trace", "traceId", "type", "status", "statusCode"))


class RefusedError(RejectedError):
    """ShipBob refused a request; its text says why."""

    @property
    def is_duplicate(self) -> bool:
        """Whether it has something under this reference already."""
        text = str(self).lower()
        return "existing referenceid" in text or "already exist" in text or "duplicate" in text


class ShipBobHttp(VendorHttp):
    """The HTTP client, with ShipBob's own words in its errors."""

    @staticmethod
    def error_of(answer: HttpResponse, harmless: bool) -> ConnectorError:
        """Override."""
        return _error(answer, harmless)


def _error(answer: HttpResponse, harmless: bool) -> ConnectorError:
    """Return the class of a failure, which decides what happens next."""
    status, wait = answer.status, _wait(answer)
    if status == 429:
        return RateLimitedError("ShipBob asks us to slow down.", wait)
    text = reasons_of(answer.body)
    if status in (401, 403):
        return AuthenticationError(f"ShipBob refused our access token ({status}): {text}")
    if status >= 500 or status == 408:
        return passing_error("ShipBob", status, harmless, wait)
    return RefusedError(f"ShipBob refused it ({status}): {text}")


def _wait(answer: HttpResponse) -> float | None:
    headers = answer.headers
    return retry_after_seconds(headers.get("x-retry-after") or headers.get("retry-after"))


def reasons_of(body: bytes) -> str:
    """Return what a refusal says, without secrets."""
    try:
        content = strict_json.loads(body)
    except MalformedPayloadError:
        return "no reason given"
    found = list(dict.fromkeys(_texts(content)))[:4]
    return redact_text("; ".join(found) or "no reason given", 300)


def _texts(content: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(content, str):
        yield content.strip()
    elif isinstance(content, list) and depth < 5:
        for part in content:
            yield from _texts(part, depth + 1)
    elif isinstance(content, dict) and depth < 5:
        for key, part in content.items():
            if key not in _NO_REASONS:
                yield from _texts(part, depth + 1)
