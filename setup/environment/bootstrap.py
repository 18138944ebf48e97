"""From a bare Python to the virtual environment, with nothing but the standard library."""

import os
import signal
import sys
from pathlib import Path

from . import odoo_source, virtualenv
from .locks import exclusive
from .odoo_source import OdooSource
from .paths import PYTHON, VENV


def enter() -> OdooSource:
    """Build what is missing, and run this command again inside the virtual environment.

    Returns only there; from then on third-party packages and Odoo can be imported.
    """
    os.umask(0o022)  # PostgreSQL may run as another user, who has to read its program files
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what we started is stopped
    with exclusive("build"):
        source = odoo_source.obtain()
        virtualenv.build(source)
    if Path(sys.prefix) != VENV:
        os.execv(PYTHON, [str(PYTHON), *sys.argv])
    return source
