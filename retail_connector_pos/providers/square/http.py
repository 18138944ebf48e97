"""Square's refusals: their codes, and what follows from them.

Source: developer.squareup.com/docs/build-basics/handling-errors; the schema ``Error``.
"""

from typing import Any

from odoo.addons.retail_connector_base.providers import (
    AuthenticationError,
    ConnectorError,
    HttpResponse,
    RateLimitedError,
    RejectedError,
)
from odoo.addons.retail_connector_base.providers.http_client import retry_after_seconds
from odoo.addons.retail_connector_base.providers.redaction import redact_text
from odoo.addons.retail_connector_base.providers.vendor_http import (
    VendorHttp,
    content_of,
    passing_error,
    rows_of,
)

RATE_LIMITED = "RATE_LIMITED"
# Somebody else changed an object since its version was read.
STALE = frozenset(("VERSION_MISMATCH", "CONFLICT"))
# Square's own trouble, whatever the status.
PASSING = frozenset(
    (
        "INTERNAL_SERVER_ERROR", "TEMPORARY_ERROR", "SERVICE_UNAVAILABLE", "GATEWAY_TIMEOUT",
        "BAD_GATEWAY", "REQUEST_TIMEOUT",
    )
)  # fmt: skip


class RefusedError(RejectedError):
    """Square refused a request; ``codes`` and ``fields`` say why and where."""

    def __init__(self, text: str, codes: frozenset[str], fields: tuple[str, ...]) -> None:
        super().__init__(text)
        self.codes, self.fields = codes, fields

    @property
    def is_stale(self) -> bool:
        """Whether an object was changed since its version was read."""
        return bool(self.codes & STALE) or self.status == 409


class SquareHttp(VendorHttp):
    """The HTTP client, with Square's own words in its errors."""

    @staticmethod
    def error_of(answer: HttpResponse, harmless: bool) -> ConnectorError:
        """Override."""
        return _error(answer, harmless)


def _error(answer: HttpResponse, harmless: bool) -> ConnectorError:
    """Return the class of a failure, which decides what happens next."""
    status, errors = answer.status, rows_of(content_of(answer.body).get("errors"))
    codes = frozenset(str(error.get("code") or "") for error in errors)
    text = _words(errors)
    wait = retry_after_seconds(answer.headers.get("retry-after"))
    if status == 429 or RATE_LIMITED in codes:
        return RateLimitedError("Square asks us to slow down.", wait)
    if status in (401, 403):
        return AuthenticationError(f"Square refused our access token ({status}): {text}")
    if status >= 500 or status == 408 or codes & PASSING:
        return passing_error("Square", status, harmless, wait)
    fields = tuple(str(error.get("field") or "") for error in errors)
    return RefusedError(f"Square refused it ({status}): {text}", codes, fields)


def _words(errors: list[dict[str, Any]]) -> str:
    """Return what errors say, without secrets."""
    parts = []
    for error in errors[:3]:
        where = f" ({error['field']})" if error.get("field") else ""
        parts.append(f"{error.get('code') or '?'}: {error.get('detail') or 'no reason'}{where}")
    return redact_text("; ".join(parts) or "no reason given", 300)
