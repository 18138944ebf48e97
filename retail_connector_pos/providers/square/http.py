"""Square's refusals: their codes, and what follows from them.

Source: developer.squareup.com/docs/build-basics/handling-errors; the schema ``Error``.
"""

from typing import Any

from odoo.addons.retail_connector_base.providers import (
    AuthenticationError,
    ConnectorError,
    HttpClient,
    HttpResponse,
    MalformedPayloadError,
    RateLimitedError,
    RejectedError,
    TransientError,
    UnknownOutcomeError,
    strict_json,
)
from odoo.addons.retail_connector_base.providers.http_client import retry_after_seconds
from odoo.addons.retail_connector_base.providers.redaction import redact_text

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


class SquareHttp(HttpClient):
    """The HTTP client, with Square's own words in its errors."""

    @classmethod
    def of(cls, http: HttpClient) -> HttpClient:
        """Return a client like the given one: the same gate, connections, times, correlation id."""
        if type(http) is not HttpClient:
            return http
        http._open()
        own = cls.__new__(cls)
        own.__dict__.update(vars(http))
        return own

    @staticmethod
    def _raise_for_status(answer: HttpResponse, url: str, harmless: bool) -> None:
        """Override: the body says more than the status."""
        if not 200 <= answer.status < 300:
            raise _error(answer, harmless)


def _error(answer: HttpResponse, harmless: bool) -> ConnectorError:
    """Return the class of a failure, which decides what happens next."""
    status, errors = answer.status, _errors(answer.body)
    codes = frozenset(str(error.get("code") or "") for error in errors)
    text = _words(errors)
    wait = retry_after_seconds(answer.headers.get("retry-after"))
    if status == 429 or RATE_LIMITED in codes:
        return RateLimitedError("Square asks us to slow down.", wait)
    if status in (401, 403):
        return AuthenticationError(f"Square refused our access token ({status}): {text}")
    if status >= 500 or status == 408 or codes & PASSING:
        kind = TransientError if harmless or status in (408, 503) else UnknownOutcomeError
        return kind(f"Square failed for now ({status}).", wait)
    fields = tuple(str(error.get("field") or "") for error in errors)
    return RefusedError(f"Square refused it ({status}): {text}", codes, fields)


def _words(errors: list[dict[str, Any]]) -> str:
    """Return what errors say, without secrets."""
    parts = []
    for error in errors[:3]:
        where = f" ({error['field']})" if error.get("field") else ""
        parts.append(f"{error.get('code') or '?'}: {error.get('detail') or 'no reason'}{where}")
    return redact_text("; ".join(parts) or "no reason given", 300)


def _errors(body: bytes) -> list[dict[str, Any]]:
    try:
        content = strict_json.loads(body)
    except MalformedPayloadError:
        return []
    errors = content.get("errors") if isinstance(content, dict) else None
    return [one for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []
