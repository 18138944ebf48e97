"""setup/bench: measure, print, write the rows. The figures decide nothing."""

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path

from environment import Environment, say, step

from . import (
    ack,
    availability_read,
    fairness,
    inbox_scaling,
    memory,
    order_import,
    order_latency,
    overhead,
    pos_import,
    profiling,
    settlement_import,
    snapshot,
    stock_diff,
    stock_latency,
)
from .options import Options
from .result import Row
from .stage import Stage, prepared

BENCHMARKS: dict[str, Callable[[Stage, Options], list[Row]]] = {
    "ack": ack.run,
    "order_import_uniform": order_import.uniform,
    "order_import_hot": order_import.hot,
    "order_latency": order_latency.run,
    "stock_diff": stock_diff.run,
    "stock_latency": stock_latency.run,
    "availability_read": availability_read.run,
    "fairness": fairness.run,
    "inbox_scaling": inbox_scaling.run,
    "memory": memory.run,
    "overhead": overhead.run,
    "settlement_import": settlement_import.run,
    "pos_import": pos_import.run,
    "snapshot": snapshot.run,
}
# What a name stands for that has several parts.
GROUPS = {"order_import": ("order_import_uniform", "order_import_hot")}


def arguments(words: Sequence[str]) -> Options:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="setup/bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(BENCHMARKS))
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there")
    parser.add_argument("--quick", action="store_true", help="fewer and only once")
    parser.add_argument("--once", action="store_true", help="all, but only once")
    parser.add_argument("--profile", action="store_true", help="profile a batch of orders instead")
    given = parser.parse_args(words)
    names = [part for name in given.names for part in GROUPS.get(name, (name,))]
    unknown = set(names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    return Options(tuple(names or BENCHMARKS), given.quick, given.json, given.profile, given.once)


def run(environment: Environment, words: Sequence[str]) -> int:
    """Run the benchmarks; failing to measure raises ``Failure``."""
    options = arguments(words)
    rows: list[Row] = []
    with prepared(environment) as stage:
        if options.profile:
            say(f"   profile: {profiling.run(stage, options)}")
            return 0
        for name in options.names:
            with step(name):
                rows += BENCHMARKS[name](stage, options)
    print("\n".join(map(str, rows)), flush=True)
    if options.json:
        options.json.write_text(json.dumps([row.as_json() for row in rows], indent=1) + "\n")
    return 0
