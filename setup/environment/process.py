"""Running other programs with their output in a log file that is quoted when they fail."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .console import Failure
from .paths import LOGS


def tail(path: Path, lines: int = 30) -> str:
    """Return the last lines of a log file."""
    if not path.exists():
        return ""
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])


def run(
    command: Sequence[str | os.PathLike[str]],
    *,
    log: str,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    **options: Any,
) -> None:
    """Run ``command`` with its output in ``log`` (a name below the log folder).

    ``env`` is added to our own environment. Raises Failure with the end of the log when it fails.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    path = LOGS / log
    with path.open("w") as output:
        try:
            done = subprocess.run(
                [os.fspath(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(env or {})},
                cwd=cwd,
                check=False,
                **options,
            )
        except FileNotFoundError as error:
            raise Failure(f"'{command[0]}' is not installed") from error
    if done.returncode:
        program = Path(command[0]).name
        raise Failure(f"{program} ended with {done.returncode}\n{tail(path)}\n(log: {path})")
