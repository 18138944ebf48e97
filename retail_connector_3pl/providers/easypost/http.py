"""EasyPost's refusals. Source: docs.easypost.com/docs/errors: ``{"error": {code, message}}``."""

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
)


class EasyPostHttp(VendorHttp):
    """The HTTP client, with EasyPost's own words in its errors."""

    @staticmethod
    def error_of(answer: HttpResponse, harmless: bool) -> ConnectorError:
        """Override."""
        return _error(answer, harmless)


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
        return passing_error("EasyPost", status, harmless, wait)
    return RejectedError(f"EasyPost refused it ({status}): {text}")


def _words(body: bytes) -> str:
    """Return what an error says, without secrets."""
    error = content_of(body).get("error")
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
