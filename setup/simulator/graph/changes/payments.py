"""Giving money back, taking what was authorised, setting authorisations free."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ...fulfilment import RefusedError
from ...history import History
from ...identifiers import number_of
from ..money import Node
from ..mutation import Mutation
from ..order import order_node, payment_entry, refund_entry
from .registry import Mutations

if TYPE_CHECKING:
    from ..engine import Engine


def refund(engine: "Engine", input: Mapping[str, Any]) -> Node:
    """Give money back by one transaction, without lines."""
    history = _order(engine, input["orderId"], "orderId")
    unsupported = {"refundLineItems", "shipping", "refundDuties", "refundMethods"} & {
        name for name, value in input.items() if value
    }
    transactions = input.get("transactions") or ()
    if unsupported or len(transactions) != 1:
        raise RefusedError("The simulator refunds by exactly one transaction, without lines.")
    (asked,) = transactions
    number = number_of(asked.get("parentId") or "", "OrderTransaction")
    _check_currency(history, input.get("currency"), ("input", "currency"))
    _check_parent(engine, history, number, asked)
    made = engine.shop.till.refund(number, Decimal(asked["amount"]), input.get("note"))
    order = history.current
    return {
        "refund": refund_entry(made, order),
        "order": order_node(order, engine.shop.settings),
        "userErrors": [],
    }


def _check_parent(
    engine: "Engine", history: History, number: int, asked: Mapping[str, Any]
) -> None:
    owner = engine.shop.till.owner(number)
    if owner is not history:
        raise RefusedError("Parent transaction does not exist.", ("input", "transactions"))
    if asked["kind"] != "REFUND":
        raise RefusedError("Only refunds can be made of it.", ("input", "transactions"))
    if asked["gateway"] != history.current.payment(number).gateway:
        raise RefusedError(
            "The gateway is not that of the parent transaction.", ("input", "transactions")
        )


def _check_currency(history: History, given: str | None, field: tuple[str, ...]) -> None:
    terms = history.current.terms
    if given is None and terms.presentment == terms.currency:
        return
    if given != terms.presentment:
        raise RefusedError("Currency must be the order's presentment currency.", field)


def capture(engine: "Engine", input: Mapping[str, Any]) -> Node:
    """Take money of an authorisation."""
    history = _order(engine, input["id"], "id")
    number = number_of(input["parentTransactionId"], "OrderTransaction")
    if engine.shop.till.owner(number) is not history:
        raise RefusedError("Transaction does not exist.", ("input", "parentTransactionId"))
    _check_currency(history, input.get("currency"), ("input", "currency"))
    made = engine.shop.till.capture(
        number, Decimal(input["amount"]), bool(input.get("finalCapture"))
    )
    return {"transaction": payment_entry(made, history.current), "userErrors": []}


def void(engine: "Engine", parentTransactionId: str) -> Node:
    """Set an authorisation free."""
    till = engine.shop.till
    made = till.void(number_of(parentTransactionId, "OrderTransaction"))
    return {
        "transaction": payment_entry(made, till.owner(made.id).current),
        "userErrors": [],
    }


def _order(engine: "Engine", identifier: str, field: str) -> History:
    history = engine.shop.histories.get(number_of(identifier, "Order"))
    if history is None:
        raise RefusedError("Order does not exist.", ("input", field))
    return history


MUTATIONS: Mutations = {
    "refundCreate": Mutation(refund, keyed=True),
    "orderCapture": Mutation(capture),
    "transactionVoid": Mutation(void),
}
