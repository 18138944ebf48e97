"""The key of a client of the API."""

import hmac
from dataclasses import dataclass


@dataclass(frozen=True)
class Key:
    """A secret key, or a restricted one that may not do with some resources (``refunds``)."""

    value: str = "sk_live_simulated"
    refused: frozenset[str] = frozenset()

    def accepts(self, header: str) -> bool:
        """Tell whether an ``Authorization`` header holds this key."""
        return hmac.compare_digest(header.encode(), f"Bearer {self.value}".encode())

    @property
    def is_live(self) -> bool:
        """Tell whether it moves real money."""
        return "_live_" in self.value
