"""The same orders as Odoo makes them one by one, in as many processes as there are job workers."""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from environment import Failure, configuration
from environment.paths import LOGS, RUN, VENV
from environment.process import tail
from simulator import Load

from .result import Speed
from .stage import JOB_WORKERS, Stage

WORKER = Path(__file__).with_name("baseline_worker.py")
LONGEST = 600


def run(stage: Stage, load: Load) -> Speed:
    """Return how fast it was; each process starts its clock with its first order."""
    shares = [_share(stage, load, index) for index in range(JOB_WORKERS)]
    with stage.copy("baseline") as database:
        return race(stage, database, WORKER, shares)


def race(stage: Stage, database: str, worker: Path, shares: list[list[dict[str, object]]]) -> Speed:
    """Return how fast processes are that each run the script ``worker`` on a share of the work."""
    with _workers(stage, database, worker, shares) as workers:
        ends = [_finish(process, database) for process in workers]
    seconds = max(end["end"] for end in ends) - min(end["begin"] for end in ends)
    return Speed(sum(map(len, shares)), seconds, sum(end["processor"] for end in ends))


def _share(stage: Stage, load: Load, index: int) -> list[dict[str, object]]:
    """Return the orders of one process: their customer and lines."""
    return [
        {
            "customer": truth.email,
            "name": truth.name,
            "lines": [
                [stage.products[sku], units, _price(sku)] for sku, units in truth.quantities.items()
            ],
        }
        for truth in load.expected[index::JOB_WORKERS]
    ]


def _price(sku: str) -> float:
    """Return a price for a SKU; which one does not matter to the time it takes."""
    return 5.0 + int(sku.rpartition("-")[2]) % 97 / 10


@contextmanager
def _workers(
    stage: Stage, database: str, script: Path, shares: list[list[dict[str, object]]]
) -> Iterator[list["subprocess.Popen[str]"]]:
    conf = configuration.write(f"baseline-{database}", stage.environment.source, db_name=database)
    workers = []
    try:
        for index, share in enumerate(shares):
            path = RUN / f"baseline-{database}-{index}.json"
            path.write_text(json.dumps(share))
            workers.append(_start(conf, database, script, path))
        _start_together(workers)
        yield workers
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
        for path in RUN.glob(f"baseline-{database}*"):
            path.unlink()


def _start(conf: Path, database: str, script: Path, orders: Path) -> "subprocess.Popen[str]":
    LOGS.mkdir(parents=True, exist_ok=True)
    with (LOGS / f"baseline-{database}.log").open("a") as log:
        return subprocess.Popen(
            [VENV / "bin" / "python", script, conf, database, orders],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=dict(os.environ),
        )


def _start_together(workers: list["subprocess.Popen[str]"]) -> None:
    """Let all begin at the same time, once all have loaded Odoo and made their customers."""
    for worker in workers:
        assert worker.stdout
        if worker.stdout.readline().strip() != "ready":
            raise Failure("the baseline did not start; see .dev/log/baseline-*.log")
    for worker in workers:
        assert worker.stdin
        worker.stdin.write("go\n")
        worker.stdin.flush()


def _finish(worker: "subprocess.Popen[str]", database: str) -> dict[str, float]:
    begin = time.monotonic()
    output, _errors = worker.communicate(timeout=LONGEST)
    if worker.returncode:
        log = LOGS / f"baseline-{database}.log"
        raise Failure(f"the baseline failed after {time.monotonic() - begin:.0f} s\n{tail(log)}")
    return json.loads(output)
