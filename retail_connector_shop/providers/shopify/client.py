"""The GraphQL Admin API: address, token, cost, errors.

Source: shopify.dev, "GraphQL Admin API" (authentication, rate limits, status and error codes).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from odoo.addons.retail_connector_base.providers import (
    AuthenticationError,
    ConfigurationError,
    ProviderContext,
    RateLimitedError,
    RejectedError,
    TransientError,
)
from odoo.addons.retail_connector_base.providers.http_client import is_loopback
from odoo.addons.retail_connector_base.providers.redaction import redact_text

from .throttle import QueryCost, expected_cost, read_cost
from .tokens import access_token, can_renew

DEFAULT_VERSION = "2026-04"
_DOMAIN = re.compile(r"[a-z0-9][a-z0-9-]*\.myshopify\.com", re.ASCII)
_VERSION = re.compile(r"\d{4}-\d{2}|unstable", re.ASCII)


class TooExpensiveError(RejectedError):
    """A single query costs more than any bucket holds: ask for smaller pages."""


@dataclass(frozen=True)
class Operation:
    """A GraphQL document and how to send it. ``mutation`` is not repeated on an unknown outcome."""

    name: str
    document: str
    mutation: bool = False


class ShopifyClient:
    """Executes operations against one shop."""

    def __init__(self, context: ProviderContext) -> None:
        self._context = context
        self._root = _root(context)

    def now(self) -> datetime:
        """Return the time (UTC) before what is asked next is answered."""
        return self._context.now()

    def execute(self, operation: Operation, variables: Mapping[str, Any] | None = None) -> Any:
        """Return an operation's ``data``.

        Raises ``RateLimitedError`` when throttled, ``TooExpensiveError`` when no bucket could ever
        hold the query, ``RejectedError`` for its other errors, and those of the HTTP client.
        """
        try:
            answer = self._post(operation, variables)
        except AuthenticationError:
            if not can_renew(self._context):
                raise
            answer = self._post(operation, variables, renew=True)
        if not isinstance(answer, dict):
            raise TransientError("The shop's answer is no GraphQL answer.")
        cost = self._learn(operation, answer.get("extensions"))
        if answer.get("errors"):
            raise _error(answer["errors"], cost.wait() if cost else 1.0)
        data = answer.get("data")
        if not isinstance(data, dict):
            raise TransientError("The shop's answer holds no data.")
        return data

    def _learn(self, operation: Operation, extensions: Any) -> QueryCost | None:
        """Tell the gate what is left in the shop's bucket."""
        cost = read_cost(operation.name, extensions)
        if cost:
            self._context.http.gate.learn(cost.available, cost.maximum, cost.rate)
        return cost

    def change(self, operation: Operation, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Execute a mutation and return its payload. ``userErrors`` raise ``RejectedError``."""
        payload = next(iter(self.execute(operation, variables).values()), None)
        if not isinstance(payload, dict):
            raise TransientError(f"{operation.name} was answered without a result.")
        errors = payload.get("userErrors")
        if errors:
            texts = [str(item.get("message")) for item in errors if isinstance(item, dict)]
            raise RejectedError(redact_text("; ".join(texts) or operation.name))
        return payload

    def _post(
        self, operation: Operation, variables: Mapping[str, Any] | None, renew: bool = False
    ) -> Any:
        version = self._context.settings.get("api_version") or DEFAULT_VERSION
        if not _VERSION.fullmatch(version):
            raise ConfigurationError("The API version must look like 2026-04.")
        token = access_token(self._context, self._root, renew)
        return self._context.http.request(
            "POST",
            f"{self._root}/admin/api/{version}/graphql.json",
            headers={"X-Shopify-Access-Token": token, "Accept": "application/json"},
            json={
                "query": operation.document,
                "operationName": operation.name,
                "variables": dict(variables or {}),
            },
            idempotent=not operation.mutation,
            cost=expected_cost(operation.name),
        ).json()


def _root(context: ProviderContext) -> str:
    """Return the shop's address; another one than its domain is allowed on this machine only."""
    override = (context.settings.get("api_url") or "").rstrip("/")
    if override:
        if is_loopback(urlsplit(override).hostname or ""):
            return override
        raise ConfigurationError("The API address may only be one of this machine.")
    domain = context.setting("shop_domain").strip().lower()
    if not _DOMAIN.fullmatch(domain):
        raise ConfigurationError("The shop domain must look like my-shop.myshopify.com.")
    return f"https://{domain}"


def _error(errors: Any, wait: float) -> Exception:
    """Return the error that a list of GraphQL errors stands for."""
    entries = (
        [entry for entry in errors if isinstance(entry, dict)] if isinstance(errors, list) else []
    )
    codes = {str((entry.get("extensions") or {}).get("code", "")) for entry in entries}
    text = redact_text("; ".join(str(entry.get("message", "")) for entry in entries) or str(errors))
    if "THROTTLED" in codes:
        return RateLimitedError("The shop asks us to slow down.", retry_after=max(wait, 1.0))
    if "MAX_COST_EXCEEDED" in codes:
        return TooExpensiveError(text)
    if "ACCESS_DENIED" in codes:
        return AuthenticationError(f"A scope is missing: {text}")
    if "INTERNAL_SERVER_ERROR" in codes:
        return TransientError(text)
    return RejectedError(text)
