"""What customers want, and how they pay."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Wanted:
    """A position: a variation of the catalogue, or (``None``) an amount that is typed in.

    ``taxes`` and ``discounts`` name taxes and discounts of the seller; ``None``: the item's own.
    """

    variation: str | None
    quantity: str | int = 1
    price: int | None = None
    name: str = "Custom amount"
    taxes: tuple[str, ...] | None = None
    discounts: tuple[str, ...] = ()
    modifiers: tuple[tuple[str, int], ...] = ()
    gift_card: str | None = None


@dataclass(frozen=True)
class Charged:
    """A service charge: a percentage or an amount, taxed, shared out among the lines or not."""

    name: str = "Service"
    percentage: str | None = None
    amount: int = 0
    taxes: tuple[str, ...] = ()
    apportioned: bool = False


@dataclass(frozen=True)
class Pays:
    """A payment by a type of tender; ``amount`` of ``None`` is all that is left.

    ``given`` is the cash that the customer hands over. ``outside`` is the type of a payment that
    Square only writes down. ``gift_card`` is the number of a card.
    """

    kind: str = "CARD"
    amount: int | None = None
    given: int | None = None
    tip: int = 0
    outside: str | None = None
    gift_card: str | None = None
    status: str = field(default="COMPLETED")
