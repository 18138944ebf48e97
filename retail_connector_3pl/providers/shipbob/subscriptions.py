"""The webhook subscription: one for all our events, made, repaired, and its doubles removed.

Source: ``POST /webhook`` (``CreateSubscriptionRequest``), ``GET``, ``DELETE``. The secret is ours:
the one that is entered in Odoo signs from the beginning. It is not shown again, so the description
says which one it is, by a digest. A subscription cannot be changed: another one is made before it
is deleted, so that nothing is missed; what comes twice is one event's second delivery, and shows
the same state.
"""

import hashlib
from collections.abc import Sequence
from urllib.parse import urlsplit

from odoo.addons.retail_connector_base.providers import (
    ConfigurationError,
    SubscriptionReport,
)

from .client import Row, ShipBobClient
from .signature import SECRET

PATH = "webhook"
NAME = "Odoo"
_PAGE = 100


def synchronise(
    client: ShipBobClient, url: str, topics: Sequence[str], secrets: Sequence[str]
) -> SubscriptionReport:
    """Make one subscription send our topics to ``url``; a second run changes nothing."""
    secret = secrets[0] if secrets else ""
    if not SECRET.fullmatch(secret):
        raise ConfigurationError(
            "Enter the webhook secret first: “whsec_” and 32 letters, digits, + or /."
        )
    wanted = tuple(sorted(set(topics)))
    ours = [row for row in client.every(PATH, RecordsPerPage=_PAGE) if _is_ours(row, url)]
    right = [row for row in ours if _is_right(row, url, wanted, secret)]
    if not right:
        client.post(PATH, _subscription(url, wanted, secret))
    extra = [row for row in ours if row is not (right or [None])[0]]
    for row in extra:
        client.delete(f"{PATH}/{row['id']}")
    if right:
        return SubscriptionReport(present=wanted, removed=wanted if extra else ())
    if not extra:
        return SubscriptionReport(created=wanted)
    return SubscriptionReport(repaired=wanted, removed=wanted if len(extra) > 1 else ())


def _subscription(url: str, topics: Sequence[str], secret: str) -> Row:
    told = {"description": _description(secret), "url": url, "topics": list(topics)}
    return {**told, "secret": secret}


def _description(secret: str) -> str:
    """Return a name by which the secret of a subscription is known again."""
    return f"{NAME} {hashlib.sha256(secret.encode()).hexdigest()[:12]}"


def _is_ours(row: Row, url: str) -> bool:
    """Tell whether a subscription leads to this backend, perhaps by an address we had before."""
    return urlsplit(str(row.get("url") or "")).path == urlsplit(url).path


def _is_right(row: Row, url: str, topics: Sequence[str], secret: str) -> bool:
    """Tell whether it sends what we need, signed with the secret that is the current one."""
    same = set(row.get("topics") or ()) == set(topics) and row.get("url") == url
    return same and row.get("description") == _description(secret)
