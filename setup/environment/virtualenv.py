"""The virtual environment that Odoo, the tests and the linters run in."""

import sys
from pathlib import Path

from . import requirements, stamps
from .console import Failure, step
from .odoo_source import OdooSource
from .paths import PYTHON, VENV
from .process import run

OLDEST = (3, 10)
STAMP = VENV / "retail-connector.stamp"

# `python -m odoo` cannot fork its workers, since its argv[0] is __main__.py.
CONSOLE_SCRIPT = """#!{python}
import odoo.cli

if __name__ == "__main__":
    odoo.cli.main()
"""


def build(source: OdooSource) -> None:
    """Create or update the virtual environment for ``source``; does nothing when it is current."""
    wanted = [*requirements.odoo_requirements(source), *requirements.our_requirements()]
    key = stamps.digest([sys.version, source.key, requirements.QUEUE_JOB, *wanted, CONSOLE_SCRIPT])
    if stamps.is_current(STAMP, key):
        return
    _create()
    with step("installing Python packages"):
        _install(wanted)
    _link_odoo(source)
    stamps.write(STAMP, key)


def _create() -> None:
    if sys.version_info < OLDEST:
        raise Failure(f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed, this is {sys.version}")
    if _is_of_this_python():
        return
    with step("creating the virtual environment"):
        try:
            run([sys.executable, "-m", "venv", "--clear", VENV], log="venv.log")
        except Failure as failure:
            advice = "On Debian or Ubuntu: apt-get install python3-venv"
            raise Failure(f"{failure}\n{advice}") from failure


def _is_of_this_python() -> bool:
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return PYTHON.exists() and (VENV / "lib" / version).is_dir()


def _install(wanted: list[str]) -> None:
    listing = VENV / "requirements.txt"
    listing.write_text("\n".join(wanted) + "\n")
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*pip, "-r", listing], log="pip.log")
    run([*pip, "--no-deps", requirements.QUEUE_JOB], log="pip-queue-job.log")


def _link_odoo(source: OdooSource) -> None:
    """Make Odoo importable, and visible to pip, without copying it."""
    (site_packages() / "odoo-source.pth").write_text(f"{source.python_path}\n")
    script = VENV / "bin" / "odoo"
    script.write_text(CONSOLE_SCRIPT.format(python=PYTHON))
    script.chmod(0o755)


def site_packages() -> Path:
    """Return the folder that pip installs into."""
    return next((VENV / "lib").glob("python3.*/site-packages"))
