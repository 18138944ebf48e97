"""Which folder is read: where this machine's operator allows it, by SFTP, in an object store."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from ..errors import ConfigurationError
from ..provider import ProviderContext
from .local import allowed_path

LOCAL, SFTP, MEMORY = "file", "sftp", "memory"
# What each kind of object store calls the two parts of a credential.
_OBJECT_STORES = {"s3": ("key", "secret"), "abfs": ("account_name", "account_key")}
_ALIASES = {"": LOCAL, "local": LOCAL, "ssh": SFTP, "s3a": "s3", "az": "abfs", "gcs": "gs"}


@dataclass(frozen=True)
class Address:
    """A folder: the protocol, its path there, and what the connection needs (secrets too)."""

    protocol: str
    path: str
    options: dict[str, Any]
    host: str = ""

    def shown(self) -> str:
        """Return the address without user and secrets."""
        return f"{self.protocol}://{self.host}{self.path}"


def address_of(context: ProviderContext) -> Address:
    """Return the folder's address. Raises ``ConfigurationError``, quoting no part of it."""
    text = context.setting("folder_url").strip()
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ConfigurationError("The folder's address cannot be read.") from None
    if "::" in text or parts.query or parts.fragment or parts.password:
        raise ConfigurationError(
            "Name one folder, without parameters; the password is kept apart, as a secret."
        )
    protocol = _ALIASES.get(parts.scheme.lower(), parts.scheme.lower())
    path = unquote(parts.path).rstrip("/")
    if ".." in path.split("/"):
        raise ConfigurationError("Name the folder without “..”.")
    if protocol == LOCAL:
        return Address(LOCAL, allowed_path(path or "/"), {"auto_mkdir": True})
    if protocol == MEMORY:
        return Address(MEMORY, f"/{parts.netloc}{path}", {})
    if protocol == SFTP:
        return _sftp(context, parts.hostname or "", port or 22, parts.username, path or "/")
    if protocol in (*_OBJECT_STORES, "gs"):
        return _object_store(context, protocol, parts.hostname and parts.netloc, path)
    raise ConfigurationError("Folders are file://, sftp://, s3://, gs:// or abfs://.")


def _sftp(context: ProviderContext, host: str, port: int, user: str | None, path: str) -> Address:
    user = user or context.settings.get("user")
    if not host or not user:
        raise ConfigurationError("The address names host and user: sftp://user@host/folder")
    options = {
        "host": host,
        "port": port,
        "username": unquote(user),
        "host_key": context.setting("host_key"),
        "password": _secret(context, "password"),
        "private_key": _secret(context, "private_key"),
    }
    if not options["password"] and not options["private_key"]:
        raise ConfigurationError("A password or a private key is needed.")
    return Address(SFTP, path, options, host)


def _object_store(
    context: ProviderContext, protocol: str, bucket: str | None, path: str
) -> Address:
    if not bucket:
        raise ConfigurationError("The address names a bucket: s3://bucket/folder")
    # Without credentials of its own the library would use this server's.
    secret = context.secret("password")
    if protocol == "gs":
        return Address("gs", f"{bucket}{path}", {"token": _token(secret)}, "")
    user, password = _OBJECT_STORES[protocol]
    options: dict[str, Any] = {user: context.setting("user"), password: secret}
    if endpoint := context.settings.get("endpoint"):
        if not endpoint.startswith("https://"):
            raise ConfigurationError("The object store's address begins with https://.")
        options["endpoint_url"] = endpoint
    return Address(protocol, f"{bucket.rpartition('@')[2]}{path}", options)


def _token(secret: str) -> Any:
    try:
        content = json.loads(secret)
    except ValueError:
        content = None
    if not isinstance(content, dict) or content.get("type") != "service_account":
        raise ConfigurationError("The secret is the JSON of a service account.")
    return content


def _secret(context: ProviderContext, name: str) -> str | None:
    values = context.secrets.get(name)
    return values[0] if values else None
