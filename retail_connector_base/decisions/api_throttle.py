"""How often an API client may call: a token bucket, told in the IETF's ``RateLimit`` headers."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from .gate import Admission, GateState, enter

WINDOW = 60
NAME = "default"


@dataclass(frozen=True)
class Allowance:
    """``quota`` requests per minute, of which ``remaining`` may come at once.

    ``reset`` seconds later the bucket is full. ``wait`` is set when this request came too early:
    seconds until one may come.
    """

    quota: int
    remaining: int
    reset: int
    wait: int | None = None

    def headers(self) -> Mapping[str, str]:
        """Return the headers of draft-ietf-httpapi-ratelimit-headers, and ``Retry-After``."""
        headers = {
            "RateLimit-Policy": f'"{NAME}";q={self.quota};w={WINDOW}',
            "RateLimit": f'"{NAME}";r={self.remaining};t={self.reset}',
        }
        return headers if self.wait is None else headers | {"Retry-After": str(self.wait)}


def bucket(available: float | None, seen_at: float, per_minute: int, burst: int) -> GateState:
    """Return a client's bucket; one that was never used is full."""
    left = burst if available is None else min(max(available, 0.0), burst)
    return GateState(available=left, capacity=burst, rate=per_minute / WINDOW, seen_at=seen_at)


def take(state: GateState, now: float) -> tuple[GateState, Allowance]:
    """Take one request from a bucket, if it holds one."""
    state, answer = enter(state, 1.0, now)
    wait = None if isinstance(answer, Admission) else max(1, math.ceil(answer.seconds))
    left = state.tokens(now)
    return state, Allowance(
        quota=round(state.rate * WINDOW),
        remaining=0 if wait else math.floor(left + 1e-9),
        reset=math.ceil((state.capacity - left) / state.rate) if state.rate else 0,
        wait=wait,
    )
