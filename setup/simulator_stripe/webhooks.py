"""Webhook endpoints, and deliveries as Stripe makes them: signed, not ordered, again if refused.

Source: docs.stripe.com/webhooks. What is not accepted is tried again by the next ``deliver``.
"""

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

from simulator.faults import Dice

from .account import Account
from .faults import Faults
from .ledger import Row
from .problem import invalid, missing

AGENT = "Stripe/1.0 (+https://stripe.com/docs/webhooks)"


@dataclass
class Report:
    """What became of the deliveries: answers by status, events answered 2xx and those not sent."""

    answers: Counter[str] = field(default_factory=Counter)
    accepted: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


def signature(secrets: list[str], moment: int, body: bytes) -> str:
    """Return the header that signs a body at a moment with each secret."""
    content = b"%d." % moment + body
    made = [hmac.new(secret.encode(), content, hashlib.sha256).hexdigest() for secret in secrets]
    return ",".join([f"t={moment}", *(f"v1={value}" for value in made), "v0=ignored"])


class Webhooks:
    """The endpoints of an account and what is still to be told to each."""

    def __init__(self, account: Account, dice: Dice) -> None:
        self.account, self.dice, self.faults = account, dice, Faults()
        self.rows: dict[str, Row] = {}
        # The newest secret first; the one before it while it rolls.
        self.secrets: dict[str, list[str]] = {}
        self.timeout = 5.0
        self._done: set[tuple[str, str]] = set()

    # The API

    def create(self, form: Mapping[str, Any]) -> Row:
        """Make an endpoint; its secret is told here and never again."""
        if not form.get("url") or not form.get("enabled_events"):
            raise invalid("url", "Missing required param")
        number = self.account.next_id("we")
        row = {
            "id": number, "object": "webhook_endpoint", "api_version": form.get("api_version"),
            "application": None, "created": self.account.now(),
            "description": form.get("description"), "enabled_events": form["enabled_events"],
            "livemode": self.account.live, "metadata": {}, "status": "enabled",
            "url": form["url"],
        }  # fmt: skip
        self.rows[number] = row
        self.secrets[number] = [f"whsec_{number}"]
        self._done |= {(number, event) for event in self.account.events}
        return {**row, "secret": self.secrets[number][0]}

    def change(self, number: str, form: Mapping[str, Any]) -> Row:
        """Change an endpoint."""
        row = self._row(number)
        row.update({key: form[key] for key in ("url", "enabled_events") if key in form})
        if "disabled" in form:
            row["status"] = "disabled" if form["disabled"] == "true" else "enabled"
        return row

    def remove(self, number: str) -> Row:
        """Delete an endpoint."""
        del self.rows[self._row(number)["id"]]
        return {"id": number, "object": "webhook_endpoint", "deleted": True}

    def _row(self, number: str) -> Row:
        if number not in self.rows:
            raise missing("webhook_endpoint", number)
        return self.rows[number]

    def roll(self, number: str, both: bool = True) -> str:
        """Give an endpoint a new secret; the old one stays valid beside it, or not."""
        new = f"{self.secrets[number][0]}x"
        self.secrets[number] = [new, *self.secrets[number][: 1 if both else 0]]
        return new

    # Deliveries

    def deliver(self) -> Report:
        """Send what was not accepted yet."""
        report = Report()
        for row in list(self.rows.values()):
            if row["status"] == "enabled":
                for event in self._queue(row):
                    self._tell(row, event, report)
        return report

    def _queue(self, row: Row) -> list[Row]:
        """Return the events for an endpoint; some come after all the others."""
        enabled = row["enabled_events"]
        due = [
            event for event in list(self.account.events.values())
            if (row["id"], event["id"]) not in self._done
            and (event["type"] in enabled or "*" in enabled)
        ]  # fmt: skip
        late = [one for one in due if self._hits("disorder", one)]
        return [one for one in due if one not in late] + late[::-1]

    def _hits(self, name: str, event: Row) -> bool:
        return self.dice.hits(name, event["id"], getattr(self.faults, name))

    def _tell(self, row: Row, event: Row, report: Report) -> None:
        if self._hits("dropped", event):
            self._done.add((row["id"], event["id"]))
            report.lost.append(event["id"])
            return
        body = json.dumps({**event, "pending_webhooks": len(self.rows)}, indent=2).encode()
        secrets = self.secrets[row["id"]]
        for _time in range(1 + self._hits("duplicate", event)):
            answer = self._post(row["url"], body, signature(secrets, self.account.now(), body))
            report.answers[answer] += 1
            if answer.startswith("2"):
                self._done.add((row["id"], event["id"]))
                report.accepted.append(event["id"])
        if self._hits("forged", event):
            self._post(row["url"], body, signature(["no secret"], self.account.now(), body))

    def _post(self, url: str, body: bytes, signed: str) -> str:
        parts = urlsplit(url)
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": AGENT,
                   "Stripe-Signature": signed}  # fmt: skip
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=self.timeout)
        try:
            connection.request("POST", parts.path, body, headers)
            return str(connection.getresponse().status)
        except TimeoutError:
            return "timeout"
        except (OSError, HTTPException):
            return "unreachable"
        finally:
            connection.close()
