"""Every fail point of the product has its turn, and none is named that does not exist."""

import ast
from pathlib import Path

from environment.paths import ROOT, addons
from fault_runs import places

SEEDS = range(1, 21)
# What variants play of them.
QUARTER = range(1, 6)
# The lanes whose chunks the mixin runs: projections have passes of their own.
LANES = {
    "retail.inbox.drain", "retail.outbox.sender", "retail.reservation", "retail.ledger",
    "retail.pos.closer", "retail.releaser",
}  # fmt: skip


def sources() -> list[Path]:
    """Return the modules of our addons."""
    found = [path for name in addons() for path in (ROOT / name).rglob("*.py")]
    return [path for path in found if "tests" not in path.parts]


def fail_points() -> set[str]:
    """Return the names of all fail points in the code."""
    found = set()
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "reach":
                found |= names_of(node.args[0])
    return found


def names_of(argument: ast.expr) -> set[str]:
    """Return what a fail point may be called: a constant, or the model's name and an ending."""
    if isinstance(argument, ast.Constant):
        return {argument.value}
    assert isinstance(argument, ast.JoinedStr)
    model, ending = argument.values
    assert ast.unparse(model) == "f'{self._name}'" or "self._name" in ast.unparse(model)
    return {f"{lane}{ending.value}" for lane in LANES}


def test_every_fail_point_of_the_code_is_reached_within_twenty_seeds():
    killed = set(places.WEB)
    for seed in SEEDS:
        killed |= {*places.two_of(places.JOB, seed), places.one_of(places.SEND, seed)}
    for seed in QUARTER:
        killed.add(places.one_of(places.MONEY, seed))
        killed |= {*places.two_of(places.TICKETS, seed), places.one_of(places.CLOSING, seed)}
        killed |= {places.one_of(places.RELEASING, seed), places.one_of(places.MOVING, seed)}
    assert killed == fail_points()


def test_where_a_job_loses_its_connection_or_stands_still_takes_turns():
    for parity in (0, 1):
        met = {places.one_of(places.MIDDLE, seed) for seed in SEEDS if seed % 2 == parity}
        assert met == set(places.MIDDLE)


def test_two_places_are_never_the_same_and_every_pair_has_its_turn():
    pairs = {places.two_of(places.JOB, seed) for seed in SEEDS}
    assert all(one != other for one, other in pairs)
    count = len(places.JOB)
    assert len(pairs) == count * (count - 1) / 2


def test_the_same_seed_means_the_same_places():
    for seed in SEEDS:
        assert places.two_of(places.JOB, seed) == places.two_of(places.JOB, seed)
        assert places.one_of(places.SEND, seed) == places.one_of(places.SEND, seed)
