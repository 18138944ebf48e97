"""When to try again: one place decides for every error class."""

from dataclasses import dataclass
from random import Random

from ..providers.errors import ErrorClass

BASE_SECONDS = 2.0
CAP_SECONDS = 900.0

# How often a class is tried before a person is asked; None: without end, 0: at once.
ATTEMPTS: dict[ErrorClass, int | None] = {
    ErrorClass.TRANSIENT: 30,
    ErrorClass.RATE_LIMITED: None,
    ErrorClass.AUTHENTICATION: 0,
    ErrorClass.CONFIGURATION: 0,
    ErrorClass.MAPPING: 0,
    ErrorClass.DATA: 0,
    ErrorClass.CONFLICT: 5,
    ErrorClass.FINANCE: 0,
    ErrorClass.BUG: 3,
}


@dataclass(frozen=True)
class Retry:
    """Try again after this many seconds."""

    seconds: float


def decide_retry(
    error_class: ErrorClass, attempts: int, random: Random, retry_after: float | None = None
) -> Retry | None:
    """Return when to try again after ``attempts`` failures, ``None`` when a person must decide.

    Full jitter up to a doubling, capped limit; never sooner than the other side asked for.
    """
    limit = ATTEMPTS[error_class]
    if limit is not None and attempts > limit:
        return None
    ceiling = min(CAP_SECONDS, BASE_SECONDS * 2 ** min(attempts, 20))
    return Retry(max(retry_after or 0.0, random.uniform(0, ceiling)))
