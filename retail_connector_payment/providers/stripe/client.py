"""Stripe's API: address, key, forms, lists, and what it says when it refuses.

Source: docs.stripe.com/api (authentication, errors, idempotent requests, pagination, versioning).
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
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

from .forms import encode
from .http import StripeHttp

ADDRESS = "https://api.stripe.com"
# The version of the specification that this adapter was written and is tested against.
DEFAULT_VERSION = "2023-08-16"
LONGEST_PAGE = 100
_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(?:\.[a-z]+)?", re.ASCII)


class StripeClient:
    """Calls the API of one account."""

    def __init__(self, context: ProviderContext) -> None:
        self._http = StripeHttp.of(context.http)
        self._root = _root(context)
        self._now = context.now
        self.version = api_version(context)
        self._headers = {
            "Authorization": f"Bearer {context.secret('api_key')}",
            "Stripe-Version": self.version,
            "Accept": "application/json",
        }
        # When the last answer was given, by Stripe's clock.
        self.read_at = self._now()

    def get(self, *path: str, **params: Any) -> dict[str, Any]:
        """Return one object, or one page of a list."""
        answer = self._http.request(
            "GET", self._url(path), headers=self._headers, params=encode(params)
        )
        return self._object(answer)

    def find(self, *path: str, **params: Any) -> dict[str, Any] | None:
        """Return one object, ``None`` when there is none."""
        try:
            return self.get(*path, **params)
        except RejectedError as error:
            if error.status == 404:
                return None
            raise

    def page(
        self, *path: str, after: str | None = None, **params: Any
    ) -> tuple[list[dict[str, Any]], bool]:
        """Return a page of a list, the newest first, and whether more follow ``after`` it."""
        if after:
            params["starting_after"] = after
        answer = self.get(*path, limit=LONGEST_PAGE, **params)
        rows = answer.get("data")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise TransientError("Stripe's answer is not a list.")
        if answer.get("has_more") and (not rows or not isinstance(rows[-1].get("id"), str)):
            raise TransientError("Stripe says that more follows, but not where.")
        return rows, bool(answer.get("has_more"))

    def every(self, *path: str, **params: Any) -> Iterator[dict[str, Any]]:
        """Yield a whole list, page by page, the newest first."""
        after, more = None, True
        while more:
            rows, more = self.page(*path, after=after, **params)
            yield from rows
            after = rows[-1]["id"] if rows else None

    def post(self, *path: str, key: str | None = None, **form: Any) -> dict[str, Any]:
        """Create or change something. With ``key`` Stripe does it once, however often it is sent.

        Raises ``UnknownOutcomeError`` when nobody can tell whether it was done.
        """
        headers = {**self._headers, **({"Idempotency-Key": key} if key else {})}
        answer = self._http.request(
            "POST", self._url(path), headers=headers, data=encode(form), idempotent=False
        )
        return self._object(answer)

    def delete(self, *path: str) -> None:
        """Delete something."""
        self._http.request("DELETE", self._url(path), headers=self._headers)

    def _url(self, path: tuple[str, ...]) -> str:
        return "/".join([f"{self._root}/v1", *(quote(part, safe="") for part in path)])

    def _object(self, answer: HttpResponse) -> dict[str, Any]:
        self.read_at = _told_at(answer.headers) or self._now()
        content = answer.json()
        if not isinstance(content, dict):
            raise TransientError("Stripe's answer is not an object.")
        return content


def api_version(context: ProviderContext) -> str:
    """Return the version that the API is spoken in."""
    version = context.settings.get("api_version") or DEFAULT_VERSION
    if not _VERSION.fullmatch(version):
        raise ConfigurationError(f"The API version must look like {DEFAULT_VERSION}.")
    return version


def _root(context: ProviderContext) -> str:
    """Return the address; another one than Stripe's is allowed on this machine only."""
    override = (context.settings.get("api_url") or "").rstrip("/")
    if not override:
        return ADDRESS
    if is_loopback(urlsplit(override).hostname or ""):
        return override
    raise ConfigurationError("The API address may only be one of this machine.")


def _told_at(headers: Mapping[str, str]) -> datetime | None:
    """Return when an answer was given: our own clock may be off."""
    try:
        moment = parsedate_to_datetime(headers.get("date", ""))
    except (TypeError, ValueError, IndexError):
        return None
    return moment.astimezone(timezone.utc) if moment.tzinfo else None
