"""A provider that does what it was asked and does not say so, or answers nobody for a while."""

import time
from collections.abc import Callable
from datetime import timedelta

from simulator import STORM, Faults

from ..api_proxy import ApiProxy
from ..run import Run
from ..shopfront import Shopfront

ORDERS = 10
MISHAPS = ("500", "409", "cut", None)
PLANNED = 5
STORM_SECONDS = 6.0
PRESS_EVERY = 1.0
RECOVERY = 60.0
# Requests in the first seconds after a storm: one shop's poll asks for a page or two.
CALM_SECONDS, CALM_REQUESTS = 5.0, 40
# Seconds until the breaker has opened, and until it lets a request try (negative: it does).
OPENING = 30.0
IS_OPEN = """
    SELECT coalesce(bool_or(open_until IS NOT NULL), false) FROM retail_gate WHERE backend_id = %s
"""
LEFT_OPEN = """
    SELECT coalesce(max(extract(epoch FROM open_until - clock_timestamp() AT TIME ZONE 'UTC')), 0)
           ::float
      FROM retail_gate WHERE backend_id = %s
"""
SUCCESS = """
    SELECT last_success_at IS NOT NULL AND cursor IS NULL FROM retail_flow
     WHERE backend_id = %s AND kind = 'order' AND direction = 'in'
"""


def unclear(run: Run) -> None:
    """Answers to what was asked are lost or wrong; what was asked for comes in the end, once."""
    front = run.shop(since=timedelta())
    front.trade(ORDERS)
    proxy = run.lend(ApiProxy(front.simulator.server.server_address[1]))
    _ask_through(run, front, proxy)
    proxy.plan([run.rng.choice(MISHAPS) for _ in range(PLANNED)] + ["cut"])
    _poll_until_it_succeeds(run, front, lambda: not proxy.left)
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
        _press(run, front)
        time.sleep(PRESS_EVERY)
    front.simulator.faults = Faults(server_error=1)
    opened = _wait_until_the_gate_opens(run, front)
    run.require(opened, "the breaker did not open")
    run.require(_is_left_in_peace(run, front), "requests left while the breaker was open")
    answers = front.simulator.server.answers
    run.notes.append(f"{sum(answers.values())} answers in the storm")
    front.simulator.faults = Faults()
    run.clock.fault_is_over()
    before, calm = answers["200"], time.monotonic()
    _poll_until_it_succeeds(run, front, lambda: True)
    closed = run.database.value(IS_OPEN, front.backend.id) is False
    run.require(closed, "the breaker is still open after a success")
    run.notes.append(f"the breaker closed {time.monotonic() - calm:.1f} s after the storm")
    time.sleep(max(0.0, calm + CALM_SECONDS - time.monotonic()))
    after = answers["200"] - before
    run.require(after <= CALM_REQUESTS, f"{after} requests in the first {CALM_SECONDS:.0f} s")
    run.finish()


def _wait_until_the_gate_opens(run: Run, front: Shopfront) -> bool:
    """Press on until the breaker holds requests back."""
    deadline = time.monotonic() + OPENING
    while not run.database.value(IS_OPEN, front.backend.id):
        if time.monotonic() > deadline:
            return False
        _press(run, front)
        time.sleep(PRESS_EVERY)
    return True


def _is_left_in_peace(run: Run, front: Shopfront) -> bool:
    """Tell whether no request leaves, whoever presses, until the breaker lets one try."""
    left = run.database.value(LEFT_OPEN, front.backend.id)
    answers = front.simulator.server.answers
    time.sleep(min(1.0, left / 2))  # what had left before arrives
    before = sum(answers.values())
    while run.database.value(LEFT_OPEN, front.backend.id) > PRESS_EVERY:
        _press(run, front)
        time.sleep(PRESS_EVERY / 2)
    return sum(answers.values()) == before


def _ask_through(run: Run, front: Shopfront, proxy: ApiProxy) -> None:
    """Let the backend reach its shop through a proxy."""
    odoo, domain = run.stage.odoo, [("backend_id", "=", front.backend.id), ("name", "=", "api_url")]
    settings = odoo.search("retail.setting", domain)
    odoo.write("retail.setting", settings, {"value": f"http://127.0.0.1:{proxy.port}"})


def _press(run: Run, front: Shopfront) -> None:
    """Press the button that reads the shop's list of orders."""
    domain = [
        ("backend_id", "=", front.backend.id), ("kind", "=", "order"), ("direction", "=", "in")
    ]  # fmt: skip
    flows = run.stage.odoo.search("retail.flow", domain)
    run.stage.odoo.call("retail.flow", "action_poll_now", flows)


def _poll_until_it_succeeds(run: Run, front: Shopfront, is_over: Callable[[], bool]) -> None:
    """Press on, as the schedule would every few minutes, until the whole list was read."""
    deadline = time.monotonic() + RECOVERY
    while time.monotonic() < deadline:
        if is_over() and run.database.value(SUCCESS, front.backend.id):
            return
        _press(run, front)
        time.sleep(PRESS_EVERY)
    run.require(False, "the shop's list was never read to its end")
