"""Gives money back, takes what was authorised, and sets authorisations free.

Source: shopify.dev, ``refundCreate`` (its idempotency key is required since 2026-04),
``orderCapture``, ``transactionVoid``, which know none: what became of them is looked up, by the
transaction that they are about and the amount.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Generic, TypeVar

from odoo.addons.retail_connector_base.canonical import (
    CapturePayment,
    Money,
    PaymentCommand,
    RefundPayment,
    VoidPayment,
)
from odoo.addons.retail_connector_base.providers import (
    CommandResult,
    RejectedError,
    TransientError,
    UnknownOutcomeError,
)

from . import documents_payments as documents
from .client import Operation, ShopifyClient
from .gid import gid
from .payment_read import Movement, Payment, PaymentReader, movements, of_refund
from .user_errors import payload_of, require_none, user_errors

Asked = TypeVar("Asked", bound=PaymentCommand)
# What a refund can be made of.
_TAKEN = frozenset({"SALE", "CAPTURE"})
_AUTHORISED = frozenset({"AUTHORIZATION", "EMV_AUTHORIZATION"})


class PaymentChange(Generic[Asked]):
    """One command about a payment of the shop."""

    def __init__(self, client: ShopifyClient, command: Asked, key: str) -> None:
        self._client, self._command, self._key = client, command, key
        self._reader = PaymentReader(client)

    def send(self, known: Collection[str] | None) -> CommandResult:
        """Have the effect, unless a former attempt has had it."""
        found = None if known is None else self.look_up(known)
        return found or self._send(self._payment())

    def look_up(self, known: Collection[str]) -> CommandResult | None:
        """Return the transactions that the command made, ``None`` when there are none."""
        candidates = self._candidates(self._payment())
        made = [one for one in candidates if one.id not in known and not one.failed]
        return _result(made[:1]) if made else None

    def _send(self, payment: Payment) -> CommandResult:
        raise NotImplementedError

    def _candidates(self, payment: Payment) -> Iterable[Movement]:
        raise NotImplementedError

    def _payment(self) -> Payment:
        return self._reader.payment(self._command.payment_external_id)

    def _change(
        self, operation: Operation, name: str, variables: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Execute a mutation. Raises ``UnknownOutcomeError`` when it may have had its effect."""
        try:
            payload = payload_of(self._client.execute(operation, variables), name)
            require_none(user_errors(payload))
        except TransientError as error:
            raise UnknownOutcomeError(str(error), error.retry_after) from error
        return payload


class Refunding(PaymentChange[RefundPayment]):
    """Money that goes back. The refund's note is our reference, by which it is found again."""

    @property
    def _note(self) -> str:
        command = self._command
        return f"{command.reference}: {command.reason}" if command.reason else command.reference

    def _send(self, payment: Payment) -> CommandResult:
        parent = self._parent(payment)
        transaction = {
            "orderId": gid("Order", payment.order),
            "parentId": gid("OrderTransaction", parent.id),
            "kind": "REFUND",
            "gateway": parent.gateway,
            "amount": _amount(self._command.amount, parent),
        }
        refund = {
            "orderId": gid("Order", payment.order),
            "currency": parent.currency,
            "note": self._note,
            "notify": False,
            "transactions": [transaction],
        }
        variables = {"input": refund, "key": self._key}
        payload = self._change(documents.REFUND, "refundCreate", variables)
        return _done(of_refund(payload.get("refund")))

    def _candidates(self, payment: Payment) -> Iterable[Movement]:
        amount = self._command.amount
        return (
            one
            for one in self._reader.with_note(payment.order, self._note)
            if one.kind == "REFUND" and one.amount == amount.amount
        )

    def _parent(self, payment: Payment) -> Movement:
        """Return the movement that took the money: that of an authorisation is its capture."""
        asked = payment.movement
        if asked.kind in _TAKEN:
            return asked
        taken = [
            one
            for one in self._reader.of_order(payment.order)
            if one.parent == asked.id and one.kind in _TAKEN and not one.failed
        ]
        if asked.kind not in _AUTHORISED or len(taken) != 1:
            raise RejectedError(
                f"Transaction {asked.id} ({asked.kind.lower()}) is none that can be given back:"
                f" {len(taken)} captures of it are known."
            )
        return taken[0]


class Capturing(PaymentChange[CapturePayment]):
    """Money that is taken of what was authorised."""

    def _send(self, payment: Payment) -> CommandResult:
        capture: dict[str, Any] = {
            "id": gid("Order", payment.order),
            "parentTransactionId": gid("OrderTransaction", payment.movement.id),
            "amount": _amount(self._command.amount, payment.movement),
            "currency": payment.movement.currency,
        }
        # Without effect, says the schema, where one capture is all that there can be.
        if payment.multi_capturable:
            capture["finalCapture"] = self._command.final
        payload = self._change(documents.CAPTURE, "orderCapture", {"input": capture})
        return _done(_transaction(payload))

    def _candidates(self, payment: Payment) -> Iterable[Movement]:
        return (
            one
            for one in self._reader.of_order(payment.order)
            if one.kind == "CAPTURE"
            and one.parent == payment.movement.id
            and one.amount == self._command.amount.amount
        )


class Voiding(PaymentChange[VoidPayment]):
    """An authorisation that is set free; one that is free already is as it should be."""

    def _send(self, payment: Payment) -> CommandResult:
        variables = {"parent": gid("OrderTransaction", payment.movement.id)}
        try:
            payload = self._change(documents.VOID, "transactionVoid", variables)
        except RejectedError:
            # Somebody may have been faster.
            found = self.look_up(())
            if found is None:
                raise
            return found
        return _done(_transaction(payload))

    def _candidates(self, payment: Payment) -> Iterable[Movement]:
        return (
            one
            for one in self._reader.of_order(payment.order)
            if one.kind == "VOID" and one.parent == payment.movement.id
        )


def _transaction(payload: Mapping[str, Any]) -> list[Movement]:
    node = payload.get("transaction")
    return movements([node] if node else [])


def _done(made: list[Movement]) -> CommandResult:
    """Return what was made. Raises ``RejectedError`` when the gateway refused it."""
    if not made:
        raise UnknownOutcomeError("The shop did not say which transaction it made.")
    refused = [one.error or one.status for one in made if one.failed]
    if refused:
        raise RejectedError(f"The gateway refused: {', '.join(refused).lower()}.")
    return _result(made)


def _result(made: list[Movement]) -> CommandResult:
    waiting = any(one.status != "SUCCESS" for one in made)
    notes = ("The gateway has not confirmed it yet.",) if waiting else ()
    return CommandResult(tuple(one.id for one in made), notes)


def _amount(wanted: Money, of: Movement) -> str:
    """Return an amount as the API takes it. Raises ``RejectedError`` for another currency."""
    if wanted.currency != of.currency:
        raise RejectedError(
            f"Transaction {of.id} is in {of.currency}: {wanted.currency} cannot be moved by it."
        )
    return format(wanted.amount, "f")
