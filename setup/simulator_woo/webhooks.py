"""Webhooks: what is subscribed, and deliveries as WooCommerce makes them.

A delivery is made once, in the background; nothing is sent again. A webhook that failed six times
in a row is disabled by its next failure (``class-wc-webhook.php``: more than five failures).
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

from simulator.delivery import sign
from simulator.faults import Dice

from .faults import Faults
from .goods import SITE, dates, links
from .shop import Shop

MAX_FAILURES = 5
AGENT = "WooCommerce/10.3.0 Hookshot (WordPress/6.9)"


@dataclass
class Report:
    """What became of the deliveries: answers by status, events answered 2xx and those lost."""

    answers: Counter[str] = field(default_factory=Counter)
    accepted: list[tuple[str, int]] = field(default_factory=list)
    lost: list[tuple[str, int]] = field(default_factory=list)


@dataclass
class Event:
    """Something that happened; ``body`` is set when it was built before its turn came."""

    topic: str
    number: int
    body: bytes | None = None


class Webhooks:
    """The webhooks of a shop and the queue of what is to be told."""

    def __init__(self, shop: Shop, dice: Dice) -> None:
        self.shop, self.dice, self.faults = shop, dice, Faults()
        self.rows: dict[int, dict[str, Any]] = {}
        self.secrets: dict[int, str] = {}
        self.failures: Counter[int] = Counter()
        self.pings: Counter[int] = Counter()
        self.timeout = 5.0
        self._events: list[Event] = []
        self._number = 0
        shop.listener = self.note

    def note(self, topic: str, number: int) -> None:
        """Queue an event; by chance its payload is built at once and sent later."""
        self._number += 1
        event = Event(topic, number)
        if self.dice.hits("disorder", self._number, self.faults.disorder):
            event.body = self._body(event)
        self._events.append(event)

    # The API

    def save(self, values: dict[str, Any], number: int | None = None) -> dict[str, Any]:
        """Create or change a webhook. A new address is tried by a ping."""
        now = self.shop.now()
        row = self.rows.get(number or 0) or {
            "id": self.shop.next_id(), "name": "", "status": "active", "topic": "",
            "hooks": [], **dates("date_created", now),
        }  # fmt: skip
        before = row.get("delivery_url")
        row.update({key: values[key] for key in ("name", "status", "topic", "delivery_url")
                    if key in values})  # fmt: skip
        row.update(zip(("resource", "event"), row["topic"].split(".", 1), strict=True))
        row.update(dates("date_modified", now), _links=links(f"webhooks/{row['id']}"))
        self.rows[row["id"]] = row
        if "secret" in values:
            self.secrets[row["id"]] = values["secret"]
        if row["delivery_url"] != before:
            self._ping(row)
        return row

    def remove(self, number: int) -> dict[str, Any]:
        """Delete a webhook."""
        return self.rows.pop(number)

    def _ping(self, row: dict[str, Any]) -> None:
        headers = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": AGENT}
        answer = self._post(row["delivery_url"], f"webhook_id={row['id']}".encode(), headers)
        self.pings[row["id"]] = int(answer) if answer.isdigit() else 0

    # Deliveries

    def deliver(self) -> Report:
        """Send what is queued, until nothing is left."""
        report = Report()
        queued, self._events = self._events, []
        early = [event for event in queued if event.body is None]
        for index, event in enumerate(early + [one for one in queued if one.body is not None]):
            if self.dice.hits("dropped", index, self.faults.dropped):
                report.lost.append((event.topic, event.number))
                continue
            times = 1 + self.dice.hits("duplicate", index, self.faults.duplicate)
            for _time in range(times):
                self._tell(event, report)
            if self.dice.hits("forged", index, self.faults.forged):
                self._each(event, self._forge)
        return report

    def _forge(self, row: dict[str, Any], body: bytes, headers: dict[str, str]) -> None:
        forged = {**headers, "X-WC-Webhook-Signature": sign(body, "not the secret")}
        self._post(row["delivery_url"], body, forged)

    def _tell(self, event: Event, report: Report) -> None:
        self._each(event, lambda row, body, headers: self._send(row, event, body, headers, report))

    def _each(
        self, event: Event, do: Callable[[dict[str, Any], bytes, dict[str, str]], Any]
    ) -> None:
        body = event.body or self._body(event)
        for row in list(self.rows.values()):
            if row["topic"] == event.topic and row["status"] == "active" and body:
                do(row, body, self._headers(row, body))

    def _send(
        self, row: dict[str, Any], event: Event, body: bytes, headers: dict[str, str],
        report: Report,
    ) -> None:  # fmt: skip
        answer = self._post(row["delivery_url"], body, headers)
        report.answers[answer] += 1
        if answer in ("200", "201", "202", "204", "301", "302"):
            self.failures[row["id"]] = 0
            report.accepted.append((event.topic, event.number))
            return
        report.lost.append((event.topic, event.number))
        if self.failures[row["id"]] > MAX_FAILURES:
            row["status"] = "disabled"
        else:
            self.failures[row["id"]] += 1

    def _headers(self, row: dict[str, Any], body: bytes) -> dict[str, str]:
        """Return a delivery's headers. Its id is the same for all of one webhook and second."""
        instant = f"{row['id']}{self.shop.now().timestamp():.0f}"
        return {
            "Content-Type": "application/json",
            "User-Agent": AGENT,
            "X-WC-Webhook-Source": f"{SITE}/",
            "X-WC-Webhook-Topic": row["topic"],
            "X-WC-Webhook-Resource": row["resource"],
            "X-WC-Webhook-Event": row["event"],
            "X-WC-Webhook-Signature": sign(body, self.secrets.get(row["id"], "")),
            "X-WC-Webhook-ID": str(row["id"]),
            "X-WC-Webhook-Delivery-ID": hashlib.md5(instant.encode()).hexdigest(),
        }

    def _body(self, event: Event) -> bytes | None:
        """Return what is told of an event now; ``None`` when there is nothing left to tell of."""
        entity, _dot, name = event.topic.partition(".")
        content: Any = {"id": event.number}
        if name != "deleted":
            content = self._entity(entity, event.number)
        return json.dumps(content, ensure_ascii=True).encode() if content else None

    def _entity(self, entity: str, number: int) -> dict[str, Any] | None:
        with self.shop.lock:
            if entity == "order":
                return self.shop.orders.get(number)
            if entity == "customer":
                return self.shop.customers.get(number)
            return self.shop.product_as_told(number)

    def _post(self, url: str, body: bytes, headers: dict[str, str]) -> str:
        parts = urlsplit(url)
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
