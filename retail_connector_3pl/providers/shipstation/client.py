"""The API: address, key, pages.

Source: the OpenAPI specifications: the header ``API-Key``; lists have ``page`` and ``pages``.
"""

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

from .http import ShipStationHttp

PAGE = 100
Row = dict[str, Any]


class ShipStationClient:
    """Calls the API of one account. ``version`` is the first part of its paths."""

    def __init__(self, context: ProviderContext, address: str, version: str) -> None:
        self._http = ShipStationHttp.of(context.http)
        self.version = version
        self._root = f"{root(context, address)}/{version}"
        self._headers = {"API-Key": context.secret("api_key"), "Accept": "application/json"}

    def get(self, *path: str, **params: str) -> Row:
        """Return an answer."""
        answer = self._http.request("GET", self._url(path), headers=self._headers, params=params)
        return _object(answer)

    def find(self, *path: str, **params: str) -> Row | None:
        """Return one object, ``None`` when there is none."""
        try:
            return self.get(*path, **params)
        except RejectedError as error:
            if error.status == 404:
                return None
            raise

    def pages(self, key: str, *path: str, page: int = 1, **params: str) -> Iterator[list[Row]]:
        """Yield the pages of a list from a page on."""
        while True:
            answer = self.get(*path, page=str(page), page_size=str(PAGE), **params)
            yield _rows(answer, key)
            if page >= _count(answer):
                return
            page += 1

    def list(self, *path: str) -> list[Row]:
        """Return a list that comes as a whole."""
        content = self._http.request("GET", self._url(path), headers=self._headers).json()
        return _rows({"rows": content}, "rows")

    def post(self, *path: str, body: Mapping[str, Any], harmless: bool = False) -> Row:
        """Ask for something; ``harmless``: asking twice costs nothing."""
        answer = self._http.request(
            "POST", self._url(path), headers=self._headers, json=dict(body), idempotent=harmless
        )
        return _object(answer)

    def tell(self, *path: str, method: str = "POST", body: Any = None, **params: str) -> None:
        """Tell something that may be told twice; what is answered does not matter."""
        self._http.request(
            method, self._url(path), headers=self._headers, params=params, json=body,
            idempotent=True,
        )  # fmt: skip

    def _url(self, path: tuple[str, ...]) -> str:
        return "/".join([self._root, *(quote(part, safe="") for part in path)])


def root(context: ProviderContext, address: str) -> str:
    """Return the address; another one than the vendor's is allowed on this machine only."""
    override = (context.settings.get("api_url") or "").rstrip("/")
    if not override:
        return address
    if is_loopback(urlsplit(override).hostname or ""):
        return override
    raise ConfigurationError("The API address may only be one of this machine.")


def _object(answer: HttpResponse) -> Row:
    content = answer.json()
    if not isinstance(content, dict):
        raise TransientError("ShipStation's answer is not an object.")
    return content


def _rows(answer: Row, key: str) -> list[Row]:
    rows = answer.get(key) or []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise TransientError("ShipStation's answer is not a list.")
    return rows


def _count(answer: Row) -> int:
    """Return how many pages there are."""
    pages = answer.get("pages")
    return pages if isinstance(pages, int) and not isinstance(pages, bool) else 0
