"""EasyPost's API: address, key, pages.

Source: docs.easypost.com/docs/authentication (HTTP Basic, the API key as user) and /docs/pagination
(``has_more``; ``before_id`` is the last id of the page before; newest first).
"""

import base64
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

from .http import EasyPostHttp

ADDRESS = "https://api.easypost.com"
PAGE = "100"
Row = dict[str, Any]


class EasyPostClient:
    """Calls the API of one account."""

    def __init__(self, context: ProviderContext) -> None:
        self._http = EasyPostHttp.of(context.http)
        self._root = _root(context)
        key = base64.b64encode(f"{context.secret('api_key')}:".encode()).decode()
        self._headers = {"Authorization": f"Basic {key}", "Accept": "application/json"}

    def get(self, *path: str, **params: str) -> Row:
        """Return an answer."""
        url = self._url(path)
        return _object(self._http.request("GET", url, headers=self._headers, params=params))

    def find(self, *path: str) -> Row | None:
        """Return one object, ``None`` when there is none."""
        try:
            return self.get(*path)
        except RejectedError as error:
            if error.status == 404:
                return None
            raise

    def pages(self, key: str, *path: str, **params: str) -> Iterator[list[Row]]:
        """Yield the pages of a list, the newest first."""
        more: dict[str, str] = {}
        while True:
            answer = self.get(*path, page_size=PAGE, **params, **more)
            rows = _rows(answer, key)
            yield rows
            last = str(rows[-1].get("id") or "") if rows else ""
            if not answer.get("has_more") or not last or more.get("before_id") == last:
                return
            more = {"before_id": last}

    def post(
        self, *path: str, body: Mapping[str, Any], harmless: bool = False, method: str = "POST"
    ) -> Row:
        """Ask for something; ``harmless``: asking twice costs nothing."""
        answer = self._http.request(
            method, self._url(path), headers=self._headers, json=dict(body), idempotent=harmless
        )
        return _object(answer)

    def delete(self, *path: str) -> None:
        """Delete something."""
        self._http.request("DELETE", self._url(path), headers=self._headers)

    def _url(self, path: tuple[str, ...]) -> str:
        return "/".join([f"{self._root}/v2", *(quote(part, safe="") for part in path)])


def _root(context: ProviderContext) -> str:
    """Return the address; another one than EasyPost's is allowed on this machine only."""
    override = (context.settings.get("api_url") or "").rstrip("/")
    if not override:
        return ADDRESS
    if is_loopback(urlsplit(override).hostname or ""):
        return override
    raise ConfigurationError("The API address may only be one of this machine.")


def _object(answer: HttpResponse) -> Row:
    content = answer.json()
    if not isinstance(content, dict):
        raise TransientError("EasyPost's answer is not an object.")
    return content


def _rows(answer: Row, key: str) -> list[Row]:
    rows = answer.get(key) or []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise TransientError("EasyPost's answer is not a list.")
    return rows
