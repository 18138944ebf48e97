"""When an event is sent again, and when its subscriber is left in peace."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from ..providers.errors import ErrorClass
from .outbox import RetryPolicy
from .retry import Retry

# Seconds after the first, second, … failure: ten attempts in about three days.
SCHEDULE = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
# Spread, so that those who failed together do not come back together.
JITTER = 0.2

# Failures in a row after which a subscriber rests; then one delivery at a time tries him.
FAILURES = 5
REST_SECONDS = 10.0
REST_CAP_SECONDS = 900.0
GONE = 410


def decide_delivery(
    _error_class: ErrorClass, attempts: int, random: Random, retry_after: float | None = None
) -> Retry | None:
    """Return when to deliver again after ``attempts`` failures, ``None`` when there were enough.

    Whatever the receiver answered: receivers get repaired. Never sooner than he asked for.
    """
    if attempts > len(SCHEDULE):
        return None
    seconds = SCHEDULE[max(attempts, 1) - 1]
    spread = random.uniform(1 - JITTER, 1 + JITTER)
    return Retry(max(retry_after or 0.0, seconds * spread))


# The schedule alone ends it.
DELIVERY = RetryPolicy(decide_delivery, timedelta.max)


@dataclass(frozen=True)
class Health:
    """How a subscriber is. ``rest`` is how many seconds he is left in peace, if at all.

    ``dead`` is why he is not tried any more: ``gone`` or ``silent``.
    """

    failures: int
    rest: float | None = None
    dead: str | None = None


def after_delivery_failure(
    failures: int,
    status: int | None,
    failing_for: timedelta,
    patience: timedelta,
    random: Random,
) -> Health:
    """Return how a subscriber is after one more failure.

    ``failures`` were in a row before it; ``failing_for`` is the time since the first of them.
    """
    failures += 1
    if status == GONE:
        return Health(failures, dead="gone")
    if failing_for >= patience:
        return Health(failures, dead="silent")
    if failures < FAILURES:
        return Health(failures)
    longest = min(REST_CAP_SECONDS, REST_SECONDS * 2 ** min(failures - FAILURES, 20))
    return Health(failures, rest=random.uniform(longest / 2, longest))
