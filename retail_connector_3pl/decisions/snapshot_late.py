"""What of an applied difference was goods that nobody had told of. Values without a database."""

from decimal import Decimal

NOTHING = Decimal(0)


def taken_back(applied: Decimal, late: Decimal, differs: Decimal) -> Decimal:
    """Return the units by which an applied difference is put right.

    ``applied`` is what the count changed in the stock, ``late`` what documents moved since that had
    left or come before the count, ``differs`` what the count and Odoo differ by now. Only what went
    the same way twice is taken back: never more than was applied, told late, or differs.
    """
    if applied * late <= 0 or applied * differs >= 0:
        return NOTHING
    units = min(abs(applied), abs(late), abs(differs))
    return units if applied < 0 else -units
