"""Days that do not tie are signed by an accountant, who says why."""

from .quiet import wait_for
from .rpc import Odoo

REASON = "Counted twice: the drawer is short."
# What will be decided without anybody.
MOVING = ("reported", "closing")


def sign_days(controller: Odoo, backend: int) -> list[str]:
    """Sign what differs of an estate's days; return the names of the days."""
    domain = [("backend_id", "=", backend), ("state", "=", "different")]
    rows = controller.read("retail.pos.day", domain, "display_name")
    for row in rows:
        shown = controller.call("retail.pos.day", "action_sign", [row["id"]])
        values = {"day_id": row["id"], "reason": REASON}
        wizard = controller.create("retail.pos.sign", values, **shown["context"])
        controller.call("retail.pos.sign", "action_sign", [wizard])
    return [row["display_name"] for row in rows]


def wait_until_decided(odoo: Odoo, backend: int, seconds: float) -> bool:
    """Wait until every day that was reported is closed, or is for a person."""
    domain = [("backend_id", "=", backend), ("state", "in", MOVING)]
    return wait_for(
        lambda: not odoo.call("retail.pos.day", "search_count", domain), seconds, "the closing"
    )
