"""Runs in several processes: results in order, and one that dies takes only its task with it."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from environment import Failure
from fault_runs import crew

TASKS = [("a", 1), ("a", 2), ("b", 1), ("b", 2), ("c", 1)]


@contextmanager
def stage(number: int) -> Iterator[Callable[[crew.Task], object]]:
    """Lend what does nothing but answer: later tasks sooner."""

    def do(task: crew.Task) -> object:
        time.sleep(0.3 if task == TASKS[0] else 0.02)
        return task, number, os.getpid()

    yield do


@contextmanager
def clocked(number: int) -> Iterator[Callable[[crew.Task], object]]:
    """Lend what answers when it began: the first task takes longer than all others."""

    def do(task: crew.Task) -> object:
        begin = time.monotonic()
        time.sleep(0.5 if task == TASKS[0] else 0.02)
        return number, begin

    yield do


@contextmanager
def mortal(number: int) -> Iterator[Callable[[crew.Task], object]]:
    """Lend what dies over one task."""

    def do(task: crew.Task) -> object:
        if task == ("b", 1):
            os.kill(os.getpid(), signal.SIGKILL)
        return task, number, os.getpid()

    yield do


@contextmanager
def impossible(_number: int) -> Iterator[Callable[[crew.Task], object]]:
    """Fail before anything is done."""
    raise Failure("no PostgreSQL")
    yield


def broken(task: crew.Task, words: str) -> object:
    """Say what became of a task."""
    return task, words, 0


def test_results_come_in_order_although_later_ones_are_ready_sooner():
    found = list(crew.results(TASKS, 2, stage, broken))
    assert [task for task, _, _ in found] == TASKS
    assert {number for _, number, _ in found} == {1, 2}
    assert os.getpid() not in {pid for _, _, pid in found}


def test_those_beyond_the_processors_begin_with_the_last_task():
    found = list(crew.results(TASKS, 2, clocked, broken, ahead=1))
    assert [number for number, _begin in found] == [1, 2, 2, 2, 2]
    begins = [begin for _number, begin in found[1:]]
    assert begins == sorted(begins, reverse=True)


def test_there_are_no_more_processes_than_tasks():
    found = list(crew.results(TASKS[:1], 4, stage, broken))
    assert [(task, number) for task, number, _ in found] == [(TASKS[0], 1)]


def test_a_process_that_dies_takes_only_its_task_with_it():
    found = list(crew.results(TASKS, 2, mortal, broken))
    assert [task for task, _, _ in found] == TASKS
    assert [task for task, words, _ in found if "broke off" in str(words)] == [("b", 1)]


def test_when_all_have_died_what_is_left_is_not_passed_over_in_silence():
    with pytest.raises(Failure, match="no stage is left"):
        list(crew.results(TASKS, 1, mortal, broken))


def test_a_stage_that_cannot_be_set_up_is_told(capfd):
    with pytest.raises(Failure):
        list(crew.results(TASKS, 1, impossible, broken))
    assert "no PostgreSQL" in capfd.readouterr().err


def test_whoever_stops_listening_leaves_no_process_behind():
    rows = crew.results(TASKS, 2, stage, broken)
    _, _, pid = next(rows)
    rows.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
