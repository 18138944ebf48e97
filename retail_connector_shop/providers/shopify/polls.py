"""Reading lists of entities, and single ones, as messages for the inbox."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar

from odoo.addons.retail_connector_base.canonical import version_of
from odoo.addons.retail_connector_base.providers import (
    MalformedPayloadError,
    Page,
    ReceivedMessage,
    TransientError,
    strict_json,
)

from . import completion, documents
from .client import Operation, ShopifyClient
from .node import Node
from .paging import Cursor, walk


class Poll:
    """One kind of entity. A message's id is what it shows, so that one state is one message."""

    kind: ClassVar[str]
    plural: ClassVar[str]
    type_name: ClassVar[str]
    many: ClassVar[Operation]
    single: ClassVar[Operation]
    page_size: ClassVar[int] = 50
    variables: ClassVar[dict[str, Any]] = {}

    def __init__(self, client: ShopifyClient) -> None:
        self._client = client
        self._read_at = version_of(client.now())

    def pages(self, cursor: str, since: datetime | None) -> Iterator[Page]:
        """Yield pages of what changed, oldest change first."""
        place = Cursor.start(cursor, since)
        variables = {**self.variables, "first": self.page_size, "query": place.query}
        total = None if place.after else self._total(place)
        pages = walk(self._client, self.many, variables, (self.plural,), place.after)
        for nodes, end, data in pages:
            place = place.to(end)
            messages = tuple(self._message(self._complete(node), data) for node in nodes)
            yield Page(messages=messages, cursor=str(place), total=total)

    def one(self, external_id: str) -> ReceivedMessage | None:
        """Return one entity, ``None`` when the shop does not have it."""
        identifier = f"gid://shopify/{self.type_name}/{external_id}"
        data = self._client.execute(self.single, {**self.variables, "id": identifier})
        node = data.get(self.kind)
        return self._message(self._complete(node), data, True) if node else None

    def _total(self, place: Cursor) -> int | None:
        return None

    def _complete(self, node: dict[str, Any]) -> dict[str, Any]:
        return node

    def _content(self, node: dict[str, Any], data: Any) -> dict[str, Any]:
        return node

    def _message(
        self, node: dict[str, Any], data: Any, authoritative: bool = False
    ) -> ReceivedMessage:
        reader = Node(node, self.kind)
        try:
            moment = reader.utc("updatedAt")
            key = f"{self.kind}:{reader.required_identifier()}"
        except MalformedPayloadError as error:
            raise TransientError(f"The shop's answer cannot be used: {error}") from error
        version = version_of(moment) if moment else 0
        return ReceivedMessage(
            event_id=f"{key}@{version}",
            topic=f"poll/{self.plural}",
            kind=self.kind,
            body=strict_json.dumps(self._content(node, data)),
            entity_key=key,
            version=version,
            observed_at=self._read_at,
            authoritative=authoritative,
        )


class OrderPoll(Poll):
    """Orders, complete with lines, shipping and refunds."""

    kind = "order"
    plural = "orders"
    type_name = "Order"
    many = documents.ORDERS
    single = documents.ORDER
    page_size = 25
    variables: ClassVar[dict[str, Any]] = {"nested": 8}

    def _total(self, place: Cursor) -> int | None:
        data = self._client.execute(documents.ORDER_COUNT, {"query": place.query})
        count = (data.get("ordersCount") or {}).get("count")
        return count if isinstance(count, int) else None

    def _complete(self, node: dict[str, Any]) -> dict[str, Any]:
        return completion.complete_order(self._client, node)

    def _content(self, node: dict[str, Any], data: Any) -> dict[str, Any]:
        """An order's local date needs the shop's time zone."""
        return {"order": node, "shop": data.get("shop")}


class CustomerPoll(Poll):
    """Customers."""

    kind = "customer"
    plural = "customers"
    type_name = "Customer"
    many = documents.CUSTOMERS
    single = documents.CUSTOMER


class ProductPoll(Poll):
    """Products with all variants."""

    kind = "product"
    plural = "products"
    type_name = "Product"
    many = documents.PRODUCTS
    single = documents.PRODUCT
    page_size = 20
    variables: ClassVar[dict[str, Any]] = {"nested": 50}

    def _complete(self, node: dict[str, Any]) -> dict[str, Any]:
        return completion.complete_product(self._client, node)


POLLS: dict[str, type[Poll]] = {poll.kind: poll for poll in (OrderPoll, CustomerPoll, ProductPoll)}
