"""Fail points: named places where the fault harness lets this very process die, hang or fail.

Inert unless ``RETAIL_FAIL_POINTS`` names a folder when the process starts: what is left then is one
check of a module-level boolean. A charge is a file ``<point>@<order>`` of that folder that holds
JSON: ``do`` (skip, kill, stop, sleep, loop, memory, raise), ``seconds``, ``only`` (a subject that
must be met) and ``keep`` (stays armed). Whoever reaches the point renames the first charge away:
of many workers exactly one has it.
"""

import json
import os
import resource
import signal
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

VARIABLE = "RETAIL_FAIL_POINTS"
FIRED = "fired"
MEMORY_LEFT = 128 * 1024 * 1024

_folder = os.environ.get(VARIABLE)
ACTIVE = bool(_folder)


class InjectedFault(Exception):
    """A failure that the harness asked for; no code of ours knows its class."""


def reach(name: str, subjects: Iterable[str] = ()) -> None:
    """Do what the harness planned for this point. ``subjects`` name what is being worked on."""
    if ACTIVE:
        charge = _claim(Path(_folder or ""), name, subjects)
        if charge:
            ACTIONS[charge["do"]](charge)


def _claim(folder: Path, name: str, subjects: Iterable[str]) -> dict[str, Any] | None:
    """Return the first charge of a point that fits and that no other process was faster to take."""
    known: set[str] | None = None
    for path in sorted(folder.glob(f"{name}@*")):
        try:
            charge = json.loads(path.read_text())
            if charge.get("only"):
                known = set(subjects) if known is None else known
                if charge["only"] not in known:
                    continue
            _take(folder, path, keep=charge.get("keep", False))
        except FileNotFoundError:
            continue  # another process has it
        return charge
    return None


def _take(folder: Path, path: Path, *, keep: bool) -> None:
    """Move a charge away, or only note the hit where it stays armed; tell who and when."""
    target = folder / FIRED / f"{path.name}.{os.getpid()}.{time.time_ns()}"
    if keep:
        target.write_text(path.read_text())
    else:
        path.rename(target)


def _exhaust() -> None:
    """Use up the memory that this process may have, which ends in a real ``MemoryError``."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + MEMORY_LEFT
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    try:
        bytearray(2 * MEMORY_LEFT)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _raise() -> None:
    raise InjectedFault("injected by the fault harness")


def _loop() -> None:
    while True:
        pass


ACTIONS: dict[str, Callable[[dict[str, Any]], object]] = {
    "skip": lambda charge: None,
    "kill": lambda charge: os.kill(os.getpid(), signal.SIGKILL),
    "stop": lambda charge: os.kill(os.getpid(), signal.SIGSTOP),
    "sleep": lambda charge: time.sleep(charge["seconds"]),
    "loop": lambda charge: _loop(),
    "memory": lambda charge: _exhaust(),
    "raise": lambda charge: _raise(),
}
