"""What becomes of a command after something was tried with it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from random import Random

from ..providers.errors import (
    ConnectorError,
    ErrorClass,
    GateClosedError,
    MalformedPayloadError,
    UnknownOutcomeError,
)
from .retry import Retry, decide_retry

# Whoever waited this long for an outcome asks a person.
LONGEST_DOUBT = timedelta(hours=24)


class CommandState(str, Enum):
    """Where a command is."""

    PENDING = "pending"
    LEASED = "leased"
    DONE = "done"
    RETRY = "retry"
    UNKNOWN = "unknown"
    BLOCKED = "blocked"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Next:
    """The state that a command goes to.

    ``seconds`` until it is looked at again, ``None`` for never. ``in_doubt``: it may have had its
    effect. ``attempts`` is the new count.
    """

    state: CommandState
    seconds: float | None
    in_doubt: bool
    attempts: int


@dataclass(frozen=True)
class RetryPolicy:
    """When commands of a kind are tried again.

    ``decide`` is called as ``decide_retry`` is. Whoever fails longer than ``patience`` needs a
    person, whatever ``decide`` says.
    """

    decide: Callable[[ErrorClass, int, Random, float | None], Retry | None] = decide_retry
    patience: timedelta = LONGEST_DOUBT


USUAL = RetryPolicy()


def leaves_in_doubt(error: Exception) -> bool:
    """Tell whether a command may have had its effect although sending it failed so.

    Only errors with a class are sure to be about what did not happen. An answer that cannot be
    read is still an answer.
    """
    if isinstance(error, UnknownOutcomeError | MalformedPayloadError):
        return True
    return not isinstance(error, ConnectorError)


def after_failure(
    error: Exception,
    error_class: ErrorClass,
    attempts: int,
    in_doubt: bool,
    failing_for: timedelta,
    random: Random,
    policy: RetryPolicy = USUAL,
) -> Next:
    """Return where a command goes that could not be sent, or whose outcome could not be learnt.

    ``failing_for`` is the time since the first failure. What our own gate held back was no attempt,
    and comes back when the gate says: waits that grew before do not count.
    """
    held_back = isinstance(error, GateClosedError)
    attempts += not held_back
    tries = 1 if held_back else max(attempts, 1)
    resting = CommandState.UNKNOWN if in_doubt else CommandState.RETRY
    retry_after = getattr(error, "retry_after", None)
    retry = policy.decide(error_class, tries, random, retry_after)
    if retry is None or failing_for >= policy.patience:
        return Next(CommandState.BLOCKED, None, in_doubt, attempts)
    return Next(resting, retry.seconds, in_doubt, attempts)


def together(kinds: Sequence[str | None], batches: Mapping[str, int]) -> int:
    """Return how many of some commands, from the first on, go out as one request.

    ``kinds`` are theirs in order, ``None`` for one that goes alone; ``batches`` are the provider's.
    """
    kind = kinds[0]
    most = batches.get(kind, 1) if kind else 1
    count = 1
    while count < min(most, len(kinds)) and kinds[count] == kind:
        count += 1
    return count
