"""A system that calls the canonical API: an API client, its token, and what it was answered."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import requests

from .rpc import Odoo

Body = Mapping[str, Any] | Sequence[Mapping[str, Any]]
JSON, EVENT = "application/json", "application/cloudevents+json"
EVENTS = "application/cloudevents-batch+json"
TIMEOUT = 60


@dataclass
class ApiCaller:
    """Sends with a token. ``stored`` are the ids of all messages that were taken."""

    url: str
    token: str
    backend: int
    answers: Counter[int] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    stored: set[str] = field(default_factory=set)

    def send(self, route: str, body: Body, media: str = JSON, **headers: str) -> requests.Response:
        """Post items; ``idempotency_key="k"`` becomes the header."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = requests.post(
            f"{self.url}/retail/v1/{route}",
            data=json.dumps(body),
            headers={**self._authorization, "Content-Type": media, **named},
            timeout=TIMEOUT,
        )
        self.answers[answer.status_code] += 1
        for item in answer.json().get("items", ()):
            self.words[item["status"]] += 1
            if "id" in item:
                self.stored.add(item["id"])
        return answer

    def read(self, path: str) -> Any:
        """Return what a read answers."""
        address = f"{self.url}/retail/v1/{path}"
        answer = requests.get(address, headers=self._authorization, timeout=TIMEOUT)
        answer.raise_for_status()
        return answer.json()

    def states(self) -> Counter[str]:
        """Ask what became of every message that was taken."""
        return Counter(self.read(f"messages/{one}")["state"] for one in sorted(self.stored))

    @property
    def _authorization(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def create_token(
    odoo: Odoo, backend: int, name: str, scopes: Sequence[str] = (), **values: object
) -> str:
    """Make an API client and return its token; it has all scopes unless they are named."""
    domain = [("code", "in", list(scopes))] if scopes else []
    granted = odoo.search("retail.api.scope", domain)
    client = odoo.create(
        "retail.api.client",
        {"name": name, "backend_id": backend, "scope_ids": [(6, 0, granted)], **values},
    )
    wizard = odoo.create("retail.api.token.wizard", {"client_id": client})
    shown = odoo.call("retail.api.token.wizard", "action_create", [wizard])
    return shown["context"]["default_token"]
