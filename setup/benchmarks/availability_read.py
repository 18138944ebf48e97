"""How long 1,000 SKUs take through the canonical API, against ``free_qty`` of the same SKUs."""

import time
from statistics import median

import requests

from environment import Failure, say

from .options import Options
from .probe import probe
from .result import Row, spread
from .stage import Stage

CATALOGUE, QUICK_CATALOGUE, ASKED = 20_000, 5_000, 1_000
READS, QUICK_READS, WARM_UP = 60, 20, 5
TIMEOUT = 30


def run(stage: Stage, options: Options) -> list[Row]:
    """Ask over real HTTP, one request after another, on a connection that is kept."""
    catalogue = QUICK_CATALOGUE if options.quick else CATALOGUE
    reads = QUICK_READS if options.quick else READS
    with stage.copy("availability_read") as database:
        found = probe(
            stage, "availability_read", database,
            backend_id=stage.backend.id, product_id=min(stage.products.values()),
            skus=catalogue, asked=ASKED, repetitions=max(options.repetitions, 3),
        )  # fmt: skip
        with stage.server(database, jobs=False) as (server, _hook):
            seconds = _read(server.url, found["token"][0], found["skus"], reads)
    say(spread("availability_read", seconds, "s"))
    say(spread("free_qty", found["free_qty"], "s"))
    ours, base = median(seconds), median(found["free_qty"])
    return [Row("availability_read", ours, "seconds", base, base / ours)]


def _read(url: str, token: str, skus: list[str], reads: int) -> list[float]:
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {token}"
    seconds = []
    for _number in range(WARM_UP + reads):
        begin = time.perf_counter()
        answer = session.get(f"{url}/retail/v1/availability", params={"sku": skus}, timeout=TIMEOUT)
        seconds.append(time.perf_counter() - begin)
        items = answer.json().get("items", ()) if answer.ok else ()
        if len(items) != len(skus):
            raise Failure(f"{answer.status_code}: {len(items)} of {len(skus)} SKUs were answered")
    return seconds[WARM_UP:]
