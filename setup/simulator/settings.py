"""What a shop and the app installed in it are called and may do."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from .places import FIRST_LOCATION

API_VERSION = "2026-04"
SCOPES = (
    "read_products", "write_products", "read_inventory", "write_inventory", "read_customers",
    "write_customers", "read_merchant_managed_fulfillment_orders",
    "write_merchant_managed_fulfillment_orders", "read_orders", "write_orders", "read_all_orders",
    "read_draft_orders", "read_fulfillments", "write_fulfillments", "read_locations",
    "read_returns", "read_publications", "write_publications", "read_files", "write_files",
    "read_shopify_payments_accounts", "read_shopify_payments_payouts",
    "read_shopify_payments_disputes",
)  # fmt: skip


@dataclass(frozen=True)
class ShopSettings:
    """The settings of a shop."""

    domain: str
    timezone_name: str
    location_id: int = FIRST_LOCATION

    @property
    def name(self) -> str:
        """The shop's name."""
        return self.domain.split(".")[0].replace("-", " ").title()

    def local(self, moment: datetime) -> str:
        """Write a moment in the shop's own time zone, as webhooks do."""
        return moment.astimezone(ZoneInfo(self.timezone_name)).isoformat(timespec="seconds")


def utc(moment: datetime) -> str:
    """Write a moment (UTC) as the API does."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True)
class AppSettings:
    """The app's credentials; the client secret also signs webhooks."""

    client_id: str = "simulated-client-id"
    client_secret: str = "simulated-client-secret"
    fixed_tokens: tuple[str, ...] = ("shpat_simulated_fixed_token",)
    scopes: tuple[str, ...] = SCOPES
    token_lifetime: float = 86_399
