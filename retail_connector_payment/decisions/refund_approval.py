"""Whether one person may give money back alone."""

from decimal import Decimal


def needs_second_person(threshold: Decimal, alone_before: Decimal, amount: Decimal) -> bool:
    """Tell whether somebody else has to approve. Amounts are in the company's currency.

    ``alone_before`` is what the same person gave back alone of the same order: an amount does not
    become smaller by asking for it in parts. A ``threshold`` of 0 always asks for a second person.
    """
    return threshold <= 0 or alone_before + amount > threshold
