"""Fail points: nothing by default; armed, exactly what was planned, in real processes."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from environment.paths import ROOT
from fault_runs.charges import Charges

MODULE = ROOT / "retail_connector_base" / "fail_points.py"
LOAD = f"""
import importlib.util
spec = importlib.util.spec_from_file_location("fail_points", {str(MODULE)!r})
points = importlib.util.module_from_spec(spec)
spec.loader.exec_module(points)
"""


@pytest.fixture
def charges(tmp_path: Path) -> Charges:
    """A folder that processes are started with."""
    return Charges(tmp_path / "points")


def process(code: str, charges: Charges | None) -> subprocess.Popen[str]:
    """Start a process that has the module as ``points``."""
    env = {name: value for name, value in os.environ.items() if name != "RETAIL_FAIL_POINTS"}
    if charges:
        env["RETAIL_FAIL_POINTS"] = str(charges.folder)
    command = [sys.executable, "-c", LOAD + code]
    return subprocess.Popen(command, env=env, text=True, stdout=subprocess.PIPE)


def output(code: str, charges: Charges | None) -> str:
    """Return what a process printed that must end well."""
    running = process(code, charges)
    words, _ = running.communicate(timeout=30)
    assert running.returncode == 0
    return words.strip()


def test_they_are_inert_unless_the_variable_is_set(charges):
    charges.arm("somewhere", "kill")
    assert output("points.reach('somewhere'); print(points.ACTIVE)", None) == "False"
    assert charges.fired() == []


def test_inert_points_do_not_even_look_at_their_subjects():
    code = "points.reach('x', (1 / 0 for _ in 'a')); print('fine')"
    assert output(code, None) == "fine"


def test_a_point_that_is_not_armed_does_nothing(charges):
    charges.arm("elsewhere", "kill")
    assert output("points.reach('somewhere'); print('alive')", charges) == "alive"


def test_of_many_processes_exactly_one_dies(charges):
    charges.arm("somewhere", "kill")
    running = [process("points.reach('somewhere')", charges) for _ in range(8)]
    for one in running:
        one.communicate(timeout=30)
    ends = sorted(one.returncode for one in running)
    assert ends == [-signal.SIGKILL, *[0] * 7]
    ((point, action, pid),) = charges.happened()
    dead = next(one.pid for one in running if one.returncode)
    assert (point, action, pid) == ("somewhere", "kill", dead)


def test_the_chosen_hit_is_the_one_that_fails(charges):
    charges.arm("somewhere", "raise", hit=3, times=2)
    code = """
found = []
for number in range(1, 7):
    try:
        points.reach("somewhere")
    except points.InjectedFault:
        found.append(number)
print(found)
"""
    assert output(code, charges) == "[3, 4]"


def test_only_the_named_subject_is_hit_and_as_often_as_it_comes(charges):
    charges.arm("somewhere", "raise", only="order:2", keep=True)
    code = """
found = []
for subject in ("order:1", "order:2", "order:20", "order:2"):
    try:
        points.reach("somewhere", [subject])
    except points.InjectedFault:
        found.append(subject)
print(found)
"""
    assert output(code, charges) == "['order:2', 'order:2']"
    assert len(charges.happened()) == 2
    assert charges.disarm()
    assert output("points.reach('somewhere', ['order:2']); print('alive')", charges) == "alive"


def test_memory_runs_out_for_real_and_comes_back(charges):
    charges.arm("somewhere", "memory")
    code = """
try:
    points.reach("somewhere")
except MemoryError:
    print(len(bytearray(300_000_000)))
"""
    assert output(code, charges) == "300000000"


def test_what_was_not_reached_is_told_when_it_is_disarmed(charges):
    charges.arm("somewhere", "kill", hit=2)
    assert output("points.reach('somewhere'); print('alive')", charges) == "alive"
    assert charges.happened() == []
    assert [name.partition("@")[0] for name in charges.disarm()] == ["somewhere"]


def test_a_charge_is_never_seen_half_written(charges):
    charges.arm("somewhere", "sleep", seconds=0.5)
    (path,) = charges.folder.glob("*@*")
    assert json.loads(path.read_text())["seconds"] == 0.5
