"""The API's refusals. Source: the schema ``error_response_body``."""

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


class ShipStationHttp(HttpClient):
    """The HTTP client, with the API's own words in its errors."""

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
    status, text = answer.status, _words(answer.body)
    wait = retry_after_seconds(answer.headers.get("retry-after"))
    if status == 429:
        return RateLimitedError("ShipStation asks us to slow down.", wait)
    if status in (401, 403):
        return AuthenticationError(f"ShipStation refused our API key ({status}): {text}")
    if status >= 500 or status == 408:
        kind = TransientError if harmless or status in (408, 503) else UnknownOutcomeError
        return kind(f"ShipStation failed for now ({status}).", wait)
    return RejectedError(f"ShipStation refused it ({status}): {text}")


def _words(body: bytes) -> str:
    """Return what errors say, without secrets."""
    try:
        content = strict_json.loads(body)
    except MalformedPayloadError:
        return "no reason given"
    errors = content.get("errors") if isinstance(content, dict) else None
    found = [row for row in errors if isinstance(row, dict)] if isinstance(errors, list) else []
    parts = [
        f"{row.get('error_code') or '?'}: {row.get('message') or 'no reason'}" for row in found
    ]
    return redact_text("; ".join(parts[:3]) or "no reason given", 300)
