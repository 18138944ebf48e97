"""The key that encrypts stored credentials in the databases made here."""

import base64
import os

from .locks import exclusive
from .paths import DEV

VARIABLE = "RETAIL_CONNECTOR_KEY"


def export() -> None:
    """Put the key into the environment: the user's own, else one that is kept in our folder."""
    if not os.environ.get(VARIABLE):
        os.environ[VARIABLE] = _stored()


def _stored() -> str:
    path = DEV / "secret-key"
    with exclusive("secret-key"):
        if not path.exists():
            path.write_text(base64.urlsafe_b64encode(os.urandom(32)).decode())
            path.chmod(0o600)
    return path.read_text()
