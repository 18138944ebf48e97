"""What Odoo says when goods do not move, and otherwise keeps to itself."""

from odoo.exceptions import UserError

# Context key: goods of tickets move just now; its value collects what Odoo swallows meanwhile.
MOVING = "retail_pos_moving"
# Context key: reserving waits until all moves of a picking can reserve at once.
LATER = "retail_pos_reserve_later"


class GoodsNotMovedError(UserError):
    """A picking of tickets that Odoo left undone; its message is fit for a person."""


class Swallowed:
    """The reasons for which Odoo left pickings undone, the newest last."""

    def __init__(self) -> None:
        self.reasons: list[str] = []

    def last(self) -> str:
        """Return the newest reason; nothing when Odoo named none."""
        return self.reasons[-1] if self.reasons else ""
