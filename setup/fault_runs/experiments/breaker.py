"""The breaker's probe fails once: one call only, open again, then recovery without a stampede."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Event

from demo_day.rpc import Odoo, RpcError

from .. import gates
from ..api_proxy import ApiProxy
from ..polling import ask_through
from ..run import Run
from ..shopfront import Shopfront
from .provider import recover

ORDERS = 6
CALLERS = 3
# How long a probe is under way: long enough for all the others to be turned away meanwhile.
PROBE_SECONDS = 1.0
SETTLING, DECIDED = 0.5, 15.0
CALM_SECONDS, CALM_REQUESTS = 2.0, 40


def probe_fails(run: Run) -> None:
    """The first probe fails, the second one succeeds; many want to call all the time."""
    front = run.shop(since=timedelta())
    front.trade(ORDERS)
    proxy = run.lend(ApiProxy(front.simulator.server.server_address[1]))
    ask_through(run, front, proxy)
    front.simulator.pause()  # its tokens too: they would close the breaker
    delay = PROBE_SECONDS * run.rng.uniform(0.5, 1.5)
    with _callers(run, front) as refused:
        opened = _wait(lambda: gates.is_open(run.database, front.backend.id))
        run.require(opened, "the breaker did not open")
        refused.clear()
        proxy.delay = delay
        _let_a_probe_fail(run, front, proxy)
        front.simulator.resume()
        _let_a_probe_succeed(run, front, proxy)
        proxy.delay = 0
    run.notes.append(f"{len(refused)} calls were turned away")
    run.require(len(refused) >= CALLERS, "nobody else wanted to call")
    run.clock.fault_is_over()
    _read_calmly(run, front, proxy)
    run.finish()


@contextmanager
def _callers(run: Run, front: Shopfront) -> Iterator[list[str]]:
    """Let some people want to call the shop all the time; lends what they were told."""
    told, stop = list[str](), Event()
    with ThreadPoolExecutor(CALLERS) as pool:
        calling = [pool.submit(_call_on, run.stage.log_in(), front, told, stop)
                   for _ in range(CALLERS)]  # fmt: skip
        try:
            yield told
        finally:
            stop.set()
        for one in calling:
            one.result()


def _call_on(odoo: Odoo, front: Shopfront, told: list[str], stop: Event) -> None:
    backend = front.backend.id
    while not stop.wait(0.1):
        try:
            odoo.call("retail.backend", "action_test_connection", [backend])
        except RpcError:
            continue  # another one wrote down what he heard at the same moment
        test = odoo.read("retail.backend", [("id", "=", backend)], "last_test_ok")[0]
        if not test["last_test_ok"]:
            told.append("refused")


def _let_a_probe_fail(run: Run, front: Shopfront, proxy: ApiProxy) -> None:
    """Let one request try before its time, as the button does: the breaker opens again."""
    before = _ready_for_a_probe(run, front)
    begin = _try_now(run, front)
    opened = _wait(lambda: gates.openings(run.database, front.backend.id) != before)
    run.require(opened, "the breaker did not open again after its probe had failed")
    again = gates.openings(run.database, front.backend.id)
    run.require(again == before + 1, f"it opened {again - before} times after one probe")
    _require_one_probe(run, proxy, begin)
    # It stays open for a while: whatever left now would be a second call.
    left = gates.seconds_left(run.database, front.backend.id)
    time.sleep(max(0.0, min(SETTLING, left - 0.2)))
    made = proxy.since(begin)
    run.require(len(made) == 1, f"{len(made)} requests left while the breaker was open")


def _let_a_probe_succeed(run: Run, front: Shopfront, proxy: ApiProxy) -> None:
    _ready_for_a_probe(run, front)
    begin = _try_now(run, front)
    closed = _wait(lambda: not gates.is_open(run.database, front.backend.id))
    run.require(closed, "the breaker stayed open after its probe had succeeded")
    _require_one_probe(run, proxy, begin)


def _require_one_probe(run: Run, proxy: ApiProxy, begin: float) -> None:
    """Nothing else may leave before the first request could have been answered."""
    first, *others = proxy.since(begin) or [0.0]
    run.require(first, "no probe left")
    crowd = [one for one in others if one < first + proxy.delay]
    run.require(not crowd, f"{len(crowd)} requests left beside the probe")


def _ready_for_a_probe(run: Run, front: Shopfront) -> int:
    """Hold the breaker open until what had left before has arrived; return how often it opened."""
    gates.hold(run.database, front.backend.id)
    time.sleep(SETTLING)
    _wait(lambda: not gates.is_probing(run.database, front.backend.id))
    gates.hold(run.database, front.backend.id)
    return gates.openings(run.database, front.backend.id)


def _read_calmly(run: Run, front: Shopfront, proxy: ApiProxy) -> None:
    """Read the list, as everybody else does who was turned away: not by a crowd."""
    begin = time.monotonic()
    run.clock.opens_gates = True  # jobs that wait for the breaker come back soon
    recover(run, front)
    time.sleep(max(0.0, begin + CALM_SECONDS - time.monotonic()))
    made = proxy.since(begin)
    run.require(len(made) <= CALM_REQUESTS, f"{len(made)} requests in {CALM_SECONDS:.0f} s")


def _try_now(run: Run, front: Shopfront) -> float:
    """Press the gate's button; return when."""
    odoo, begin = run.stage.odoo, time.monotonic()
    gate = odoo.search("retail.gate", [("backend_id", "=", front.backend.id)])
    odoo.call("retail.gate", "action_try_now", gate)
    return begin


def _wait(done: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + DECIDED
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
