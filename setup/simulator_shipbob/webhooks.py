"""Webhook subscriptions, and deliveries signed as ShipBob signs them.

Source: developer.shipbob.com/webhooks: Standard Webhooks, with the topic in a header of its own.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime

from simulator.faults import Dice
from simulator_common import Call, Refusal, Report, Sender

from .paging import linked
from .problem import missing
from .state import Row, State

TOPICS = frozenset(
    (
        "order.shipped", "order.shipment.delivered", "order.shipment.exception",
        "order.shipment.on_hold", "order.shipment.cancelled", "return.created", "return.updated",
        "return.completed", "billing.charge.created", "billing.refund.created",
        "billing.credit.created",
    )
)  # fmt: skip
SECRET = re.compile(r"whsec_[a-zA-Z0-9+/]{32}")


def signed(secret: str, name: str, topic: str, moment: datetime, body: bytes) -> dict[str, str]:
    """Return the headers of a delivery."""
    stamp = str(int(moment.timestamp()))
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except ValueError:
        key = secret.encode()
    content = f"{name}.{stamp}.".encode() + body
    digest = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return {
        "webhook-id": name, "webhook-timestamp": stamp, "webhook-signature": f"v1,{digest}",
        "x-webhook-topic": topic, "User-Agent": "Svix-Webhooks/1.0",
    }  # fmt: skip


class Deliverer(Sender):
    """A sender whose headers name the event."""

    def __init__(
        self, state: State, dice: Dice, clock: Callable[[], datetime] | None = None
    ) -> None:
        super().__init__(self._headers, dice)
        self._state, self._clock, self._event = state, clock or state.clock, ""

    def _tell(
        self, target: str, url: str, secret: str, event: str, body: bytes, report: Report
    ) -> None:
        """Override: remember which event it is."""
        self._event = event
        super()._tell(target, url, secret, event, body, report)

    def _headers(self, secret: str, _url: str, body: bytes) -> dict[str, str]:
        topic = self._state.events[self._event]["topic"]
        return signed(secret, self._event, topic, self._clock(), body)


class Webhooks:
    """The subscriptions of an account, and what is still to be told to each."""

    def __init__(self, state: State, dice: Dice) -> None:
        self.state = state
        self.sender = Deliverer(state, dice)
        self.rows: dict[str, Row] = {}

    def listed(self, call: Call) -> Row:
        """All subscriptions; their secrets are not shown again."""
        rows = [{key: row[key] for key in row if key != "secret"} for row in self.rows.values()]
        page = linked("/webhook", rows, call.query, "RecordsPerPage")
        return {key: page[key] for key in ("items", "next", "prev")}

    def create(self, call: Call) -> Row:
        """Make a subscription; its secret may be given."""
        body = call.body or {}
        wanted, secret = body.get("topics") or [], body.get("secret")
        if not wanted or not TOPICS.issuperset(wanted) or not body.get("url"):
            raise Refusal(422, {"message": "The topics or the url are not valid."})
        if secret and not SECRET.fullmatch(secret):
            raise Refusal(422, {"message": "The secret is not valid."})
        number = self.state.next_code("ep_", 20)
        row = {
            "id": number, "url": body["url"], "topics": list(wanted),
            "description": body.get("description"), "created_at": self.state.now(),
            "secret": secret or f"whsec_{self.state.next_code('', 32)}",
        }  # fmt: skip
        self.rows[number] = row
        self.sender.skip(number, self._bodies(row))
        return row

    def remove(self, call: Call, number: str) -> Row:
        """Delete a subscription."""
        if number not in self.rows:
            raise missing("Webhook", number)
        del self.rows[number]
        return {}

    def deliver(self) -> Report:
        """Send what was not accepted yet."""
        report = Report()
        for number, row in list(self.rows.items()):
            self.sender.deliver(number, row["url"], row["secret"], self._bodies(row), report)
        return report

    def _bodies(self, row: Mapping[str, object]) -> dict[str, bytes]:
        """Return the events for a subscription as they are sent."""
        topics = row["topics"]
        return {
            name: json.dumps(event["body"], separators=(",", ":")).encode()
            for name, event in self.state.events.items() if event["topic"] in topics
        }  # fmt: skip
