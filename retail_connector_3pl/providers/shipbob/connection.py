"""The connection test: which channels the token has, and what it may do in ours.

Source: ``GET /channel``; developer.shipbob.com/quickstart: orders and returns are made in the
channel whose scopes end with ``_write``.
"""

from collections.abc import Sequence

from odoo.addons.retail_connector_base.providers import ConnectionReport, ProviderContext

from .client import VERSION, Row, ShipBobClient, environment
from .releasing import STANDARD
from .signature import SECRET
from .warehouses import read_warehouses

# What nothing works without, and what a part does not work without.
NEEDED = {"orders_read": "Orders cannot be read.", "orders_write": "Orders cannot be released."}
WANTED = {
    "inventory_read": "Stock cannot be compared, and nothing can be announced.",
    "receiving_read": "What suppliers delivered cannot be read.",
    "receiving_write": "Suppliers' deliveries cannot be announced.",
    "returns_read": "Returns cannot be read.",
    "returns_write": "Returns cannot be announced.",
    "products_read": "Products cannot be read.",
    "locations_read": "The fulfilment centres cannot be listed.",
    "webhooks_write": "The webhook cannot be set up from here.",
}


def report_connection(context: ProviderContext) -> ConnectionReport:
    """Ask ShipBob which channels there are, and check what ours may do."""
    client = ShipBobClient(context)
    channels = client.every("channel", RecordsPerPage=100)
    named = (context.settings.get("channel_id") or "").strip()
    ours = next((row for row in channels if str(row.get("id")) == named), None)
    warnings, problems = _secret(context), []
    if ours is None:
        problems.append(_choose(channels))
    else:
        scopes = frozenset(map(str, ours.get("scopes") or ()))
        problems += [f"{text} ({name})" for name, text in NEEDED.items() if name not in scopes]
        warnings += [f"{text} ({name})" for name, text in WANTED.items() if name not in scopes]
        warnings += _methods(client)
    places = read_warehouses(client) if ours else ()
    return ConnectionReport(
        account=str((ours or {}).get("name") or "ShipBob"),
        details=(
            ("Channel", named),
            ("Application", str((ours or {}).get("application_name") or "")),
            ("Fulfilment centres", ", ".join(place.name for place in places[:10])),
            ("Environment", environment(context)),
            ("API version", VERSION),
        ),
        warnings=tuple(warnings),
        problems=tuple(problems),
    )


def _choose(channels: Sequence[Row]) -> str:
    """Return what to enter: the channels that orders can be made in."""
    may = [
        f"{row.get('id')} ({row.get('name')})" for row in channels
        if "orders_write" in (row.get("scopes") or ())
    ]  # fmt: skip
    if not may:
        return "The token has no channel that orders could be released to."
    return f"Enter the channel in the settings. The token may write to: {', '.join(may)}."


def _secret(context: ProviderContext) -> list[str]:
    secrets = context.secrets.get("webhook_secret") or ("",)
    if SECRET.fullmatch(secrets[0]):
        return []
    return [
        "Events are refused: the webhook secret is not “whsec_” and 32 letters, digits, + or /."
    ]


def _methods(client: ShipBobClient) -> list[str]:
    """Warn where the shipping option of the settings is not one of ShipBob's."""
    wanted = (client.settings.get("shipping_method") or "").strip() or STANDARD
    names = {
        str(row.get("name")).lower()
        for _number, rows in client.numbered("shipping-method")
        for row in rows if row.get("active", True)
    }  # fmt: skip
    if not names or wanted.lower() in names:
        return []
    return [f"ShipBob has no shipping option “{wanted}”: map it there, or enter another."]
