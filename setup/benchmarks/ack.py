"""How fast webhooks are stored and acknowledged, against a route that does nothing."""

from pathlib import Path
from statistics import median

from environment import say
from simulator import many_orders

from .load_generator import Fired, fire, request_bytes
from .options import Options
from .result import Row, quantile, spread
from .stage import Stage

CONNECTIONS = 50
REQUESTS, QUICK_REQUESTS = 1500, 300
WARM_UP = 60


def run(stage: Stage, options: Options) -> list[Row]:
    """Fire bare and signed requests in turn; the backend is received for, not drained."""
    count = QUICK_REQUESTS if options.quick else REQUESTS
    with stage.copy("ack") as database, stage.server(database, jobs=False) as (server, hook):
        bare_url = f"{server.url}/retail_bench/bare"
        warm = _signed(stage, hook, WARM_UP, 0)
        fire(hook, warm, 4)
        fire(bare_url, _bare(bare_url, warm), 4)
        bare, ours, overflows = [], [], listen_overflows()
        for number in range(1, options.repetitions + 1):
            requests = _signed(stage, hook, count, number)
            bare.append(_checked(fire(bare_url, _bare(bare_url, requests), CONNECTIONS)))
            ours.append(_checked(fire(hook, requests, CONNECTIONS)))
        overflows = listen_overflows() - overflows
    if overflows:
        say(f"   {overflows} connections found the listen queue full: p99 shows TCP's own retries")
    return _rows(bare, ours)


def listen_overflows() -> int:
    """Return how often a connection of this machine found a listen queue full; 0 if unknown."""
    path = Path("/proc/net/netstat")
    if not path.exists():
        return 0
    names, values = (line.split() for line in path.read_text().splitlines()[:2])
    return int(dict(zip(names, values, strict=True)).get("ListenOverflows", 0))


def _signed(stage: Stage, hook: str, count: int, repetition: int) -> list[bytes]:
    """Return signed webhooks of distinct orders."""
    load = many_orders(
        count,
        seed=repetition,
        domain=stage.simulator.shop.domain,
        secret=stage.simulator.app.client_secret,
        currency=stage.simulator.shop.currency,
        first_number=1_000_000 * (repetition + 1),
    )
    return [request_bytes(hook, item.body, item.headers) for item in load.deliveries]


def _bare(url: str, requests: list[bytes]) -> list[bytes]:
    """Return requests with the same bodies for the bare route."""
    headers = {"Content-Type": "application/json"}
    return [request_bytes(url, item.partition(b"\r\n\r\n")[2], headers) for item in requests]


def _checked(fired: Fired) -> Fired:
    if fired.accepted != sum(fired.answers.values()):
        say(f"   not all were accepted: {dict(fired.answers)}")
    return fired


def _rows(bare: list[Fired], ours: list[Fired]) -> list[Row]:
    pairs = list(zip(ours, bare, strict=True))
    say(spread("bare route", [run.rate for run in bare], "requests/s"))
    say(spread("signed webhooks", [run.rate for run in ours], "requests/s"))
    say(spread("ratio", [own.rate / base.rate for own, base in pairs], ""))
    rate, base = median(run.rate for run in ours), median(run.rate for run in bare)
    rows = [Row("ack", rate, "per second", base, rate / base)]
    for name, share in (("ack_p50", 0.5), ("ack_p99", 0.99)):
        own = median(quantile(run.latencies, share) for run in ours)
        other = median(quantile(run.latencies, share) for run in bare)
        say(spread(name, [quantile(run.latencies, share) for run in ours], "s"))
        rows.append(Row(name, own, "seconds", other, own / other))
    return rows
