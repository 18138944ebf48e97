"""ShipBob's API: address, token, channel, pages.

Source: developer.shipbob.com (authentication, rate limit) and the specification of 2026-01. Some
lists have numbered pages, others name the address of the next one; that address may have a host or
none: only its query is used.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from odoo.addons.retail_connector_base.providers import (
    ConfigurationError,
    HttpResponse,
    ProviderContext,
    RejectedError,
    TransientError,
)
from odoo.addons.retail_connector_base.providers.http_client import is_loopback

from .http import ShipBobHttp

ADDRESSES = {
    "production": "https://api.shipbob.com",
    "sandbox": "https://sandbox-api.shipbob.com",
}
# The version of the specification that this adapter was written and is tested against.
VERSION = "2026-01"
CHANNEL = "shipbob_channel_id"
# Requests a minute, of all that uses the token.
RATE = 150
# Rows of a page.
PAGE = 250
Row = dict[str, Any]


class ShipBobClient:
    """Calls the API of one account, as one of its channels."""

    def __init__(self, context: ProviderContext) -> None:
        self._http = ShipBobHttp.of(context.http)
        self._root = _root(context)
        self.now = context.now
        self.settings = context.settings
        self._headers = {
            "Authorization": f"Bearer {context.secret('access_token')}",
            "Accept": "application/json",
        }

    def require_channel(self) -> str:
        """Return the id of our channel. Raises ``ConfigurationError`` when it is not set."""
        found = (self.settings.get("channel_id") or "").strip()
        if not found.isascii() or not found.isdigit():
            raise ConfigurationError("The setting “channel_id” must be the number of a channel.")
        return found

    def get(self, path: str, **params: Any) -> Any:
        """Return an answer."""
        return self._ask("GET", path, params=_written(params)).json()

    def find(self, path: str) -> Row | None:
        """Return one object, ``None`` when there is none."""
        try:
            return _object(self.get(path))
        except RejectedError as error:
            if error.status == 404:
                return None
            raise

    def post(self, path: str, body: Any = None, harmless: bool = False) -> Any:
        """Change something. ``harmless``: doing it twice is the same as once."""
        return self._answer(self._ask("POST", path, json=body, idempotent=harmless))

    def put(self, path: str, body: Any) -> Any:
        """Set something."""
        return self._answer(self._ask("PUT", path, json=body))

    def delete(self, path: str) -> None:
        """Delete something; what is gone already is no error."""
        try:
            self._ask("DELETE", path)
        except RejectedError as error:
            if error.status != 404:
                raise

    def numbered(self, path: str, first: int = 1, **params: Any) -> Iterator[tuple[int, list[Row]]]:
        """Yield the numbered pages of a list, from a page on, until one is not full."""
        number = first
        while True:
            rows = _rows(self.get(path, Page=number, Limit=PAGE, **params))
            yield number, rows
            if len(rows) < PAGE:
                return
            number += 1

    def linked(self, path: str, **params: Any) -> Iterator[list[Row]]:
        """Yield the pages of a list that names its next page."""
        asked: Mapping[str, Any] = params
        seen: set[str] = set()
        while True:
            answer = _object(self.get(path, **asked))
            yield _rows(answer.get("items") or [])
            link = answer.get("next")
            if not link:
                return
            if not isinstance(link, str) or link in seen:
                raise TransientError("ShipBob's list goes round in circles.")
            seen.add(link)
            asked = _next(link, params)

    def every(self, path: str, **params: Any) -> list[Row]:
        """Return a whole list of linked pages."""
        return [row for rows in self.linked(path, **params) for row in rows]

    def _ask(self, method: str, path: str, **options: Any) -> HttpResponse:
        answer = self._http.request(method, self._url(path), headers=self._sent(), **options)
        self._learn(answer)
        return answer

    def _sent(self) -> dict[str, str]:
        channel = (self.settings.get("channel_id") or "").strip()
        return {**self._headers, CHANNEL: channel} if channel else self._headers

    def _learn(self, answer: HttpResponse) -> None:
        """Tell the gate how many calls are left, so that it waits before ShipBob refuses."""
        left = answer.headers.get("x-remaining-calls") or ""
        if left.isascii() and left.isdigit() and len(left) < 6:
            self._http.gate.learn(float(left), RATE, RATE / 60)

    def _url(self, path: str) -> str:
        return f"{self._root}/{VERSION}/{quote(path, safe='/:')}"

    @staticmethod
    def _answer(answer: HttpResponse) -> Any:
        return answer.json() if answer.body.strip() else None


def _root(context: ProviderContext) -> str:
    """Return the address; another one than ShipBob's is allowed on this machine only."""
    override = (context.settings.get("api_url") or "").rstrip("/")
    if not override:
        return ADDRESSES[environment(context)]
    if is_loopback(urlsplit(override).hostname or ""):
        return override
    raise ConfigurationError("The API address may only be one of this machine.")


def environment(context: ProviderContext) -> str:
    """Return which of ShipBob's systems is spoken to. Raises ``ConfigurationError``."""
    name = (context.settings.get("environment") or "production").strip().lower()
    if name not in ADDRESSES:
        raise ConfigurationError(f"The environment must be one of {', '.join(ADDRESSES)}.")
    return name


def _written(params: Mapping[str, Any]) -> dict[str, str]:
    """Return the parameters of a query; ``None`` is left out."""
    found = {key: value for key, value in params.items() if value is not None}
    return {
        key: str(value).lower() if isinstance(value, bool) else str(value)
        for key, value in found.items()
    }


def _next(link: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of the next page: of an address, or of a bare cursor."""
    query = dict(parse_qsl(urlsplit(link).query))
    return query or {**params, "Cursor": link}


def _object(answer: Any) -> Row:
    if not isinstance(answer, dict):
        raise TransientError("ShipBob's answer is not an object.")
    return answer


def _rows(answer: Any) -> list[Row]:
    if not isinstance(answer, list) or not all(isinstance(row, dict) for row in answer):
        raise TransientError("ShipBob's answer is not a list.")
    return answer
