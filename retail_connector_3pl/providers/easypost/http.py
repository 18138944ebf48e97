"""EasyPost's refusals. Source: docs.easypost.com/docs/errors: ``{"error": {code, message}}``."""

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


class EasyPostHttp(HttpClient):
    """The HTTP client, with EasyPost's own words in its errors."""

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
        return RateLimitedError("EasyPost asks us to slow down.", wait)
    if status in (401, 403):
        return AuthenticationError(f"EasyPost refused our API key ({status}): {text}")
    if status == 402:
        return RejectedError(f"EasyPost wants money first: {text}")
    if status >= 500 or status in (408, 409):
        kind = TransientError if harmless or status in (408, 503) else UnknownOutcomeError
        return kind(f"EasyPost failed for now ({status}).", wait)
    return RejectedError(f"EasyPost refused it ({status}): {text}")


def _words(body: bytes) -> str:
    """Return what an error says, without secrets."""
    try:
        content = strict_json.loads(body)
    except MalformedPayloadError:
        return "no reason given"
    error = content.get("error") if isinstance(content, dict) else None
    if not isinstance(error, dict):
        return "no reason given"
    parts = [str(error.get("code") or ""), str(error.get("message") or "")]
    details = error.get("errors")
    for detail in details[:3] if isinstance(details, list) else ():
        if isinstance(detail, dict):
            parts.append(" ".join(str(detail.get(k) or "") for k in ("field", "message")).strip())
        else:
            parts.append(str(detail))
    return redact_text("; ".join(part for part in parts if part) or "no reason given", 300)
