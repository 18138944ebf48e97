"""File locks, since several commands may build or use the same environment at once."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from .console import say
from .paths import LOCKS


def open_lock(name: str) -> IO[str]:
    """Open the lock file called ``name``; the lock itself dies with the process that holds it."""
    LOCKS.mkdir(parents=True, exist_ok=True)
    return (LOCKS / name).open("a")


def try_exclusive(handle: IO[str]) -> bool:
    """Take ``handle`` exclusively when nobody else holds it, without waiting."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def exclusive(name: str) -> Iterator[None]:
    """Hold the lock called ``name`` alone, waiting for whoever has it."""
    with open_lock(name) as handle:
        if not try_exclusive(handle):
            say(f"   waiting for another command that holds '{name}'")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
