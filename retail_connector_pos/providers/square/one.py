"""One entity as Square holds it now."""

from collections.abc import Callable

from odoo.addons.retail_connector_base.providers import MalformedPayloadError, ReceivedMessage

from .client import Row, SquareClient
from .closings import ClosingReader
from .messages import polled, unusable
from .node import Node
from .polls import with_entries
from .reading import Reader
from .ticket import Sale


def fetch_one(client: SquareClient, kind: str, number: str) -> ReceivedMessage | None:
    """Return an entity, ``None`` when there is none, or none of this kind yet."""
    try:
        return _READ[kind](client, number)
    except MalformedPayloadError as error:
        raise unusable(error) from error


def _ticket(client: SquareClient, number: str) -> ReceivedMessage | None:
    content = Reader(client).order(number)
    if content is None or not Sale(Node(content)).is_finished():
        return None
    return polled("poll/order", content, True)


def _closing(client: SquareClient, number: str) -> ReceivedMessage | None:
    return ClosingReader(Reader(client)).one(number)


def _payment(client: SquareClient, number: str) -> ReceivedMessage | None:
    found = client.find("payment", "payments", number)
    if found is not None:
        return _unless_cash("poll/payment", found, "source_type")
    found = client.find("refund", "refunds", number)
    return _unless_cash("poll/refund", found, "destination_type") if found else None


def _unless_cash(topic: str, found: Row, key: str) -> ReceivedMessage | None:
    return None if found.get(key) in ("CASH", "EXTERNAL") else polled(topic, found, True)


def _payout(client: SquareClient, number: str) -> ReceivedMessage | None:
    found = client.find("payout", "payouts", number)
    return polled("poll/payout", with_entries(client, found), True) if found else None


def _dispute(client: SquareClient, number: str) -> ReceivedMessage | None:
    found = client.find("dispute", "disputes", number)
    return polled("poll/dispute", found, True) if found else None


def _item(client: SquareClient, number: str) -> ReceivedMessage | None:
    found = client.find("object", "catalog", "object", number)
    is_item = found is not None and found.get("type") == "ITEM"
    return polled("poll/item", found or {}, True) if is_item else None


_READ: dict[str, Callable[[SquareClient, str], ReceivedMessage | None]] = {
    "pos_ticket": _ticket,
    "pos_closing": _closing,
    "payment": _payment,
    "payout": _payout,
    "dispute": _dispute,
    "product": _item,
}
