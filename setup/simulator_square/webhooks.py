"""Webhook subscriptions, and deliveries signed as Square signs them."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from simulator.faults import Dice
from simulator_common import Keys, Report, Sender

from .problem import invalid, missing
from .state import Row, State


def signed(secret: str, url: str, body: bytes) -> dict[str, str]:
    """Return the headers of a delivery. The old header is sent along, as Square does."""
    content = url.encode() + body
    new = hmac.new(secret.encode(), content, hashlib.sha256).digest()
    old = hmac.new(secret.encode(), content, hashlib.sha1).digest()
    return {
        "x-square-hmacsha256-signature": base64.b64encode(new).decode(),
        "x-square-signature": base64.b64encode(old).decode(),
        "square-environment": "Production",
        "square-retry-number": "0",
        "User-Agent": "Square Connect v2",
    }


class Webhooks:
    """The subscriptions of an application, and what is still to be told to each."""

    def __init__(self, state: State, dice: Dice) -> None:
        self.state = state
        self.sender = Sender(signed, dice)
        self.rows: dict[str, Row] = {}
        self._keys = Keys()

    def create(self, body: Mapping[str, Any]) -> Row:
        """Make a subscription."""
        key, wanted = body.get("idempotency_key") or "", body["subscription"]
        known, answer = self._keys.known(key, wanted) if key else (False, None)
        if known:
            return answer
        if not wanted.get("notification_url") or not wanted.get("event_types"):
            raise invalid("subscription.notification_url")
        number, now = self.state.next_id("wbhk_"), self.state.now()
        row = {
            "id": number, "name": wanted.get("name", ""), "enabled": wanted.get("enabled", True),
            "event_types": list(wanted["event_types"]), "created_at": now, "updated_at": now,
            "notification_url": wanted["notification_url"],
            "api_version": wanted.get("api_version", "2025-08-20"),
            "signature_key": f"key-of-{number}",
        }  # fmt: skip
        self.rows[number] = row
        self.sender.skip(number, self._bodies(row))
        if key:
            self._keys.keep(key, wanted, {"subscription": row})
        return {"subscription": row}

    def change(self, number: str, body: Mapping[str, Any]) -> Row:
        """Change a subscription."""
        row = self._row(number)
        names = ("name", "enabled", "event_types", "notification_url")
        row |= {name: body["subscription"][name] for name in names if name in body["subscription"]}
        row["updated_at"] = self.state.now()
        return {"subscription": row}

    def remove(self, number: str) -> Row:
        """Delete a subscription."""
        del self.rows[self._row(number)["id"]]
        return {}

    def _row(self, number: str) -> Row:
        if number not in self.rows:
            raise missing("Subscription", number)
        return self.rows[number]

    def secret(self, number: str) -> str:
        """Return the signature key of a subscription."""
        return str(self.rows[number]["signature_key"])

    def deliver(self) -> Report:
        """Send what was not accepted yet."""
        report = Report()
        for number, row in list(self.rows.items()):
            if row["enabled"]:
                url = row["notification_url"]
                self.sender.deliver(number, url, self.secret(number), self._bodies(row), report)
        return report

    def _bodies(self, row: Row) -> dict[str, bytes]:
        """Return the events for a subscription as they are sent."""
        events = list(self.state.events.values())
        return {
            event["event_id"]: json.dumps(event, separators=(",", ":")).encode()
            for event in events if event["type"] in row["event_types"]
        }  # fmt: skip
