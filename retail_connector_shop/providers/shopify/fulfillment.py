"""Tells the shop that goods left, corrects how they can be followed, and takes it back.

Source: shopify.dev, ``fulfillmentCreate``, ``fulfillmentTrackingInfoUpdate``,
``fulfillmentCancel`` (2026-04). None of them knows an idempotency key: what became of a request
without an answer is looked up, by tracking numbers and lines.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from odoo.addons.retail_connector_base.canonical import Fulfill
from odoo.addons.retail_connector_base.providers import (
    CommandResult,
    ConnectorError,
    RejectedError,
    TransientError,
    UnknownOutcomeError,
)

from . import documents_fulfillment as documents
from .client import Operation, ShopifyClient
from .fulfillment_allocation import Consignment, allocate
from .fulfillment_read import FulfillmentReader, Parcel
from .gid import gid, number_of
from .tracking import tracking_input
from .user_errors import payload_of, require_none, user_errors


def change_once(
    client: ShopifyClient, operation: Operation, name: str, variables: Mapping[str, Any]
) -> str:
    """Execute a mutation that must not be repeated blindly; return the fulfilment's id.

    Raises ``UnknownOutcomeError`` for every failure after which it may have had its effect.
    """
    try:
        payload = payload_of(client.execute(operation, variables), name)
        require_none(user_errors(payload))
        return number_of((payload.get("fulfillment") or {}).get("id"))
    except TransientError as error:
        raise UnknownOutcomeError(str(error), error.retry_after) from error


class Fulfilling:
    """One shipment on its way to the shop."""

    def __init__(self, client: ShopifyClient, command: Fulfill) -> None:
        self._client = client
        self._command = command
        self._reader = FulfillmentReader(client)
        self._wanted = wanted_units(command)
        self._elsewhere: list[str] = []

    def send(self, known: Collection[str] | None) -> CommandResult:
        """Make the fulfilments that are still lacking.

        Without ``known`` only fulfilments with our tracking numbers count as ours: others of the
        same lines may be those of another shipment.
        """
        made = self._made(known)
        left = self._wanted - sum((parcel.units for parcel in made), Counter())
        found, new = [parcel.id for parcel in made], []
        if left:
            try:
                self._ship(left, new)
            except RejectedError:
                if new:
                    raise
                # The order may have been split, moved or held since it was read.
                self._ship(left, new)
        return CommandResult((*found, *new), self._notes(len(found) + len(new)))

    def look_up(self, known: Collection[str]) -> CommandResult | None:
        """Return the fulfilments of this shipment once they are all there."""
        made = self._made(known)
        if self._wanted - sum((parcel.units for parcel in made), Counter()):
            return None
        return CommandResult(tuple(parcel.id for parcel in made), self._notes(len(made)))

    def _ship(self, units: Counter[str], new: list[str]) -> None:
        """Make one fulfilment for each location; their ids are added to ``new``."""
        command = self._command
        orders = self._reader.orders(command.order_external_id)
        for consignment in allocate(units, orders, command.location_external_id):
            if command.location_external_id not in (None, consignment.location):
                self._elsewhere.append(consignment.location)
            new.append(self._create(consignment, begun=bool(new)))

    def _notes(self, count: int) -> tuple[str, ...]:
        """Say what a person should know of how the shop keeps the shipment."""
        notes = [
            f"The shop took units from its location {location}, which is not where they left."
            for location in dict.fromkeys(self._elsewhere)
        ]
        if count > 1:
            notes.append(f"The shop keeps the shipment as {count} fulfilments.")
        return tuple(notes)

    def _made(self, known: Collection[str] | None) -> list[Parcel]:
        """Return the fulfilments that are this shipment's: same parcels, and lines that fit."""
        order = self._command.order_external_id
        numbers = frozenset(tracking.number for tracking in self._command.trackings)
        if known is None and not numbers:
            self._reader.parcel_ids(order)
            return []
        left, made = Counter(self._wanted), []
        for parcel in self._reader.parcels(order, known or ()):
            if parcel.numbers == numbers and parcel.units and parcel.units <= left:
                left -= parcel.units
                made.append(parcel)
        return made

    def _create(self, consignment: Consignment, begun: bool) -> str:
        fulfillment: dict[str, Any] = {
            "notifyCustomer": self._command.notify_customer,
            "lineItemsByFulfillmentOrder": [
                {
                    "fulfillmentOrderId": gid("FulfillmentOrder", order),
                    "fulfillmentOrderLineItems": [
                        {"id": gid("FulfillmentOrderLineItem", part), "quantity": units}
                        for part, units in parts.items()
                    ],
                }
                for order, parts in consignment.units.items()
            ],
        }
        tracking = tracking_input(self._command.carrier, self._command.trackings)
        if tracking:
            fulfillment["trackingInfo"] = tracking
        variables = {"fulfillment": fulfillment}
        try:
            return change_once(self._client, documents.FULFILL, "fulfillmentCreate", variables)
        except ConnectorError as error:
            if not begun:
                raise
            text = f"A part of the shipment was sent, the rest not: {error}"
            raise UnknownOutcomeError(text, error.retry_after) from error


def wanted_units(command: Fulfill) -> Counter[str]:
    """Return the units to ship by line of the order. Raises ``RejectedError`` for fractions."""
    units: Counter[str] = Counter()
    for line in command.lines:
        if line.quantity <= 0 or line.quantity != int(line.quantity):
            raise RejectedError(
                f"Only whole units can be fulfilled: line {line.order_line_external_id},"
                f" quantity {line.quantity}."
            )
        units[line.order_line_external_id] += int(line.quantity)
    if not units:
        raise RejectedError("The shipment has no lines.")
    return units
