"""A provider that does what it was asked and does not say so, or answers nobody for a while."""

import time
from collections.abc import Callable
from datetime import timedelta

from simulator import STORM, Faults

from .. import gates
from ..api_proxy import ApiProxy
from ..polling import ask_through, poll_until, press, successes
from ..run import Run
from ..shopfront import Shopfront

ORDERS = 10
MISHAPS = ("500", "409", "cut", None)
PLANNED = 5
STORM_SECONDS = 4.0
PRESS_EVERY = 0.5
# Requests in the first seconds after a storm: one shop's poll asks for a page or two.
CALM_SECONDS, CALM_REQUESTS = 3.0, 40
# Seconds for which people press while the breaker is open.
PEACE = 3.0
# Seconds until the breaker has opened.
OPENING = 30.0


def unclear(run: Run) -> None:
    """Answers to what was asked are lost or wrong; what was asked for comes in the end, once."""
    front = run.shop(since=timedelta())
    front.trade(ORDERS)
    proxy = run.lend(ApiProxy(front.simulator.server.server_address[1]))
    ask_through(run, front, proxy)
    run.clock.opens_gates = True
    proxy.plan([run.rng.choice(MISHAPS) for _ in range(PLANNED)] + ["cut"])
    before = successes(run, front)
    poll_until(run, front, lambda: not proxy.left and successes(run, front) != before)
    run.require(proxy.happened, "nothing went wrong")
    run.notes.append(", ".join(proxy.happened))
    run.finish()


def storm(run: Run) -> None:
    """429, 5xx, throttling and hanging for a while, then calm: all comes, and not at once."""
    front = run.shop(since=timedelta())
    front.simulator.faults = Faults(
        rate_limited=STORM.rate_limited, server_error=0.5, throttled=0.2, hang=0.02,
        hang_seconds=1, retry_after=1,
    )  # fmt: skip
    front.trade(ORDERS)
    end = time.monotonic() + STORM_SECONDS
    while time.monotonic() < end:
        press(run, front)
        time.sleep(PRESS_EVERY)
    front.simulator.faults = Faults(server_error=1)
    run.require(open_breaker(run, front), "the breaker did not open")
    run.require(_is_left_in_peace(run, front), "requests left while the breaker was open")
    answers = front.simulator.server.answers
    run.notes.append(f"{sum(answers.values())} answers in the storm")
    front.simulator.faults = Faults()
    # With every third seed the breaker's whole time passes, else not much more of it.
    run.clock.opens_gates = run.seed % 3 != 0
    run.clock.fault_is_over()
    before, calm = answers["200"], time.monotonic()
    recover(run, front)
    run.notes.append(f"the breaker closed {time.monotonic() - calm:.1f} s after the storm")
    time.sleep(max(0.0, calm + CALM_SECONDS - time.monotonic()))
    after = answers["200"] - before
    run.require(after <= CALM_REQUESTS, f"{after} requests in the first {CALM_SECONDS:.0f} s")
    run.finish()


def open_breaker(run: Run, front: Shopfront) -> bool:
    """Press on until the breaker holds requests back."""
    return _pressed_until(run, front, lambda: gates.is_open(run.database, front.backend.id))


def recover(run: Run, front: Shopfront) -> None:
    """Read the shop's list, which closes the breaker."""
    before = successes(run, front)
    poll_until(run, front, lambda: successes(run, front) != before)
    closed = not gates.is_open(run.database, front.backend.id)
    run.require(closed, "the breaker is still open after a success")


def _pressed_until(run: Run, front: Shopfront, done: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + OPENING
    while not done():
        if time.monotonic() > deadline:
            return False
        press(run, front)
        time.sleep(PRESS_EVERY)
    return True


def _is_left_in_peace(run: Run, front: Shopfront) -> bool:
    """Tell whether no request leaves while the breaker is open, whoever presses."""
    left = gates.seconds_left(run.database, front.backend.id)
    end = time.monotonic() + PEACE
    answers = front.simulator.server.answers
    time.sleep(min(1.0, left / 2))  # what had left before arrives
    before = sum(answers.values())
    while (
        gates.seconds_left(run.database, front.backend.id) > PRESS_EVERY and time.monotonic() < end
    ):
        press(run, front)
        time.sleep(PRESS_EVERY / 2)
    return sum(answers.values()) == before
