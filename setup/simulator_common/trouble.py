"""Misbehaviour, decided by the seed (see ``simulator.faults.Dice``)."""

from dataclasses import dataclass

from simulator.faults import Dice


@dataclass(frozen=True)
class Trouble:
    """Probabilities of misbehaviour, all zero by default.

    Webhooks: ``duplicate`` (delivered twice), ``dropped`` (never sent), ``disorder`` (sent after
    all others), ``forged`` (an extra delivery, badly signed). API: ``rate_limited`` (429),
    ``server_error`` (500 before anything happened), ``accept_then_fail`` (done, then 500), ``hang``
    (done, and answered after ``hang_seconds``).
    """

    duplicate: float = 0
    dropped: float = 0
    disorder: float = 0
    forged: float = 0
    rate_limited: float = 0
    retry_after: float = 1
    server_error: float = 0
    accept_then_fail: float = 0
    hang: float = 0
    hang_seconds: float = 2

    def of_call(self, dice: Dice, number: int) -> str | None:
        """Return what goes wrong with the API request of this number, if anything."""
        names = ("rate_limited", "server_error", "accept_then_fail", "hang")
        return next((n for n in names if dice.hits(n, number, getattr(self, n))), None)
