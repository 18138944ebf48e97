"""What the HTTP clients of vendors share: the body of a refusal says more than its status."""

from abc import abstractmethod
from typing import Any, Self

from . import strict_json
from .errors import ConnectorError, MalformedPayloadError, TransientError, UnknownOutcomeError
from .http_client import HttpClient
from .http_response import HttpResponse

# Surely nothing was done: the request did not come in time, or nobody was there to take it.
_UNTOUCHED = frozenset((408, 503))


class VendorHttp(HttpClient):
    """The HTTP client, with a vendor's own words in its errors."""

    @classmethod
    def of(cls, http: HttpClient) -> HttpClient | Self:
        """Return a client like the given one: the same gate, connections, times, correlation id."""
        if type(http) is not HttpClient:
            return http
        http._open()
        own = cls.__new__(cls)
        own.__dict__.update(vars(http))
        return own

    @classmethod
    def _raise_for_status(cls, answer: HttpResponse, url: str, harmless: bool) -> None:
        """Override: the body says more than the status."""
        if not 200 <= answer.status < 300:
            raise cls.error_of(answer, harmless)

    @staticmethod
    @abstractmethod
    def error_of(answer: HttpResponse, harmless: bool) -> ConnectorError:
        """Return the error of a failure, whose class decides what happens next.

        ``harmless``: the request may be sent again whatever became of it.
        """


def passing_error(
    vendor: str, status: int, harmless: bool, wait: float | None = None
) -> ConnectorError:
    """Return the error of a vendor's own trouble. ``wait``: seconds that it asks for."""
    kind = TransientError if harmless or status in _UNTOUCHED else UnknownOutcomeError
    return kind(f"{vendor} failed for now ({status}).", wait)


def content_of(body: bytes) -> dict[str, Any]:
    """Return the object that a refusal holds, an empty one where it holds none."""
    try:
        content = strict_json.loads(body)
    except MalformedPayloadError:
        return {}
    return content if isinstance(content, dict) else {}


def rows_of(content: Any) -> list[dict[str, Any]]:
    """Return the objects of a list; none where it is no list."""
    found = content if isinstance(content, list) else []
    return [row for row in found if isinstance(row, dict)]
