"""Square's API: address, token, version, pages.

Source: developer.squareup.com/docs/build-basics (access tokens, versioning, pagination,
idempotency). Pages are followed by a ``cursor`` that is good for a few minutes only.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from odoo.addons.retail_connector_base.providers import (
    ConfigurationError,
    HttpResponse,
    ProviderContext,
    RejectedError,
    TransientError,
)
from odoo.addons.retail_connector_base.providers.http_client import is_loopback

from .http import SquareHttp

ADDRESSES = {
    "production": "https://connect.squareup.com",
    "sandbox": "https://connect.squareupsandbox.com",
}
# The version of the specification that this adapter was written and is tested against.
DEFAULT_VERSION = "2025-08-20"
_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
Row = dict[str, Any]


class SquareClient:
    """Calls the API of one seller."""

    def __init__(self, context: ProviderContext) -> None:
        self._http = SquareHttp.of(context.http)
        self._root = _root(context)
        self.now = context.now
        self.version = api_version(context)
        self._headers = {
            "Authorization": f"Bearer {context.secret('access_token')}",
            "Square-Version": self.version,
            "Accept": "application/json",
        }

    def get(self, *path: str, **params: Any) -> Row:
        """Return an answer."""
        answer = self._http.request(
            "GET", self._url(path), headers=self._headers, params=_written(params)
        )
        return _object(answer)

    def find(self, key: str, *path: str) -> Row | None:
        """Return one object (``key`` of the answer), ``None`` when there is none."""
        try:
            found = self.get(*path).get(key)
        except RejectedError as error:
            if error.status == 404:
                return None
            raise
        if not isinstance(found, dict):
            raise TransientError("Square's answer is not an object.")
        return found

    def every(self, key: str, *path: str, **params: Any) -> Iterator[Row]:
        """Yield a whole list, page by page."""
        for rows in self.pages(key, *path, **params):
            yield from rows

    def pages(self, key: str, *path: str, **params: Any) -> Iterator[list[Row]]:
        """Yield the pages of a list."""
        cursor: Any = None
        while True:
            answer = self.get(*path, cursor=cursor, **params)
            yield _rows(answer, key)
            cursor = _next(answer, cursor)
            if cursor is None:
                return

    def search(self, key: str, *path: str, body: Mapping[str, Any]) -> Iterator[list[Row]]:
        """Yield the pages of a list that is asked for by a body."""
        cursor: Any = None
        while True:
            more = {"cursor": cursor} if cursor else {}
            answer = self.post(*path, body={**body, **more})
            yield _rows(answer, key)
            cursor = _next(answer, cursor)
            if cursor is None:
                return

    def post(self, *path: str, body: Mapping[str, Any], method: str = "POST") -> Row:
        """Ask, or change something: every change has a key of its own, so it is done once."""
        answer = self._http.request(
            method, self._url(path), headers=self._headers, json=dict(body), idempotent=True
        )
        return _object(answer)

    def delete(self, *path: str) -> None:
        """Delete something."""
        self._http.request("DELETE", self._url(path), headers=self._headers)

    def _url(self, path: tuple[str, ...]) -> str:
        return "/".join([f"{self._root}/v2", *(quote(part, safe="") for part in path)])


def api_version(context: ProviderContext) -> str:
    """Return the version that the API is spoken in."""
    version = context.settings.get("api_version") or DEFAULT_VERSION
    if not _VERSION.fullmatch(version):
        raise ConfigurationError(f"The API version must look like {DEFAULT_VERSION}.")
    return version


def environment(context: ProviderContext) -> str:
    """Return whether this is the real thing or the sandbox."""
    found = context.settings.get("environment") or "production"
    if found not in ADDRESSES:
        raise ConfigurationError("The environment must be production or sandbox.")
    return found


def _root(context: ProviderContext) -> str:
    """Return the address; another one than Square's is allowed on this machine only."""
    override = (context.settings.get("api_url") or "").rstrip("/")
    if not override:
        return ADDRESSES[environment(context)]
    if is_loopback(urlsplit(override).hostname or ""):
        return override
    raise ConfigurationError("The API address may only be one of this machine.")


def _written(params: Mapping[str, Any]) -> dict[str, str]:
    """Return the parameters of a query; ``None`` is left out."""
    found = {key: value for key, value in params.items() if value is not None}
    return {
        key: str(value).lower() if isinstance(value, bool) else str(value)
        for key, value in found.items()
    }


def _object(answer: HttpResponse) -> Row:
    content = answer.json()
    if not isinstance(content, dict):
        raise TransientError("Square's answer is not an object.")
    return content


def _rows(answer: Row, key: str) -> list[Row]:
    rows = answer.get(key) or []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise TransientError("Square's answer is not a list.")
    return rows


def _next(answer: Row, cursor: Any) -> Any:
    """Return the cursor of the next page, ``None`` at the end."""
    found = answer.get("cursor") or None
    if found is not None and found == cursor:
        raise TransientError("Square's list goes round in circles.")
    return found
