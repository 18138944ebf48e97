"""Whether a request may leave now: token bucket, circuit breaker, pause. Shared by all workers.

Moments are seconds since 1970 of one clock (the database's); costs are in the vendor's own points,
or requests where it has none.
"""

from dataclasses import dataclass, replace
from enum import Enum
from random import Random

from ..providers.errors import ConnectorError, ErrorClass, RateLimitedError

# Failures in a row after which the breaker opens.
FAILURES = 5
OPEN_SECONDS = 10.0
OPEN_CAP_SECONDS = 600.0
# A probe that never came back blocks no longer than this: longer than any request may take.
PROBE_SECONDS = 120.0
# Who finds somebody else's probe under way looks again after this.
PROBING_SECONDS = 5.0
PAUSED_SECONDS = 60.0
# How long a rate limit without ``Retry-After`` closes the gate.
LIMITED_SECONDS = 1.0


class Reason(str, Enum):
    """Why a request has to wait."""

    PAUSED = "paused"
    LIMITED = "limited"
    FAILING = "failing"
    PROBING = "probing"
    TOKENS = "tokens"


@dataclass(frozen=True)
class GateState:
    """What is known of one backend's other side.

    A ``capacity`` of 0 means that no bucket is known. The breaker is closed while ``open_until`` is
    ``None``; after that moment one probe at a time may pass, which has until ``probe_until``.
    ``probe`` numbers the probes, so that one that was given up cannot speak any more.
    """

    available: float = 0.0
    capacity: float = 0.0
    rate: float = 0.0
    seen_at: float = 0.0
    failures: int = 0
    openings: int = 0
    open_until: float | None = None
    probe: int = 0
    probe_until: float | None = None
    not_before: float = 0.0
    paused: bool = False

    def tokens(self, now: float) -> float:
        """Return what the bucket holds at a moment."""
        restored = max(now - self.seen_at, 0.0) * self.rate
        return min(self.available + restored, self.capacity)


@dataclass(frozen=True)
class Admission:
    """A request may leave; ``probe`` is its number if the breaker's fate hangs on it."""

    probe: int | None = None


@dataclass(frozen=True)
class Wait:
    """Ask again after this many seconds."""

    seconds: float
    reason: Reason


class Verdict(str, Enum):
    """What an answer says about the other side."""

    ALIVE = "alive"
    LIMITED = "limited"
    FAILED = "failed"


@dataclass(frozen=True)
class Outcome:
    """How a request ended. ``retry_after`` is in seconds; ``note`` is shown to people."""

    verdict: Verdict = Verdict.ALIVE
    retry_after: float | None = None
    note: str = ""


def outcome_of(error: ConnectorError | None) -> Outcome:
    """Return what an error says: who refuses us is alive, who does not answer is not."""
    if error is None:
        return Outcome()
    if isinstance(error, RateLimitedError):
        return Outcome(Verdict.LIMITED, error.retry_after, str(error))
    if error.error_class is ErrorClass.TRANSIENT:
        return Outcome(Verdict.FAILED, error.retry_after, str(error))
    return Outcome()


def enter(state: GateState, cost: float, now: float) -> tuple[GateState, Admission | Wait]:
    """Ask to send a request of a cost; what is admitted has taken its tokens."""
    if state.paused:
        return state, Wait(PAUSED_SECONDS, Reason.PAUSED)
    if state.not_before > now:
        return state, Wait(state.not_before - now, Reason.LIMITED)
    if wait := _breaker_wait(state, now) or _tokens_wait(state, cost, now):
        return state, wait
    if state.capacity > 0:
        state = replace(state, available=_left(state, cost, now), seen_at=now)
    if state.open_until is None:
        return state, Admission()
    probe = state.probe + 1
    return replace(state, probe=probe, probe_until=now + PROBE_SECONDS), Admission(probe)


def _breaker_wait(state: GateState, now: float) -> Wait | None:
    if state.open_until is None:
        return None
    if now < state.open_until:
        return Wait(state.open_until - now, Reason.FAILING)
    if state.probe_until is not None and now < state.probe_until:
        return Wait(min(state.probe_until - now, PROBING_SECONDS), Reason.PROBING)
    return None


def _tokens_wait(state: GateState, cost: float, now: float) -> Wait | None:
    """A cost beyond the bucket's size is let through once the bucket is full: let it be refused."""
    missing = min(cost, state.capacity) - state.tokens(now)
    if state.rate <= 0 or missing <= 1e-9:
        return None
    return Wait(missing / state.rate, Reason.TOKENS)


def _left(state: GateState, cost: float, now: float) -> float:
    return max(state.tokens(now) - cost, 0.0)


def leave(
    state: GateState, admission: Admission, outcome: Outcome, now: float, random: Random
) -> GateState:
    """Note how an admitted request ended.

    While the breaker is not closed only its present probe counts: others left before it opened.
    """
    if outcome.retry_after or outcome.verdict is Verdict.LIMITED:
        seconds = outcome.retry_after or LIMITED_SECONDS
        state = replace(state, not_before=max(state.not_before, now + seconds))
    if state.open_until is not None and admission.probe != state.probe:
        return state
    if outcome.verdict is not Verdict.FAILED:
        return replace(state, failures=0, openings=0, open_until=None, probe_until=None)
    state = replace(state, failures=state.failures + 1)
    if state.open_until is None and state.failures < FAILURES:
        return state
    return _opened(state, now, random)


def _opened(state: GateState, now: float, random: Random) -> GateState:
    """Open for a time that doubles with every opening in a row, with full jitter, capped."""
    ceiling = min(OPEN_CAP_SECONDS, OPEN_SECONDS * 2 ** min(state.openings, 16))
    seconds = random.uniform(min(1.0, ceiling), ceiling)
    return replace(state, openings=state.openings + 1, open_until=now + seconds, probe_until=None)


def learn(state: GateState, available: float, maximum: float, rate: float, now: float) -> GateState:
    """Take over what the other side says of its bucket: points, and points per second."""
    capacity = max(maximum, 0.0)
    return replace(
        state,
        available=min(max(available, 0.0), capacity),
        capacity=capacity,
        rate=max(rate, 0.0),
        seen_at=now,
    )


def try_now(state: GateState, now: float) -> GateState:
    """Let the next request pass an open breaker, as its probe."""
    if state.open_until is None:
        return replace(state, not_before=min(state.not_before, now))
    return replace(state, open_until=now, probe_until=None, not_before=min(state.not_before, now))
