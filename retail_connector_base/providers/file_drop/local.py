"""Which files of this machine may be read: those that the server's operator opened, and no other.

Whoever configures a backend need not be who runs the server.
"""

import os
from pathlib import Path

from ..errors import ConfigurationError

VARIABLE = "RETAIL_CONNECTOR_FOLDERS"


def allowed_path(path: str) -> str:
    """Return the real path of a file or folder. Raises ``ConfigurationError`` outside the folders.

    The folders are listed in the server's environment, parted by ``os.pathsep``.
    """
    folders = [part for part in os.environ.get(VARIABLE, "").split(os.pathsep) if part]
    real = Path(os.path.realpath(path))
    for folder in folders:
        if real.is_relative_to(os.path.realpath(folder)):
            return str(real)
    raise ConfigurationError(
        f"This server does not open that place: its operator lists the folders of the server "
        f"that may be read in {VARIABLE}."
    )
