"""Whether a channel's tax amounts are what a tax of Odoo computes."""

from decimal import Decimal

# Odoo computes with binary floats: half a minor unit may come out a trifle larger.
FLOAT_NOISE = Decimal("0.0000001")


def tax_key(
    title: str, rate: Decimal, included: bool, country: str | None, channel_liable: bool = False
) -> str:
    """Return the word by which a tax of a channel is mapped, e.g. ``VAT|0.19|included|DE``.

    ``country`` is that of the delivery. What the channel itself pays to the state is another word:
    it is no debt of the merchant.
    """
    parts = [
        title.strip(),
        format(rate.normalize(), "f"),
        "included" if included else "excluded",
        country or "",
    ]
    return "|".join([*parts, "channel"] if channel_liable else parts)


def is_rounding_of(amount: Decimal, exact: Decimal, unit: Decimal) -> bool:
    """Tell whether ``amount`` is ``exact`` rounded to the minor unit, whichever way a half goes."""
    return abs(amount - exact) <= unit / 2 + FLOAT_NOISE


def is_exempt(amount: Decimal, exact: Decimal, unit: Decimal) -> bool:
    """Tell whether a tax is named but was not charged: its rate would have given money."""
    return amount == 0 and abs(exact) >= unit
