"""A delivery leaves, or the day ends here: what did not leave must not be counted as gone."""

from collections.abc import Mapping
from typing import Any

from .rpc import Odoo, RpcError

# Validating must not stop to ask about text messages.
QUIETLY = {"skip_sms": True}


def state_of(odoo: Odoo, picking: int) -> str:
    """Return a delivery's state."""
    return odoo.read("stock.picking", [("id", "=", picking)], "state")[0]["state"]


def validate(odoo: Odoo, picking: int, context: Mapping[str, Any]) -> None:
    """Press “Validate”; raise ``RpcError`` unless the delivery is done by that.

    Odoo may answer with a question instead (a form to fill in), and does nothing then.
    """
    _press(odoo, "button_validate", picking, context, "done")


def cancel(odoo: Odoo, picking: int, context: Mapping[str, Any]) -> None:
    """Press “Cancel”; raise ``RpcError`` unless the delivery is cancelled by that."""
    _press(odoo, "action_cancel", picking, context, "cancel")


def _press(odoo: Odoo, button: str, picking: int, context: Mapping[str, Any], wanted: str) -> None:
    answer = odoo.call("stock.picking", button, [picking], context={**context, **QUIETLY})
    state = state_of(odoo, picking)
    if state != wanted:
        raise RpcError(f"{button} left delivery {picking} {state}, and answered {answer}")
