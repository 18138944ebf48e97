"""What customers paid in their own currency: the balance tells the account's currency only."""

from collections.abc import Sequence
from typing import Any

from . import documents_payments as documents
from .client import ShopifyClient
from .gid import gid, number_of

# Each of them is the whole of one transaction of an order, unlike what a bank takes back.
WHOLE = frozenset({"CHARGE", "REFUND", "REFUND_FAILURE"})
BATCH = 100


def add_originals(client: ShopifyClient, lines: Sequence[dict[str, Any]]) -> None:
    """Add ``original`` to compact balance transactions that were converted.

    A shop that sells in one currency is not asked about each of them.
    """
    wanted = [line for line in lines if line.get("type") in WHOLE and line.get("payment")]
    if not wanted or not _sells_abroad(client):
        return
    paid = _paid(client, sorted({str(line["payment"]) for line in wanted}))
    for line in wanted:
        money = paid.get(str(line["payment"]))
        if money and money.get("currencyCode") != line.get("currency"):
            line["original"] = {"amount": money["amount"], "currency": money["currencyCode"]}


def _sells_abroad(client: ShopifyClient) -> bool:
    shop = client.execute(documents.BALANCE).get("shop") or {}
    return bool({*(shop.get("enabledPresentmentCurrencies") or ())} - {shop.get("currencyCode")})


def _paid(client: ShopifyClient, numbers: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return the amounts of transactions that the shop still has, by their numbers."""
    found: dict[str, dict[str, Any]] = {}
    for start in range(0, len(numbers), BATCH):
        identifiers = [gid("OrderTransaction", one) for one in numbers[start : start + BATCH]]
        nodes = client.execute(documents.PAID_AMOUNTS, {"ids": identifiers}).get("nodes") or ()
        for node in nodes:
            money = ((node or {}).get("amountSet") or {}).get("presentmentMoney")
            if money:
                found[number_of(node.get("id"))] = money
    return found
