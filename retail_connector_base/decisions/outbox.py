"""What becomes of a command after something was tried with it."""

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
from .retry import decide_retry

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
) -> Next:
    """Return where a command goes that could not be sent, or whose outcome could not be learnt.

    ``failing_for`` is the time since the first failure. What our own gate held back was no attempt.
    """
    attempts += not isinstance(error, GateClosedError)
    resting = CommandState.UNKNOWN if in_doubt else CommandState.RETRY
    retry_after = getattr(error, "retry_after", None)
    retry = decide_retry(error_class, max(attempts, 1), random, retry_after)
    if retry is None or failing_for >= LONGEST_DOUBT:
        return Next(CommandState.BLOCKED, None, in_doubt, attempts)
    return Next(resting, retry.seconds, in_doubt, attempts)
