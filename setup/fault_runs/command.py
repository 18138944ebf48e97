"""setup/faults: every experiment with every seed; a row each."""

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil
import psycopg2

from environment import Environment, Failure, say

from .experiments import EXPERIMENTS, Experiment
from .run import Run
from .stage import Stage, opened

SEEDS = 5


@dataclass
class Row:
    """The result of one experiment with one seed."""

    experiment: str
    seed: int
    ok: bool = True
    violations: list[str] = field(default_factory=list)


def arguments(words: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="setup/faults", description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS, metavar="N", help="how many seeds")
    parser.add_argument("--first-seed", type=int, default=1, metavar="S")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="see --list")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there")
    parser.add_argument("--list", action="store_true", help="name the experiments and end")
    options = parser.parse_args(words)
    options.only = [name for names in options.only for name in names.split(",")]
    if unknown := set(options.only) - set(EXPERIMENTS):
        parser.error(f"no experiment is called {', '.join(sorted(unknown))}; see --list")
    return options


def run(environment: Environment, words: Sequence[str]) -> int:
    """Run the experiments; return 0 when no invariant was violated."""
    options = arguments(words)
    if options.list:
        print("\n".join(one.title(name) for name, one in EXPERIMENTS.items()))
        return 0
    begin, rows = time.monotonic(), list[Row]()
    chosen = {
        name: EXPERIMENTS[name] for name in EXPERIMENTS if name in (options.only or EXPERIMENTS)
    }
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    with opened(environment) as stage:
        for name, experiment in chosen.items():
            say(f"-> {experiment.title(name)}")
            for seed in seeds:
                rows.append(one_run(stage, name, experiment, seed))
                write(options.json, rows)
    bad = [row for row in rows if not row.ok]
    say(f"\n{len(rows)} runs in {time.monotonic() - begin:.0f} s, {len(bad)} with violations")
    for row in bad:
        again = f"setup/faults --only {row.experiment} --first-seed {row.seed} --seeds 1"
        say(f"  {row.experiment} seed {row.seed}: {'; '.join(row.violations)}\n    {again}")
    return 1 if bad else 0


def one_run(stage: Stage, name: str, experiment: Experiment, seed: int) -> Row:
    """Run one experiment with one seed. What breaks the harness itself is a violation too."""
    begin = time.monotonic()
    try:
        stage.use(experiment.server)
        with Run(stage, name, seed) as current:
            experiment.play(current)
        found, notes = current.violations, current.notes
    except (Failure, OSError, psycopg2.Error, psutil.Error) as error:
        found, notes = [f"the run broke off: {error}"], []
        stage.close()
    seconds = time.monotonic() - begin
    verdict = "; ".join(found) if found else "ok"
    say(f"   seed {seed:>3}  {seconds:5.1f} s  {verdict}  {', '.join(notes)}".rstrip())
    return Row(name, seed, not found, found)


def write(path: Path | None, rows: Sequence[Row]) -> None:
    """Write all rows so far."""
    if path:
        path.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")
