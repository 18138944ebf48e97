"""The connection test: who the shop is, and whether the app may do what we need."""

from collections.abc import Collection

from odoo.addons.retail_connector_base.providers import ConnectionReport, TransientError

from . import documents
from .client import ShopifyClient

# Without these nothing of what is offered works.
NEEDED = ("read_orders", "read_products", "read_customers")
# Without these a part does not, and the person should know which.
WANTED = {
    "read_all_orders": "Orders older than 60 days cannot be read (scope read_all_orders).",
    "read_locations": "Locations cannot be read (scope read_locations).",
    "read_fulfillments": "Fulfilments cannot be read (scope read_fulfillments).",
    "read_inventory": "Stock levels cannot be read (scope read_inventory).",
    "read_shopify_payments_accounts": "The balance of Shopify Payments cannot be read"
    " (scope read_shopify_payments_accounts).",
    "read_shopify_payments_payouts": "Payouts of Shopify Payments cannot be read"
    " (scope read_shopify_payments_payouts).",
    "read_shopify_payments_disputes": "Disputes of Shopify Payments cannot be read"
    " (scope read_shopify_payments_disputes).",
}
# What each flow towards the shop needs.
_PRODUCTS = {"write_products": "Products and prices cannot be published (scope write_products)."}
OUTGOING = {
    "stock_level": {"write_inventory": "Stock cannot be published (scope write_inventory)."},
    "price": _PRODUCTS,
    "product": {
        **_PRODUCTS,
        "write_publications": "New products cannot be shown in the online store"
        " (scope write_publications).",
    },
    "fulfillment": {
        "write_merchant_managed_fulfillment_orders": "Fulfilments cannot be sent"
        " (scope write_merchant_managed_fulfillment_orders).",
    },
    "payment_command": {
        "write_orders": "Payments cannot be captured, voided or given back (scope write_orders).",
    },
}
# The older scope that stands for each of those of Shopify Payments.
_PAYMENTS = "read_shopify_payments"


def report_connection(
    client: ShopifyClient, expected_domain: str, outgoing: Collection[str] = ()
) -> ConnectionReport:
    """Compare the shop and the scopes with what is configured and needed.

    ``outgoing`` are the kinds of the flows towards the shop.
    """
    data = client.execute(documents.CONNECTION)
    shop, installation = data.get("shop"), data.get("currentAppInstallation")
    if not isinstance(shop, dict) or not isinstance(installation, dict):
        raise TransientError("The shop's answer lacks shop or app.")
    granted = {str(scope.get("handle")) for scope in installation.get("accessScopes") or ()}
    # Who may write may read.
    granted |= {f"read_{scope[6:]}" for scope in granted if scope.startswith("write_")}
    if _PAYMENTS in granted:
        granted |= {scope for scope in WANTED if scope.startswith(_PAYMENTS)}
    problems = [f"The scope {scope} is missing." for scope in NEEDED if scope not in granted]
    domain = str(shop.get("myshopifyDomain") or "")
    if domain.lower() != expected_domain.strip().lower():
        problems.append(f"The shop's domain is {domain}, not {expected_domain}.")
    wanted = dict(WANTED)
    for kind in outgoing:
        wanted |= OUTGOING.get(kind, {})
    return ConnectionReport(
        account=str(shop.get("name") or domain),
        details=(
            ("Shop domain", domain),
            ("Currency", str(shop.get("currencyCode") or "")),
            ("Time zone", str(shop.get("ianaTimezone") or "")),
            ("Prices include taxes", "yes" if shop.get("taxesIncluded") else "no"),
            ("Scopes", ", ".join(sorted(granted))),
        ),
        warnings=tuple(text for scope, text in wanted.items() if scope not in granted),
        problems=tuple(problems),
    )
