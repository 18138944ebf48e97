"""Several stages at once, each in a process of its own."""

import os
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from multiprocessing import connection, get_context
from pathlib import Path
from typing import Any

from environment import Failure, say
from environment.paths import LOGS

Task = tuple[str, int]
# Called in each process with its number; lends what does a task.
Prepare = Callable[[int], AbstractContextManager[Callable[[Task], Any]]]
# Forked, so that a stage has the same environment and needs no second start.
FORK = get_context("fork")
READY, END = "ready", None
STOPPING = 60.0


class Hand:
    """One process with its stage; ``task`` is what it is doing, ``log`` tells how it goes.

    It is ``over`` once it was told that there is nothing more to do.
    """

    def __init__(self, number: int, prepare: Prepare, from_behind: bool = False) -> None:
        self.ready, self.over, self.log = False, False, _log(number)
        self._next = deque.pop if from_behind else deque.popleft
        self.task: Task | None = None
        self.pipe, other = FORK.Pipe()
        self._process = FORK.Process(target=_work, args=(number, prepare, other), daemon=True)
        self._process.start()
        other.close()  # so that the end of the process is the end of the pipe

    def give(self, waiting: deque[Task]) -> None:
        """Give it the next task, or let it end."""
        self.task = self._next(waiting) if waiting else None
        self.over = self.task is None
        with suppress(OSError):
            self.pipe.send(self.task or END)

    def take(self) -> Any:
        """Return what it made; ``None`` when the process has ended."""
        try:
            return self.pipe.recv()
        except (EOFError, OSError):
            return None

    def stop(self) -> None:
        """Let it give up what it is doing."""
        self._process.terminate()

    def join(self) -> None:
        """Wait until it has put its stage away."""
        self._process.join(STOPPING)


def results(
    tasks: Sequence[Task],
    size: int,
    prepare: Prepare,
    broken: Callable[[Task, str], Any],
    ahead: int | None = None,
) -> Iterator[Any]:
    """Do tasks in some processes and yield the results in the order of the tasks.

    Each process takes the next task when it is free; of ``size`` processes those beyond the first
    ``ahead`` take the last one. One that ends takes its task with it: ``broken`` makes a result of
    that. Raises ``Failure`` when none is left.
    """
    done: dict[Task, Any] = {}
    order = iter(tasks)
    following = next(order, None)
    hired = min(size, len(tasks))
    for task, result in _worked(tasks, hired, prepare, broken, ahead or hired):
        done[task] = result
        while following in done:
            yield done.pop(following)
            following = next(order, None)


def _worked(
    tasks: Sequence[Task],
    size: int,
    prepare: Prepare,
    broken: Callable[[Task, str], Any],
    ahead: int,
) -> Iterator[tuple[Task, Any]]:
    waiting = deque(tasks)
    with _hired(size, prepare, ahead) as hands:
        while busy := {hand.pipe: hand for hand in hands if hand.task or not hand.ready}:
            for pipe in connection.wait(list(busy)):
                hand = busy[pipe]
                task, result = hand.task, hand.take()
                if result is None:
                    hands.remove(hand)
                hand.ready, hand.task = True, None
                if all(each.ready for each in hands):
                    _give(hands, waiting)
                if task:
                    yield task, result or broken(task, f"its stage broke off, see {hand.log}")
        if waiting:
            raise Failure("no stage is left that could go on")


def _give(hands: Sequence[Hand], waiting: deque[Task]) -> None:
    """Give whoever has nothing to do the next task.

    Nobody begins before all stages stand: setting one up takes the machine from the others.
    """
    for hand in hands:
        if not (hand.task or hand.over):
            hand.give(waiting)


@contextmanager
def _hired(size: int, prepare: Prepare, ahead: int) -> Iterator[list[Hand]]:
    hands = [Hand(number, prepare, number > ahead) for number in range(1, size + 1)]
    everybody = list(hands)
    try:
        yield hands
    except BaseException:
        for hand in everybody:
            hand.stop()
        raise
    finally:
        for hand in everybody:
            hand.join()


def _log(number: int) -> Path:
    return LOGS / f"faults-stage-{number}.log"


def _work(number: int, prepare: Prepare, pipe: connection.Connection) -> None:
    """Do tasks until there are no more, or until nobody asks for them any longer."""
    parent = os.getppid()
    try:
        with prepare(number) as do:
            LOGS.mkdir(parents=True, exist_ok=True)
            sys.stderr = _log(number).open("w", buffering=1)
            pipe.send(READY)
            while task := _next(pipe, parent):
                pipe.send(do(task))
    except KeyboardInterrupt:
        pass
    except Failure as failure:
        say(f"stage {number} FAILED: {failure}")
        raise SystemExit(1) from failure


def _next(pipe: connection.Connection, parent: int) -> Task | None:
    while not pipe.poll(1):
        if os.getppid() != parent:
            return None
    return pipe.recv()
