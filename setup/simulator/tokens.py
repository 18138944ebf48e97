"""Access tokens: fixed ones, and those of the client-credentials grant that expire."""

import hmac
import time
from collections.abc import Callable, Mapping
from random import Random
from threading import Lock
from typing import Any

from .settings import AppSettings


class Tokens:
    """Issues and checks access tokens. ``clock`` counts seconds."""

    def __init__(
        self, app: AppSettings, seed: object = 0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.app, self._clock, self._lock = app, clock, Lock()
        self._rng = Random(f"{seed}:tokens")
        self._expiry: dict[str, float] = {}
        self._fixed = set(app.fixed_tokens)
        self.issued = 0

    def grant(self, request: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        """Return status and body of the answer to a token request."""
        if request.get("grant_type") != "client_credentials":
            return 400, {"error": "unsupported_grant_type"}
        pairs = (("client_id", self.app.client_id), ("client_secret", self.app.client_secret))
        if not all(_same(str(request.get(name, "")), value) for name, value in pairs):
            return 401, {"error": "invalid_client"}
        with self._lock:
            token = f"shpat_{self._rng.getrandbits(128):032x}"
            self._expiry[token] = self._clock() + self.app.token_lifetime
            self.issued += 1
        scope = ",".join(self.app.scopes)
        lifetime = int(self.app.token_lifetime)
        return 200, {"access_token": token, "scope": scope, "expires_in": lifetime}

    def valid(self, token: str) -> bool:
        """Tell whether a token opens the door now."""
        with self._lock:
            return token in self._fixed or self._expiry.get(token, 0) > self._clock()

    def expire(self, token: str) -> bool:
        """End a token before its time; false for a fixed one, which never expires."""
        with self._lock:
            return self._expiry.pop(token, None) is not None

    def expire_all(self) -> None:
        """End all tokens that can be renewed, as their lifetime does."""
        with self._lock:
            self._expiry.clear()

    def revoke_all(self) -> None:
        """Make every token worthless, as an uninstalled app would find."""
        with self._lock:
            self._expiry.clear()
            self._fixed.clear()


def _same(left: str, right: str) -> bool:
    return hmac.compare_digest(left.encode(), right.encode())
