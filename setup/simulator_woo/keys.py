"""The credentials of a client of the API."""

import base64
import hmac
from dataclasses import dataclass


@dataclass(frozen=True)
class Keys:
    """A consumer key with its secret, and whether it may write."""

    key: str = "ck_simulated"
    secret: str = "cs_simulated"
    may_write: bool = True

    def accepts(self, header: str) -> bool:
        """Tell whether an ``Authorization`` header holds this pair."""
        pair = base64.b64encode(f"{self.key}:{self.secret}".encode()).decode()
        return hmac.compare_digest(header.encode(), f"Basic {pair}".encode())
