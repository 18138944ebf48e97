"""Which part of the adapter has a command's effect."""

from collections.abc import Collection

from odoo.addons.retail_connector_base.canonical import (
    CancelFulfillment,
    Command,
    Fulfill,
    UpdateTracking,
)
from odoo.addons.retail_connector_base.providers import CommandResult, UnsupportedError

from .client import ShopifyClient
from .fulfillment import Fulfilling
from .fulfillment_changes import Cancelling, Retracking


def send(client: ShopifyClient, command: Command, known: Collection[str] | None) -> CommandResult:
    """Have a command's effect."""
    if isinstance(command, Fulfill):
        return Fulfilling(client, command).send(known)
    return _change(client, command).send()


def look_up(
    client: ShopifyClient, command: Command, known: Collection[str]
) -> CommandResult | None:
    """Tell whether a command had its effect."""
    if isinstance(command, Fulfill):
        return Fulfilling(client, command).look_up(known)
    return _change(client, command).look_up()


def _change(client: ShopifyClient, command: Command) -> Retracking | Cancelling:
    if isinstance(command, UpdateTracking):
        return Retracking(client, command)
    if isinstance(command, CancelFulfillment):
        return Cancelling(client, command)
    raise UnsupportedError(f"Shopify cannot “{command.kind}”.")
