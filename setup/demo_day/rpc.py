"""Odoo as its own web client sees it: a session, and the calls that forms and buttons make."""

from collections.abc import Mapping, Sequence
from typing import Any

import requests

from environment import Failure

LOGIN, PASSWORD = "admin", "admin"
TIMEOUT = 120

Values = Mapping[str, Any]


class RpcError(Failure):
    """Odoo refused a call; the message is what it would have shown to the user."""


class Odoo:
    """A logged-in user. ``context`` goes with every call."""

    def __init__(self, url: str, login: str = LOGIN, password: str = PASSWORD) -> None:
        self.url, self.login, self._password = url, login, password
        self.context: dict[str, Any] = {}
        self._http = requests.Session()

    def log_in(self, database: str) -> "Odoo":
        """Open a session, as the login form does."""
        params = {"db": database, "login": self.login, "password": self._password}
        session = self._post("/web/session/authenticate", params)
        self.context = dict(session["user_context"])
        return self

    def call(self, model: str, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call a public method of a model."""
        context = {**self.context, **kwargs.pop("context", {})}
        params = {
            "model": model,
            "method": method,
            "args": args,
            "kwargs": {**kwargs, "context": context},
        }
        return self._post(f"/web/dataset/call_kw/{model}/{method}", params)

    def create(self, model: str, values: Values, **context: Any) -> int:
        """Create a record and return its id."""
        return self.call(model, "create", [dict(values)], context=context)[0]

    def create_many(self, model: str, values: Sequence[Values]) -> list[int]:
        """Create records and return their ids."""
        return self.call(model, "create", [dict(item) for item in values]) if values else []

    def write(self, model: str, ids: int | Sequence[int], values: Values) -> None:
        """Write to records."""
        self.call(model, "write", [ids] if isinstance(ids, int) else list(ids), dict(values))

    def search(self, model: str, domain: Sequence[Any], **options: Any) -> list[int]:
        """Return the ids of the records that a domain finds."""
        return self.call(model, "search", list(domain), **options)

    def read(self, model: str, domain: Sequence[Any], *names: str) -> list[dict[str, Any]]:
        """Return fields of the records that a domain finds."""
        return self.call(model, "search_read", list(domain), list(names))

    def reference(self, xml_id: str) -> int:
        """Return the record that an XML id names."""
        module, name = xml_id.split(".")
        found = self.read("ir.model.data", [("module", "=", module), ("name", "=", name)], "res_id")
        if not found:
            raise RpcError(f"{xml_id} does not exist")
        return found[0]["res_id"]

    def _post(self, path: str, params: Values) -> Any:
        body = {"jsonrpc": "2.0", "method": "call", "params": dict(params)}
        answer = self._http.post(self.url + path, json=body, timeout=TIMEOUT)
        answer.raise_for_status()
        content = answer.json()
        if "error" in content:
            raise RpcError(_words(content["error"], path))
        return content.get("result")


def _words(error: Values, path: str) -> str:
    data = error.get("data") or {}
    last = (data.get("debug") or "").strip().splitlines()[-3:]
    return "\n".join([f"{path}: {data.get('message') or error.get('message')}", *last])
