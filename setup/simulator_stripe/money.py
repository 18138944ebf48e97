"""Fees, taxes on them, and conversion to the currency that is paid out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal

# docs.stripe.com/currencies: decimal places of the numbers in the API, 2 for all others.
PLACES = {
    **dict.fromkeys(
        [
            "bif",
            "clp",
            "djf",
            "gnf",
            "jpy",
            "kmf",
            "krw",
            "mga",
            "pyg",
            "rwf",
            "vnd",
            "vuv",
            "xaf",
            "xof",
            "xpf",
        ],
        0,
    ),
    **dict.fromkeys(["bhd", "jod", "kwd", "omr", "tnd"], 3),
}
# What one unit is worth in euros.
EUROS = {
    "eur": "1", "usd": "0.92", "gbp": "1.17", "jpy": "0.0061", "bhd": "2.44", "huf": "0.0025",
    "isk": "0.0067", "chf": "1.04",
}  # fmt: skip


def whole(amount: Decimal) -> int:
    """Round to a whole number."""
    return int(amount.quantize(Decimal(1), ROUND_HALF_EVEN))


def places(currency: str) -> int:
    """Return the decimal places of a currency's numbers."""
    return PLACES.get(currency, 2)


def amount_of(number: int, currency: str) -> Decimal:
    """Return the amount that a number stands for."""
    return Decimal(number).scaleb(-places(currency))


def rate(source: str, target: str) -> Decimal:
    """Return by what a number of one currency is multiplied to get one of another."""
    units = Decimal(EUROS[source]) / Decimal(EUROS[target])
    return units.scaleb(places(target) - places(source)).quantize(Decimal("0.000001"))


@dataclass(frozen=True)
class Terms:
    """What the account pays and how it is paid out.

    ``settles`` are the currencies it has bank accounts for; all others are converted to the first.
    ``delay`` is days until money can be paid out. ``tax`` is added to fees (0.19 for 19 %).
    """

    settles: tuple[str, ...] = ("eur",)
    percent: Decimal = Decimal("0.015")
    fixed: Mapping[str, int] = field(default_factory=lambda: {"eur": 25, "usd": 30, "gbp": 20})
    tax: Decimal = Decimal(0)
    dispute_fee: int = 2_000
    delay: float = 2

    def settled(self, currency: str) -> str:
        """Return the currency that a charge of another comes to."""
        return currency if currency in self.settles else self.settles[0]

    def fees(self, number: int, currency: str) -> list[dict[str, object]]:
        """Return the fees of a charge of so much, in the balance's currency."""
        fee = whole(number * self.percent) + self.fixed.get(currency, 0)
        return self.taxed(fee, currency, "Stripe processing fees")

    def taxed(self, fee: int, currency: str, text: str) -> list[dict[str, object]]:
        """Return a fee and its tax."""
        parts = [(fee, "stripe_fee", text), (whole(fee * self.tax), "tax", "VAT")]
        return [
            {"amount": number, "application": None, "currency": currency, "description": name,
             "type": kind}
            for number, kind, name in parts if number
        ]  # fmt: skip
