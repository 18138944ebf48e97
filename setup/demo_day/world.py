"""The two brands of the demonstration: where they are, what they charge, how their shops work."""

from dataclasses import dataclass, field
from typing import Any

from simulator import AppSettings


@dataclass(frozen=True)
class Brand:
    """A company with one brand and one shop.

    ``taxes_included`` tells whether the shop's prices contain tax. ``taxes`` are the titles and
    rates (fractions) of all that an administrator would map before going live.
    """

    company: str
    name: str
    country: str
    currency: str
    taxes_included: bool
    domain: str
    timezone: str
    app: AppSettings
    taxes: tuple[tuple[str, str], ...] = field(default=())

    def shop_options(self) -> dict[str, Any]:
        """Return the arguments of the brand's simulated shop."""
        return {
            "domain": self.domain,
            "currency": self.currency,
            "taxes_included": self.taxes_included,
            "timezone_name": self.timezone,
        }


def _app(name: str) -> AppSettings:
    return AppSettings(f"{name}-client", f"{name}-secret-of-a-simulator", (f"shpat_{name}",))


# The first takes the company that a new database has, which is American.
BRANDS = (
    Brand(
        "Sunset Goods Inc.", "Sunset", "US", "USD", False,
        "sunset-goods.myshopify.com", "America/Los_Angeles", _app("sunset"),
        (("California State Tax", "0.0725"), ("California State Tax", "0.06"),
         ("Los Angeles County Tax", "0.0225")),
    ),
    Brand(
        "Nordlicht Handel GmbH", "Nordlicht", "DE", "EUR", True,
        "nordlicht.myshopify.com", "Europe/Berlin", _app("nordlicht"),
        (("DE MwSt", "0.19"), ("DE MwSt", "0.07"), ("Tourism levy", "0.02")),
    ),
)  # fmt: skip

# A second shop of the first company: it sells the same goods from the same shelves.
OUTLET = Brand(
    "Sunset Goods Inc.", "Sunset Outlet", "US", "USD", False,
    "sunset-outlet.myshopify.com", "America/Los_Angeles", _app("outlet"), BRANDS[0].taxes,
)  # fmt: skip
