"""The balance of a card: never below zero, and the same in whatever order its changes come."""

from dataclasses import dataclass
from decimal import Decimal

# Points are kept as binary floats by Odoo: this takes the noise away and keeps every amount.
DIGITS = Decimal("0.000001")


def exact(value: float | Decimal) -> Decimal:
    """Return what a stored float stands for."""
    return Decimal(str(value)).quantize(DIGITS)


@dataclass(frozen=True)
class Balance:
    """What is on a card, and what was spent beyond it while a register could not ask.

    Only one of the two is not zero: what is charged later first pays what was overdrawn.
    """

    points: Decimal = Decimal(0)
    overdrawn: Decimal = Decimal(0)

    @property
    def net(self) -> Decimal:
        """All that was charged less all that was spent."""
        return self.points - self.overdrawn

    def after(self, change: Decimal) -> "Balance":
        """Return the balance after points came (positive) or went (negative)."""
        net = self.net + change
        return Balance(max(net, Decimal(0)), max(-net, Decimal(0)))
