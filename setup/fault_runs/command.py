"""setup/faults: every experiment with every seed; a row each."""

import argparse
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

import psutil
import psycopg2

from environment import Environment, Failure, say
from environment.locks import exclusive

from . import crew
from .cluster import prepare as prepare_clusters
from .crew import Task
from .experiments import EXPERIMENTS
from .run import Run
from .stage import Stage, opened

SEEDS = 5
# Variants play one in so many seeds.
SHARE = 4
# A stage is a PostgreSQL and an Odoo with its workers: about a gigabyte.
MOST_JOBS = 4
# Starting another kind of server takes more than some experiments. Of the last kind there are such
# that compute and such that wait.
KINDS = ("plain", "proxied", "scratch", "strict")


@dataclass
class Row:
    """The result of one experiment with one seed."""

    experiment: str
    seed: int
    ok: bool = True
    violations: list[str] = field(default_factory=list)


@dataclass
class Played:
    """A row with what is told of it."""

    row: Row
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)


def arguments(words: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="setup/faults", description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS, metavar="N", help="how many seeds")
    parser.add_argument("--first-seed", type=int, default=1, metavar="S")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="see --list")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there")
    parser.add_argument("--list", action="store_true", help="name the experiments and end")
    # One more than processors, for what waits. With two more, runs took twice as long.
    jobs = min(_processors() + 1, MOST_JOBS)
    parser.add_argument("--jobs", type=int, default=jobs, metavar="N", help="runs at a time")
    options = parser.parse_args(words)
    options.only = [name for names in options.only for name in names.split(",")]
    if unknown := set(options.only) - set(EXPERIMENTS):
        parser.error(f"no experiment is called {', '.join(sorted(unknown))}; see --list")
    if options.jobs < 1:
        parser.error("there has to be one job at least")
    return options


def tasks(options: argparse.Namespace) -> list[Task]:
    """Return every experiment with every seed; variants with a quarter of them.

    Whoever names a variant gets it with every seed. What computes comes first, what waits last, so
    that two that compute and one that waits can be played beside one another. Those that need the
    same kind of server come after one another.
    """
    names = [name for name in EXPERIMENTS if name in (options.only or EXPERIMENTS)]
    return [(name, seed) for name in sorted(names, key=_place) for seed in _seeds(name, options)]


def _place(name: str) -> tuple[bool, int]:
    experiment = EXPERIMENTS[name]
    kind = KINDS.index(experiment.server)
    return experiment.waits, -kind if experiment.waits else kind


def _processors() -> int:
    return len(os.sched_getaffinity(0))


def _seeds(name: str, options: argparse.Namespace) -> range:
    fewer = EXPERIMENTS[name].variant and not options.only
    count = -(-options.seeds // SHARE) if fewer else options.seeds
    return range(options.first_seed, options.first_seed + count)


def run(environment: Environment, words: Sequence[str]) -> int:
    """Run the experiments; return 0 when no invariant was violated."""
    options = arguments(words)
    if options.list:
        print("\n".join(one.title(name) for name, one in EXPERIMENTS.items()))
        return 0
    begin, rows = time.monotonic(), list[Row]()
    prepare = partial(_prepared, environment)
    alone, others = _apart(tasks(options))
    with exclusive("faults"):
        prepare_clusters(environment, min(options.jobs, len(others)))
        for some, jobs in ((alone, 1), (others, options.jobs)):
            for played in crew.results(some, jobs, prepare, _broken, _processors()):
                _tell(played, rows)
                rows.append(played.row)
                write(options.json, rows)
    bad = [row for row in rows if not row.ok]
    say(f"\n{len(rows)} runs in {time.monotonic() - begin:.0f} s, {len(bad)} with violations")
    for row in bad:
        again = f"setup/faults --only {row.experiment} --first-seed {row.seed} --seeds 1"
        say(f"  {row.experiment} seed {row.seed}: {'; '.join(row.violations)}\n    {again}")
    return 1 if bad else 0


def _apart(wanted: Sequence[Task]) -> tuple[list[Task], list[Task]]:
    """Tell what needs the machine for itself from the rest.

    It comes first, on the only stage: beside two idle ones a burst took 30 to 45 s instead of 25.
    """
    alone = [task for task in wanted if EXPERIMENTS[task[0]].alone]
    return alone, [task for task in wanted if task not in alone]


@contextmanager
def _prepared(environment: Environment, number: int) -> Iterator[Callable[[Task], Played]]:
    """Lend what does a task on a stage of its own."""
    with opened(environment, number) as stage:
        yield partial(one_run, stage)


def _broken(task: Task, words: str) -> Played:
    return Played(Row(*task, False, [words]))


def one_run(stage: Stage, task: Task) -> Played:
    """Run one experiment with one seed. What breaks the harness itself is a violation too."""
    name, seed = task
    experiment = EXPERIMENTS[name]
    say(f"-> {name} seed {seed}")
    begin = time.monotonic()
    try:
        stage.use(experiment.server)
        with Run(stage, name, seed) as current:
            experiment.play(current)
        found, notes = current.violations, current.notes
    except (Failure, OSError, psycopg2.Error, psutil.Error) as error:
        found, notes = [f"the run broke off: {error}"], []
        stage.close()
    return Played(Row(name, seed, not found, found), time.monotonic() - begin, notes)


def _tell(played: Played, before: Sequence[Row]) -> None:
    """Say what came of a run, under its experiment's title."""
    row = played.row
    if not before or before[-1].experiment != row.experiment:
        say(f"-> {EXPERIMENTS[row.experiment].title(row.experiment)}")
    verdict = "; ".join(row.violations) if row.violations else "ok"
    notes = ", ".join(played.notes)
    say(f"   seed {row.seed:>3}  {played.seconds:5.1f} s  {verdict}  {notes}".rstrip())


def write(path: Path | None, rows: Sequence[Row]) -> None:
    """Write all rows so far."""
    if path:
        path.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")
