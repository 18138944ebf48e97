"""Who rounds what is paid: Odoo's own cash rounding, or a line of the order."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class CashRounding:
    """How a point of sale rounds: to multiples of ``step``, up, down or half up; ``only_cash``
    where other tenders are exact."""

    step: Decimal
    half_up: bool
    only_cash: bool

    @property
    def most(self) -> Decimal:
        """The largest difference that Odoo takes for a rounding."""
        return self.step / 2 if self.half_up else self.step


def odoo_rounds(rounding: Decimal, own: CashRounding | None, has_cash: bool) -> bool:
    """Tell whether Odoo would take ``rounding`` (an amount of money) for its own."""
    if not rounding:
        return True
    if own is None or (own.only_cash and not has_cash):
        return False
    return abs(rounding) <= own.most
