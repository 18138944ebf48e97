"""Access tokens: fixed ones of older custom apps, or those of the client-credentials grant.

Source: shopify.dev, "Using the client credentials grant": a token is valid for 24 hours.
"""

import hashlib
import threading
from datetime import datetime, timedelta

from odoo.addons.retail_connector_base.providers import (
    AuthenticationError,
    ConfigurationError,
    ProviderContext,
    RejectedError,
    TransientError,
)

# A token is given up this long before it expires.
_MARGIN = timedelta(minutes=5)
_cache: dict[str, tuple[str, datetime]] = {}
_lock = threading.Lock()


def access_token(context: ProviderContext, root: str, renew: bool = False) -> str:
    """Return a token for the Admin API; ``renew`` fetches a new one if that is possible.

    The cache spares requests only: a process without it fetches a token of its own.
    """
    fixed = context.secrets.get("access_token")
    if fixed and fixed[0]:
        return fixed[0]
    client_id = context.setting("client_id")
    secret = context.secret("client_secret")
    identity = _identity(root, client_id, secret)
    with _lock:
        token, expires = _cache.get(identity, ("", context.now()))
    if token and not renew and context.now() < expires - _MARGIN:
        return token
    token, seconds = _grant(context, root, client_id, secret)
    with _lock:
        _cache[identity] = (token, context.now() + timedelta(seconds=seconds))
    return token


def can_renew(context: ProviderContext) -> bool:
    """Tell whether a refused token can be replaced without a person."""
    fixed = context.secrets.get("access_token")
    return not (fixed and fixed[0])


def forget_tokens() -> None:
    """Empty the cache."""
    with _lock:
        _cache.clear()


def _identity(*parts: str) -> str:
    """Return a key for the cache that gives nothing of the secret away."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _grant(context: ProviderContext, root: str, client_id: str, secret: str) -> tuple[str, float]:
    try:
        answer = context.http.request(
            "POST",
            f"{root}/admin/oauth/access_token",
            data={
                "client_id": client_id,
                "client_secret": secret,
                "grant_type": "client_credentials",
            },
            headers={"Accept": "application/json"},
            idempotent=True,
            cost=0.0,  # tokens are granted without points
        ).json()
    except RejectedError as error:
        raise AuthenticationError(
            "The shop gave no access token: check shop domain, client id and client secret, and "
            "that the app is installed in the shop."
        ) from error
    token = answer.get("access_token") if isinstance(answer, dict) else None
    if not isinstance(token, str) or not token.isascii() or not token.isprintable():
        raise TransientError("The shop answered without an access token.")
    try:
        seconds = float(answer.get("expires_in") or 86_399)
    except (TypeError, ValueError):
        raise ConfigurationError("The shop gave a token without a usable lifetime.") from None
    return token, min(max(seconds, 0.0), 86_399.0)
