"""Which database is read: its address, without anything that this server would add by itself."""

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from odoo.addons.retail_connector_base.providers import ConfigurationError, ProviderContext
from odoo.addons.retail_connector_base.providers.file_drop import allowed_path

# Parameters of an address that change how a connection is made, but not to whom or as whom.
_PARAMETERS = frozenset(
    [
        "sslmode",
        "charset",
        "driver",
        "encrypt",
        "trustservercertificate",
        "applicationintent",
        "service_name",
    ]
)


def address_of(context: ProviderContext) -> URL:
    """Return the address with its password. Raises ``ConfigurationError``, quoting neither.

    Host, user and password have to be given: drivers fill in what is missing from the server's own
    environment, and whoever configures this backend may not be who runs the server.
    """
    try:
        url = make_url(context.setting("database_url"))
    except ArgumentError:
        raise ConfigurationError("The database's address cannot be read.") from None
    if url.password:
        raise ConfigurationError("The password is kept apart from the address, as a secret.")
    if url.get_backend_name() == "sqlite":
        return _file(url)
    return _server(url).set(password=context.secret("database_password"))


def _file(url: URL) -> URL:
    if not url.database or url.database.startswith(("file:", ":")) or url.query:
        raise ConfigurationError("Name the database's file: sqlite:////folder/file.db")
    return url.set(database=allowed_path(url.database))


def _server(url: URL) -> URL:
    query = {name: value for name, value in url.query.items() if name.lower() != "host"}
    unknown = sorted(name for name in query if name.lower() not in _PARAMETERS)
    if unknown:
        raise ConfigurationError(f"The address may not have the parameter “{unknown[0]}”.")
    socket = url.query.get("host")
    if socket is not None:
        # A socket of this machine is reached through a folder that its operator opened.
        if url.host or not isinstance(socket, str):
            raise ConfigurationError("Name the database's host once.")
        allowed_path(socket)
    if not (url.host or socket) or not url.username or not url.database:
        raise ConfigurationError("The address names host, user and database.")
    return url


def shown(url: URL) -> str:
    """Return an address that may be shown."""
    return url.set(password=None, query={}).render_as_string(hide_password=True)
