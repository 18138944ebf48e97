"""The connection test: whose account it is, whether the key is of the right mode and may read.

Source: docs.stripe.com/keys: secret keys begin with ``sk_``, restricted ones with ``rk_``. What a
restricted key may write shows only with use.
"""

from typing import Any

from odoo.addons.retail_connector_base.providers import (
    AuthenticationError,
    Balance,
    ConnectionReport,
    TransientError,
)
from odoo.addons.retail_connector_base.providers.reading import understood

from .amounts import to_amount
from .client import StripeClient
from .node import Node

# What nothing works without, and what a part does not work without.
NEEDED = ("charges", "refunds", "events", "payouts", "balance_transactions")
WANTED = {
    "disputes": "Disputes cannot be read.",
    "payment_intents": "Authorisations cannot be read, captured or set free.",
    "webhook_endpoints": "The webhook cannot be set up from here: make it in the Dashboard.",
}


def report_connection(client: StripeClient, key: str, mode: str) -> ConnectionReport:
    """Ask Stripe who we are, and try what the key may read."""
    account = _account(client)
    missing = [name for name in (*NEEDED, *WANTED) if not _may_read(client, name)]
    problems = [f"The key may not read {name}." for name in missing if name in NEEDED]
    warnings = [f"{WANTED[name]} ({name})" for name in missing if name in WANTED]
    if f"_{mode}_" not in key[:12]:
        problems.append(f"The key is not one of the {mode} mode.")
    if key.startswith("rk_"):
        warnings.append("What a restricted key may write shows only with use.")
    if account and not account.get("payouts_enabled", True):
        warnings.append("Payouts are not enabled for the account.")
    return ConnectionReport(
        account=_name(account),
        details=(
            ("Account", str(account.get("id") or "")),
            ("Country", str(account.get("country") or "")),
            ("Settlement currency", str(account.get("default_currency") or "").upper()),
            ("Mode", mode),
            ("API version", client.version),
        ),
        warnings=tuple(warnings),
        problems=tuple(problems),
    )


def read_balance(client: StripeClient) -> tuple[Balance, ...]:
    """Return what Stripe holds for us, by currency."""
    answer = Node(client.get("balance"), "balance")
    available, pending = (
        understood(lambda part=part: _by_currency(answer, part))
        for part in ("available", "pending")
    )
    return tuple(
        Balance(
            currency,
            to_amount(available.get(currency, 0), currency),
            to_amount(pending.get(currency, 0), currency),
        )
        for currency in sorted({*available, *pending})
    )


def _by_currency(answer: Node, part: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for entry in answer.children(part):
        found[entry.code()] = found.get(entry.code(), 0) + entry.count("amount")
    return found


def _account(client: StripeClient) -> dict[str, Any]:
    """Return the account, empty where a restricted key may not read it."""
    try:
        return client.get("account")
    except AuthenticationError as error:
        if error.status == 403:
            return {}
        raise


def _name(account: dict[str, Any]) -> str:
    """Return what people call the account."""
    profile = account.get("business_profile")
    dashboard = (account.get("settings") or {}).get("dashboard") or {}
    name = profile.get("name") if isinstance(profile, dict) else None
    return str(name or dashboard.get("display_name") or account.get("id") or "Stripe")


def _may_read(client: StripeClient, name: str) -> bool:
    try:
        client.get(name, limit=1)
    except AuthenticationError as error:
        if error.status == 403:
            return False
        raise
    except TransientError:
        return True
    return True
