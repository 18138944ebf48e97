"""Which command is carried out by what, and how its outcome is found."""

from odoo.addons.retail_connector_base.canonical import (
    AnnounceReceipt,
    AnnounceReturn,
    CancelAnnouncement,
    CancelRelease,
    CancelReturn,
    ChangeRelease,
    Command,
    ReleaseOrder,
)
from odoo.addons.retail_connector_base.providers import CommandResult, UnsupportedError

from . import announcing, changing, releasing
from .client import ShipBobClient


def send(client: ShipBobClient, command: Command) -> CommandResult:
    """Have a command's effect, in our channel."""
    client.require_channel()
    if isinstance(command, ReleaseOrder):
        return releasing.release(client, command)
    if isinstance(command, ChangeRelease):
        return changing.change(client, command)
    if isinstance(command, CancelRelease):
        return changing.cancel(client, command)
    if isinstance(command, AnnounceReceipt):
        return announcing.announce_receipt(client, command)
    if isinstance(command, CancelAnnouncement):
        return announcing.cancel_announcement(client, command)
    if isinstance(command, AnnounceReturn):
        return announcing.announce_return(client, command)
    if isinstance(command, CancelReturn):
        return announcing.cancel_return(client, command)
    raise _unsupported(command)


def look_up(client: ShipBobClient, command: Command) -> CommandResult | None:
    """Tell whether a command had its effect, ``None`` if it may be sent (again)."""
    if isinstance(command, ReleaseOrder):
        return releasing.look_up_release(client, command)
    if isinstance(command, ChangeRelease):
        # The same change twice is one change.
        return None
    if isinstance(command, CancelRelease):
        return changing.look_up_cancel(client, command)
    if isinstance(command, AnnounceReceipt):
        return announcing.look_up_receipt(client, command.reference)
    if isinstance(command, CancelAnnouncement):
        return announcing.look_up_cancelled(client, command.announcement_external_id)
    if isinstance(command, AnnounceReturn):
        return announcing.look_up_return(client, command)
    if isinstance(command, CancelReturn):
        return announcing.look_up_cancelled_return(client, command.announcement_external_id)
    raise _unsupported(command)


def _unsupported(command: Command) -> UnsupportedError:
    return UnsupportedError(f"ShipBob cannot “{command.kind}”.")
