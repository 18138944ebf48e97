"""Misbehaviour, decided by the seed.

Each decision comes from a source of chance of its own, named for its purpose and its object, so
that neither threads nor other faults change it.
"""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Faults:
    """Probabilities of misbehaviour, all zero by default.

    Webhooks: ``duplicate`` (the event again, same event id), ``dropped`` (never sent), ``disorder``
    (moved within ``disorder_window`` places), ``late`` (sent after all others, triggered
    ``late_seconds`` ago), ``forged`` (an extra delivery with a bad signature), ``truncated`` and
    ``junk`` (extra deliveries, well signed, that no one can read).
    API: ``rate_limited`` (429), ``server_error`` (5xx), ``throttled``, ``hang`` (answers after
    ``hang_seconds``), ``disconnect`` (closes without an answer), ``token_expired`` (the token of
    the request is worthless from now on, unless it is a fixed one), ``conflict`` (409),
    ``throttle_storm`` (the bucket stays empty for ``storm_seconds``).
    Mutations only: ``accepted_then_failed`` (carried out, then the connection closes, or hangs
    every other time), ``error_after_effect`` (carried out, then 500), ``stale_quantities`` (a
    customer buys just before quantities are set).
    """

    duplicate: float = 0
    dropped: float = 0
    disorder: float = 0
    disorder_window: int = 20
    late: float = 0
    late_seconds: float = 3 * 3600
    forged: float = 0
    truncated: float = 0
    junk: float = 0
    rate_limited: float = 0
    retry_after: float = 1
    server_error: float = 0
    throttled: float = 0
    hang: float = 0
    hang_seconds: float = 10
    disconnect: float = 0
    token_expired: float = 0
    conflict: float = 0
    throttle_storm: float = 0
    storm_seconds: float = 2
    accepted_then_failed: float = 0
    error_after_effect: float = 0
    stale_quantities: float = 0


API_FAULTS = (
    "rate_limited", "server_error", "throttled", "hang", "disconnect", "token_expired", "conflict",
    "throttle_storm",
)  # fmt: skip
MUTATION_FAULTS = ("accepted_then_failed", "error_after_effect")

INTERNET = Faults(
    duplicate=0.1, dropped=0.01, disorder=0.3, late=0.02, forged=0.02, truncated=0.01, junk=0.01
)
STORM = Faults(rate_limited=0.2, server_error=0.2, throttled=0.2, hang=0.02, hang_seconds=2)


class Dice:
    """Seeded decisions."""

    def __init__(self, seed: object) -> None:
        self.seed = seed

    def rng(self, purpose: str, subject: object) -> Random:
        """Return the source of chance for one purpose and one object."""
        return Random(f"{self.seed}:{purpose}:{subject}")

    def hits(self, purpose: str, subject: object, probability: float) -> bool:
        """Decide whether something happens."""
        return probability > 0 and self.rng(purpose, subject).random() < probability

    def api_fault(self, number: int, faults: Faults) -> str | None:
        """Return what goes wrong with the API request of this number, if anything."""
        return next(
            (name for name in API_FAULTS if self.hits(name, number, getattr(faults, name))), None
        )

    def mutation_fault(self, number: int, faults: Faults) -> str | None:
        """Return what goes wrong after the mutation of this number has been carried out."""
        return next((n for n in MUTATION_FAULTS if self.hits(n, number, getattr(faults, n))), None)
