"""What tests of carrier services share: the published samples, and a fake of HTTP."""

import json
import os
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from odoo.addons.retail_connector_base.providers import HttpClient, HttpResponse

NOW = datetime(2026, 4, 2, 12, tzinfo=timezone.utc)


def contracts_root(vendor: str) -> Path | None:
    """Return a vendor's folder of the contracts, ``None`` where it is absent."""
    default = Path(__file__).resolve().parents[3] / "shared" / "contracts"
    root = Path(os.environ.get("RETAIL_CONTRACTS") or default) / "3pl" / vendor
    return root if root.is_dir() else None


def sample(vendor: str, name: str) -> Any:
    """Return the content of a published sample."""
    return json.loads((contracts_root(vendor) / f"{name}.json").read_text())


class FakeHttp(HttpClient):
    """Answers as a function says, and remembers what was sent: method, path, query, body."""

    def __init__(self, answer: Callable[[str, str, dict[str, Any], Any], Any]) -> None:
        super().__init__(correlation_id="test")
        self.calls: list[tuple[str, str, dict[str, Any], Any]] = []
        self._answer = answer

    def request(self, method, url, **options):
        """Override: answer here."""
        path = "/" + url.partition("://")[2].partition("/")[2]
        query, body = dict(options.get("params") or {}), options.get("json")
        self.calls.append((method, path, query, body))
        found = self._answer(method, path, query, body)
        if isinstance(found, Exception):
            raise found
        return HttpResponse(200, {}, json.dumps(found).encode())


def status(error: Exception, code: int) -> Exception:
    """Return an error as if it had been answered with a status."""
    error.status = code
    return error
