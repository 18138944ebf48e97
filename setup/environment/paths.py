"""Where things live: the checkout, and the one ignored folder that holds everything we create."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEV = Path(os.environ.get("RETAIL_DEV") or ROOT / ".dev").resolve()

LOCKS = DEV / "locks"
LOGS = DEV / "log"
RUN = DEV / "run"
DATA = DEV / "data"
VENV = DEV / "venv"
BIN = DEV / "bin"
PYTHON = VENV / "bin" / "python"


def addons() -> list[str]:
    """Return the names of the checkout's own addons, in alphabetical order."""
    return sorted(manifest.parent.name for manifest in ROOT.glob("*/__manifest__.py"))
