"""Commands that a sender holds for some time, as values: no cursor is open while it calls."""

from dataclasses import dataclass

from ..canonical import Command
from ..providers import Provider


@dataclass(frozen=True)
class Lease:
    """A command that is ours for some time, as it was when it was taken.

    ``was_asked``: it was sent before, and the channel was asked what became of it.
    """

    command_id: int
    token: int
    command: Command
    key: str
    correlation_id: str
    in_doubt: bool
    state: str
    was_asked: bool = False


@dataclass(frozen=True)
class Batch:
    """What was taken in one go; ``found`` tells whether there was anything to decide."""

    found: bool
    leases: tuple[Lease, ...] = ()
    provider: Provider | None = None
    until: float = 0.0
