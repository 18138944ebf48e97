"""What databases complain of, in classes; no text of theirs that could quote a row or a secret."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc

from odoo.addons.retail_connector_base.providers import (
    AuthenticationError,
    ConfigurationError,
    ConnectorError,
    TransientError,
)
from odoo.addons.retail_connector_base.providers.redaction import redact_text

_REFUSED = ("password authentication", "access denied", "login failed", "authentication failed")
_UNKNOWN = ("no such table", "no such column", "unable to open", "not a database", "does not exist")
_DENIED = ("not authorized", "permission denied", "read-only", "readonly", "prohibited")


@contextmanager
def answered() -> Iterator[None]:
    """Turn errors of drivers into those that decide about retry and owner."""
    try:
        yield
    except (exc.NoSuchModuleError, ModuleNotFoundError, ImportError):
        raise ConfigurationError("The driver of this kind of database is not installed.") from None
    except exc.DBAPIError as error:
        raise _of_driver(error) from None
    except exc.SQLAlchemyError as error:
        name = type(error).__name__
        raise ConfigurationError(f"The database cannot be read like this ({name}).") from None


def _of_driver(error: exc.DBAPIError) -> ConnectorError:
    lines = str(error.orig).strip().splitlines() or [""]
    text = lines[0].lower()
    if any(word in text for word in _REFUSED):
        return AuthenticationError("The database refuses user or password.")
    if any(word in text for word in _DENIED):
        return ConfigurationError("The database's user may not read what the layout names.")
    if isinstance(error, exc.ProgrammingError) or any(word in text for word in _UNKNOWN):
        # Names of tables and columns, which the administrator declared.
        return ConfigurationError(f"The database says: {redact_text(lines[0], 200)}")
    if isinstance(error, exc.OperationalError | exc.InterfaceError | exc.InternalError):
        return TransientError(f"The database did not answer ({type(error.orig).__name__}).")
    return ConfigurationError(
        f"The database cannot compare what the layout names ({type(error.orig).__name__})."
    )
