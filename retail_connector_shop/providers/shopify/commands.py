"""Which part of the adapter has a command's effect."""

from collections.abc import Collection

from odoo.addons.retail_connector_base.canonical import (
    CancelFulfillment,
    CapturePayment,
    Command,
    Fulfill,
    RefundPayment,
    ReportDelivery,
    UpdateTracking,
    VoidPayment,
)
from odoo.addons.retail_connector_base.providers import CommandResult, UnsupportedError

from .client import ShopifyClient
from .delivery_events import Reporting
from .fulfillment import Fulfilling
from .fulfillment_changes import Cancelling, Retracking
from .payment_commands import Capturing, PaymentChange, Refunding, Voiding


def send(
    client: ShopifyClient, command: Command, key: str, known: Collection[str] | None
) -> CommandResult:
    """Have a command's effect."""
    doer = _doer(client, command, key)
    return doer.send() if isinstance(doer, _OF_ONE_STATE) else doer.send(known)


def look_up(
    client: ShopifyClient, command: Command, key: str, known: Collection[str]
) -> CommandResult | None:
    """Tell whether a command had its effect."""
    doer = _doer(client, command, key)
    return doer.look_up() if isinstance(doer, _OF_ONE_STATE) else doer.look_up(known)


# What they make is a state of something that exists: no other command's work looks like it.
_OF_ONE_STATE = (Retracking, Cancelling, Reporting)
_PAYMENTS: dict[type[Command], type[PaymentChange]] = {
    RefundPayment: Refunding,
    CapturePayment: Capturing,
    VoidPayment: Voiding,
}


def _doer(
    client: ShopifyClient, command: Command, key: str
) -> Fulfilling | Retracking | Cancelling | Reporting | PaymentChange:
    if isinstance(command, Fulfill):
        return Fulfilling(client, command)
    if isinstance(command, UpdateTracking):
        return Retracking(client, command)
    if isinstance(command, CancelFulfillment):
        return Cancelling(client, command)
    if isinstance(command, ReportDelivery):
        return Reporting(client, command)
    change = _PAYMENTS.get(type(command))
    if change is None:
        raise UnsupportedError(f"Shopify cannot “{command.kind}”.")
    return change(client, command, key)
