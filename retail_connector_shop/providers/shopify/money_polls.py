"""Lists of what has no time of its last change: payments and disputes.

One state is one message: its id is made of what it shows. Which of two states is newer follows from
when they were read.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, ClassVar

from odoo.addons.retail_connector_base.canonical import version_of
from odoo.addons.retail_connector_base.providers import (
    MalformedPayloadError,
    Page,
    ReceivedMessage,
    RejectedError,
    TransientError,
    strict_json,
)

from . import documents_payments as documents
from .client import Operation, ShopifyClient
from .gid import gid
from .node import Node
from .paging import Cursor, walk

# The most that a list without a cursor gives.
MOST_TRANSACTIONS = 250


class StatePoll:
    """One kind of entity, listed by a moment that does not move when the entity changes.

    So the list begins ``lookback`` before the moment asked for: later changes are found by it.
    """

    kind: ClassVar[str]
    plural: ClassVar[str]
    type_name: ClassVar[str]
    many: ClassVar[Operation]
    single: ClassVar[Operation]
    path: ClassVar[tuple[str, ...]]
    field: ClassVar[str]
    lookback: ClassVar[timedelta] = timedelta(0)
    page_size: ClassVar[int] = 50
    variables: ClassVar[dict[str, Any]] = {}

    def __init__(self, client: ShopifyClient) -> None:
        self._client = client
        self._read_at = version_of(client.now())

    def pages(self, cursor: str, since: datetime | None) -> Iterator[Page]:
        """Yield pages of what began since a moment, or a while before it, oldest first."""
        place = Cursor.start(cursor, since and since - self.lookback)
        query = f"{self.field}:>='{place.since}'" if place.since else None
        variables = {**self.variables, "first": self.page_size, "query": query}
        for nodes, end, _data in walk(self._client, self.many, variables, self.path, place.after):
            place = place.to(end)
            messages = [message for node in nodes for message in self._messages(node)]
            yield Page(messages=tuple(messages), cursor=str(place))

    def one(self, external_id: str) -> ReceivedMessage | None:
        """Return one entity, ``None`` when the shop does not have it."""
        data = self._client.execute(self.single, {"id": gid(self.type_name, external_id)})
        node = data.get("node") or data.get(self.kind)
        return self._message(self._content(node), True) if node else None

    def _messages(self, node: dict[str, Any]) -> Iterator[ReceivedMessage]:
        """Yield the messages of one node of the list."""
        yield self._message(self._content(node))

    def _content(self, node: dict[str, Any]) -> dict[str, Any]:
        """Return what is kept of a node."""
        return node

    def _entity(self, content: dict[str, Any]) -> dict[str, Any]:
        """Return the part of the content that is the entity itself."""
        return content

    def _message(self, content: dict[str, Any], authoritative: bool = False) -> ReceivedMessage:
        body = strict_json.dumps(content)
        try:
            number = Node(self._entity(content), self.kind).required_identifier()
            order = Node(content.get("order") or {}, "order").identifier()
        except MalformedPayloadError as error:
            raise TransientError(f"The shop's answer cannot be used: {error}") from error
        return ReceivedMessage(
            event_id=f"{self.kind}:{number}@{hashlib.sha256(body).hexdigest()[:16]}",
            topic=f"poll/{self.plural}",
            kind=self.kind,
            body=body,
            entity_key=f"order:{order}" if order else f"{self.kind}:{number}",
            version=self._read_at,
            observed_at=self._read_at,
            authoritative=authoritative,
        )


class PaymentPoll(StatePoll):
    """Transactions of the orders that changed: the API has no list of transactions."""

    kind = "payment"
    plural = "payments"
    type_name = "OrderTransaction"
    many = documents.PAYMENTS
    single = documents.PAYMENT
    path = ("orders",)
    field = "updated_at"
    variables: ClassVar[dict[str, Any]] = {"nested": MOST_TRANSACTIONS}

    def _messages(self, node: dict[str, Any]) -> Iterator[ReceivedMessage]:
        transactions = node.get("transactions") or ()
        if len(transactions) >= MOST_TRANSACTIONS:
            raise RejectedError(f"An order has {MOST_TRANSACTIONS} transactions or more.")
        for transaction in transactions:
            yield self._message(self._content({**transaction, "order": node}))

    def _content(self, node: dict[str, Any]) -> dict[str, Any]:
        order = node.get("order") or {}
        left = {key: value for key, value in node.items() if key not in _NOT_OF_PAYMENT}
        return {
            "transaction": left,
            "order": {"id": order.get("id"), "name": order.get("name")},
        }

    def _entity(self, content: dict[str, Any]) -> dict[str, Any]:
        return content["transaction"]


class DisputePoll(StatePoll):
    """Disputes; banks take up to four months to decide."""

    kind = "dispute"
    plural = "disputes"
    type_name = "ShopifyPaymentsDispute"
    many = documents.DISPUTES
    single = documents.DISPUTE
    path = ("disputes",)
    field = "initiated_at"
    lookback = timedelta(days=180)


# Known of a single transaction only: a state must not differ by how it was read.
_NOT_OF_PAYMENT = ("order", "multiCapturable")
