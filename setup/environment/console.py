"""What a person sees: one line per step with its seconds, and one clear message on failure."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Failure(Exception):
    """What the person who runs a command must know or change; shown without a traceback."""


def say(message: str) -> None:
    """Print a line of progress. Standard output is left to the command's own result."""
    print(message, file=sys.stderr, flush=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Announce a step, and its duration when it is done."""
    say(f"-> {title} ...")
    begin = time.monotonic()
    yield
    say(f"   {title}: {time.monotonic() - begin:.1f} s")


@contextmanager
def failures_shown() -> Iterator[None]:
    """Turn a Failure into its message and exit code 1."""
    try:
        yield
    except Failure as failure:
        say(f"\nFAILED: {failure}")
        raise SystemExit(1) from failure
    except KeyboardInterrupt:
        say("\ninterrupted")
        raise SystemExit(130) from None
