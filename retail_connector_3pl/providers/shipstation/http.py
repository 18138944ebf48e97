"""The API's refusals. Source: the schema ``error_response_body``."""

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


class ShipStationHttp(VendorHttp):
    """The HTTP client, with the API's own words in its errors."""

    @staticmethod
    def error_of(answer: HttpResponse, harmless: bool) -> ConnectorError:
        """Override."""
        return _error(answer, harmless)


def _error(answer: HttpResponse, harmless: bool) -> ConnectorError:
    """Return the class of a failure, which decides what happens next."""
    status, text = answer.status, _words(answer.body)
    wait = retry_after_seconds(answer.headers.get("retry-after"))
    if status == 429:
        return RateLimitedError("ShipStation asks us to slow down.", wait)
    if status in (401, 403):
        return AuthenticationError(f"ShipStation refused our API key ({status}): {text}")
    if status >= 500 or status == 408:
        return passing_error("ShipStation", status, harmless, wait)
    return RejectedError(f"ShipStation refused it ({status}): {text}")


def _words(body: bytes) -> str:
    """Return what errors say, without secrets."""
    found = rows_of(content_of(body).get("errors"))
    parts = [
        f"{row.get('error_code') or '?'}: {row.get('message') or 'no reason'}" for row in found
    ]
    return redact_text("; ".join(parts[:3]) or "no reason given", 300)
