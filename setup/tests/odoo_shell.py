"""A story told in Odoo's shell, in a database that has just the modules it needs."""

import subprocess
from collections.abc import Sequence

from environment import ensure
from environment.paths import ROOT

LONGEST = 280


def require_told(database: str, modules: Sequence[str], script: str, end: str) -> None:
    """Run a script to its last line, which prints ``end``; what stops it before is the failure."""
    with ensure().database(database, modules) as name:
        done = subprocess.run(
            [ROOT / "setup" / "odoo", "shell", "-d", name, "--no-http"],
            input=script, capture_output=True, text=True, timeout=LONGEST, check=False,
        )  # fmt: skip
    assert end in done.stdout, done.stderr[-3000:]
