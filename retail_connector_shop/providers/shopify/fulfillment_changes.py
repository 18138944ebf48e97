"""Changes of fulfilments that the shop has already: their tracking, their cancellation."""

from odoo.addons.retail_connector_base.canonical import CancelFulfillment, UpdateTracking
from odoo.addons.retail_connector_base.providers import CommandResult, RejectedError

from . import documents_fulfillment as documents
from .client import ShopifyClient
from .fulfillment import change_once
from .fulfillment_read import CANCELLED, FulfillmentReader, Parcel
from .gid import gid
from .tracking import is_tracked_so, tracking_input


class Retracking:
    """A correction of one fulfilment's parcels."""

    def __init__(self, client: ShopifyClient, command: UpdateTracking) -> None:
        self._client = client
        self._command = command

    def send(self) -> CommandResult:
        """Write it unless it is so: the customer is not told twice."""
        found = self.look_up()
        if found:
            return found
        command = self._command
        variables = {
            "id": gid("Fulfillment", command.fulfillment_external_id),
            "tracking": tracking_input(command.carrier, command.trackings) or {"numbers": []},
            "notify": command.notify_customer,
        }
        name = "fulfillmentTrackingInfoUpdate"
        return CommandResult((change_once(self._client, documents.TRACK, name, variables),))

    def look_up(self) -> CommandResult | None:
        """Tell whether the fulfilment shows the parcels already."""
        command = self._command
        parcel = _existing(self._client, command.fulfillment_external_id)
        same = is_tracked_so(parcel, command.carrier, command.trackings)
        return CommandResult((parcel.id,)) if same else None


class Cancelling:
    """One fulfilment that is taken back."""

    def __init__(self, client: ShopifyClient, command: CancelFulfillment) -> None:
        self._client = client
        self._number = command.fulfillment_external_id

    def send(self) -> CommandResult:
        """Cancel it; one that is cancelled already is as it should be."""
        found = self.look_up()
        if found:
            return found
        variables = {"id": gid("Fulfillment", self._number)}
        try:
            change_once(self._client, documents.CANCEL, "fulfillmentCancel", variables)
        except RejectedError:
            # Somebody may have been faster.
            if not self.look_up():
                raise
        return CommandResult((self._number,))

    def look_up(self) -> CommandResult | None:
        """Tell whether the fulfilment is cancelled."""
        parcel = _existing(self._client, self._number)
        return CommandResult((self._number,)) if parcel.status == CANCELLED else None


def _existing(client: ShopifyClient, number: str) -> Parcel:
    parcel = FulfillmentReader(client).parcel(number)
    if parcel is None:
        raise RejectedError(f"The shop has no fulfilment {number}.")
    return parcel
