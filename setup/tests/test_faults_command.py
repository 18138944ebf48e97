"""setup/faults: what it accepts, what it writes, and that a seed gives the same again."""

import json
import os
from itertools import pairwise

import psycopg2
import pytest
from psycopg2 import errors

from fault_runs import command
from fault_runs.clockwork import NATURAL, PERIOD, Clockwork, is_lost
from fault_runs.command import Row, arguments, tasks, write
from fault_runs.experiments import EXPERIMENTS
from fault_runs.run import Run
from fault_runs.shopfront import SOUND, simulator_of


class NoStage:
    """What a run asks of its stage before it begins."""

    name = "nowhere"


def test_every_experiment_of_the_plan_is_there():
    numbers = sorted(experiment.number for experiment in EXPERIMENTS.values())
    assert numbers == [
        *(1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9, 10),
        *(11, 11, 11, 11, 11, 12, 12, 20, 21),
    ]


def test_the_list_needs_no_server(capsys):
    assert command.run(None, ["--list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(EXPERIMENTS)


def test_an_unknown_experiment_is_refused(capsys):
    with pytest.raises(SystemExit):
        arguments(["--only", "burst,earthquake"])
    assert "earthquake" in capsys.readouterr().err


def test_several_names_may_be_given_in_both_ways():
    assert arguments(["--only", "burst,storm", "--only", "poison"]).only == [
        "burst", "storm", "poison",
    ]  # fmt: skip


def test_every_experiment_is_played_with_every_seed_in_order():
    chosen = arguments(["--only", "storm,burst", "--seeds", "2", "--first-seed", "7"])
    assert tasks(chosen) == [("burst", 7), ("burst", 8), ("storm", 7), ("storm", 8)]


@pytest.mark.parametrize("waits", [False, True])
def test_experiments_on_the_same_kind_of_server_come_after_one_another(waits):
    chosen = [EXPERIMENTS[name] for name, _seed in tasks(arguments(["--seeds", "1"]))]
    kinds = [one.server for one in chosen if one.waits == waits]
    changes = sum(one != other for one, other in pairwise(kinds))
    assert changes == len(set(kinds)) - 1


def test_what_waits_comes_last_on_the_kind_of_server_that_what_computes_ends_with():
    chosen = [EXPERIMENTS[name] for name, _seed in tasks(arguments(["--seeds", "1"]))]
    waiting = [one.waits for one in chosen]
    assert waiting == sorted(waiting)
    first = waiting.index(True)
    assert chosen[first - 1].server == chosen[first].server == "strict"


def test_variants_play_a_quarter_of_the_seeds_unless_they_are_named():
    variants = [name for name, one in EXPERIMENTS.items() if one.variant]
    everything = tasks(arguments(["--seeds", "20"]))
    assert len(everything) == 20 * len(EXPERIMENTS) - 15 * len(variants)
    assert [seed for name, seed in everything if name == variants[0]] == [*range(1, 6)]
    assert len(tasks(arguments(["--seeds", "20", "--only", variants[0]]))) == 20


def test_one_more_runs_at_a_time_than_there_are_processors_unless_said_otherwise():
    assert 1 <= arguments([]).jobs <= (os.cpu_count() or 1) + 1
    assert arguments(["--jobs", "3"]).jobs == 3
    with pytest.raises(SystemExit):
        arguments(["--jobs", "0"])


def test_the_rows_are_written_as_promised(tmp_path):
    path = tmp_path / "rows.json"
    write(path, [Row("burst", 3), Row("storm", 4, False, ["I2: twice"])])
    assert json.loads(path.read_text()) == [
        {"experiment": "burst", "seed": 3, "ok": True, "violations": []},
        {"experiment": "storm", "seed": 4, "ok": False, "violations": ["I2: twice"]},
    ]


def test_a_seed_gives_the_same_chance_again_and_another_one_another():
    def drawn(name: str, seed: int) -> list[int]:
        return [Run(NoStage(), name, seed).rng.getrandbits(30) for _ in range(2)]

    assert drawn("burst", 1) == drawn("burst", 1)
    assert len({drawn("burst", 1)[0], drawn("burst", 2)[0], drawn("storm", 1)[0]}) == 3


def test_a_seed_gives_the_same_orders_again():
    def orders(name: str) -> list[tuple[str, object]]:
        histories = simulator_of(name).shop.trade(30, SOUND)
        return [(history.kind, history.current.totals().total) for history in histories]

    assert orders("burst-1") == orders("burst-1") != orders("burst-2")


@pytest.mark.parametrize(("rested", "natural"), [(0, 0), (1, 1), (9, 9 + NATURAL - PERIOD)])
def test_a_rest_counts_as_long_as_it_would_have_been(rested, natural):
    clock = Clockwork("nowhere")
    clock._rested = rested
    assert clock.longest_rest == natural
    clock.fault_is_over()
    assert clock.longest_rest == 0


@pytest.mark.parametrize(
    ("error", "lost"),
    [
        (psycopg2.DatabaseError("server closed the connection unexpectedly"), True),
        (psycopg2.InterfaceError("connection already closed"), True),
        (errors.AdminShutdown("terminating connection"), True),
        (errors.SyntaxError("syntax error"), False),
        (errors.UndefinedTable("no such table"), False),
    ],
)
def test_a_lost_connection_is_no_mistake_in_a_question(error, lost):
    assert is_lost(error) is lost
