"""Stripe's refusals: their code and message, and whether they are the answer of a former request.

Source: docs.stripe.com/api/errors, docs.stripe.com/api/idempotent_requests. The first answer to an
idempotency key, a failure too, is given again to every later request with it.
"""

from typing import Any

from odoo.addons.retail_connector_base.providers import (
    AuthenticationError,
    ConnectorError,
    HttpResponse,
    RateLimitedError,
    RejectedError,
    TransientError,
    UnknownOutcomeError,
)
from odoo.addons.retail_connector_base.providers.http_client import retry_after_seconds
from odoo.addons.retail_connector_base.providers.redaction import redact_text
from odoo.addons.retail_connector_base.providers.vendor_http import VendorHttp, content_of

# The same key is at work in another request.
_BUSY = "idempotency_key_in_use"


class ReplayedRefusalError(RejectedError):
    """A former request with this idempotency key was refused; this one was not looked at."""


class ReplayedFailureError(UnknownOutcomeError):
    """A former request with this idempotency key broke down; this one was not looked at."""


class StripeHttp(VendorHttp):
    """The HTTP client, with Stripe's own words in its errors."""

    @staticmethod
    def error_of(answer: HttpResponse, harmless: bool) -> ConnectorError:
        """Override."""
        return _error(answer, harmless)


def _error(answer: HttpResponse, harmless: bool) -> ConnectorError:
    """Return the class of a failure, which decides what happens next."""
    status, (code, text) = answer.status, _words(answer.body)
    wait = retry_after_seconds(answer.headers.get("retry-after"))
    replayed = answer.headers.get("idempotent-replayed") == "true"
    if status == 429:
        return RateLimitedError("Stripe asks us to slow down.", wait)
    if status in (401, 403):
        return AuthenticationError(f"Stripe refused our key ({status}): {text}")
    if status == 409 or code == _BUSY:
        return TransientError(f"Stripe is still at work on the same request: {text}", wait or 1.0)
    if status == 408 or (status >= 500 and harmless):
        return TransientError(f"Stripe failed for now ({status}).", wait)
    if status >= 500:
        kind = ReplayedFailureError if replayed else UnknownOutcomeError
        return kind(f"Stripe failed while it worked ({status}).", wait)
    refusal = ReplayedRefusalError if replayed else RejectedError
    return refusal(f"Stripe refused it ({code or status}): {text}")


def _words(body: bytes) -> tuple[str, str]:
    """Return the code of an error, and its message without secrets."""
    error = _error_object(body)
    code = error.get("code") or error.get("type") or ""
    decline = error.get("decline_code")
    words = f"{error.get('message') or 'no reason given'}" + (f" ({decline})" if decline else "")
    return redact_text(str(code), 80), redact_text(words, 300)


def _error_object(body: bytes) -> dict[str, Any]:
    error = content_of(body).get("error")
    return error if isinstance(error, dict) else {}
