"""Shows customers where the parcels of a fulfilment are.

Source: shopify.dev, ``fulfillmentEventCreate`` and ``Fulfillment.events`` (2026-04). Events have no
key of ours: each state is told once for a fulfilment, so one of the same state is this command's.
"""

from typing import Any

from odoo.addons.retail_connector_base.canonical import ReportDelivery
from odoo.addons.retail_connector_base.canonical.parcel_tracking import TrackingState
from odoo.addons.retail_connector_base.providers import (
    CommandResult,
    RejectedError,
    TransientError,
    UnknownOutcomeError,
)

from . import documents_fulfillment as documents
from .client import ShopifyClient
from .gid import gid, number_of
from .user_errors import payload_of, require_none, user_errors

STATUS: dict[TrackingState, str] = {
    TrackingState.IN_TRANSIT: "IN_TRANSIT",
    TrackingState.OUT_FOR_DELIVERY: "OUT_FOR_DELIVERY",
    TrackingState.READY_FOR_PICKUP: "READY_FOR_PICKUP",
    TrackingState.ATTEMPTED: "ATTEMPTED_DELIVERY",
    TrackingState.DELIVERED: "DELIVERED",
    TrackingState.FAILED: "FAILURE",
}


class Reporting:
    """One state of a fulfilment's parcels."""

    def __init__(self, client: ShopifyClient, command: ReportDelivery) -> None:
        self._client = client
        self._command = command

    def send(self) -> CommandResult:
        """Tell it unless it was told."""
        found = self.look_up()
        if found:
            return found
        try:
            answer = self._client.execute(documents.REPORT, {"event": self._event()})
            payload = payload_of(answer, "fulfillmentEventCreate")
            require_none(user_errors(payload))
            made = number_of((payload.get("fulfillmentEvent") or {}).get("id"))
        except TransientError as error:
            raise UnknownOutcomeError(str(error), error.retry_after) from error
        return CommandResult((made,))

    def look_up(self) -> CommandResult | None:
        """Tell whether the fulfilment shows this state."""
        number = self._command.fulfillment_external_id
        variables = {"id": gid("Fulfillment", number)}
        node = self._client.execute(documents.REPORTED, variables).get("fulfillment")
        if not node:
            raise RejectedError(f"The shop has no fulfilment {number}.")
        for event in (node.get("events") or {}).get("nodes") or ():
            if event.get("status") == self._status():
                return CommandResult((number_of(event.get("id")),))
        return None

    def _status(self) -> str:
        status = STATUS.get(self._command.state)
        if status is None:
            raise RejectedError(f"The shop has no word for “{self._command.state.value}”.")
        return status

    def _event(self) -> dict[str, Any]:
        command = self._command
        moments = {
            "happenedAt": command.occurred_at,
            "estimatedDeliveryAt": command.expected_at,
        }
        told = {name: moment.isoformat() for name, moment in moments.items() if moment}
        fulfillment = gid("Fulfillment", command.fulfillment_external_id)
        return {"fulfillmentId": fulfillment, "status": self._status(), **told}
