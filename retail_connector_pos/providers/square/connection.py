"""The connection test: whose account it is, and what the token may read.

Source: developer.squareup.com/docs/oauth-api/square-permissions. What it may write shows with use.
"""

from collections.abc import Callable

from odoo.addons.retail_connector_base.providers import (
    AuthenticationError,
    ConnectionReport,
    TransientError,
)

from .client import Row, SquareClient

Try = Callable[[SquareClient, str], object]

# What nothing works without, and what a part does not work without.
NEEDED: dict[str, Try] = {
    "orders": lambda client, place: client.post(
        "orders", "search", body={"location_ids": [place], "limit": 1}
    ),
    "payments": lambda client, place: client.get("payments", location_id=place, limit=1),
    "refunds": lambda client, place: client.get("refunds", limit=1),
}
WANTED: dict[str, tuple[str, Try]] = {
    "cash drawers": (
        "Day reports cannot be read.",
        lambda client, place: client.get("cash-drawers", "shifts", location_id=place, limit=1),
    ),
    "payouts": (
        "Payouts cannot be read.",
        lambda client, place: client.get("payouts", location_id=place, limit=1),
    ),
    "disputes": ("Disputes cannot be read.", lambda client, place: client.get("disputes")),
    "items": (
        "Items cannot be read, nor fed.",
        lambda client, place: client.get("catalog", "list", types="TAX"),
    ),
    "inventory": (
        "Stock cannot be read, nor published.",
        lambda client, place: client.post(
            "inventory", "counts", "batch-retrieve", body={"location_ids": [place], "limit": 1}
        ),
    ),
    "devices": ("Registers are known by their payments only.", lambda c, p: c.get("devices")),
    "webhook subscriptions": (
        "The webhook cannot be set up from here: make it in the Developer Console.",
        lambda client, place: client.get("webhooks", "subscriptions", limit=1),
    ),
}


def report_connection(client: SquareClient, environment: str) -> ConnectionReport:
    """Ask Square who we are, and try what the token may read."""
    merchant = _merchant(client)
    places = client.get("locations").get("locations") or []
    place = str(merchant.get("main_location_id") or (places[0].get("id") if places else ""))
    problems = [
        f"The token may not read {name}."
        for name, ask in NEEDED.items()
        if not _may(client, place, ask)
    ]
    warnings = [
        f"{text} ({name})" for name, (text, ask) in WANTED.items() if not _may(client, place, ask)
    ]
    zoneless = [str(row.get("name")) for row in places if not row.get("timezone")]
    warnings += [f"The location “{name}” has no time zone: UTC is taken." for name in zoneless]
    if not places:
        problems.append("The account has no location.")
    return ConnectionReport(
        account=str(merchant.get("business_name") or merchant.get("id") or "Square"),
        details=(
            ("Merchant", str(merchant.get("id") or "")),
            ("Country", str(merchant.get("country") or "")),
            ("Currency", str(merchant.get("currency") or "")),
            ("Locations", str(len(places))),
            ("Environment", environment),
            ("API version", client.version),
        ),
        warnings=tuple(warnings),
        problems=tuple(problems),
    )


def _merchant(client: SquareClient) -> Row:
    """Return the seller, empty where the token may not read its profile."""
    try:
        rows = client.get("merchants").get("merchant") or []
    except AuthenticationError as error:
        if error.status == 403:
            return {}
        raise
    return rows[0] if rows else {}


def _may(client: SquareClient, place: str, ask: Try) -> bool:
    try:
        ask(client, place)
    except AuthenticationError as error:
        if error.status in (401, 403):
            return False
        raise
    except TransientError:
        return True
    return True
