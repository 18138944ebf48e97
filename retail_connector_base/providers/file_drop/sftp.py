"""SFTP that talks to nobody but the server whose key was declared."""

import base64
import binascii
import io
from itertools import pairwise
from typing import Any

import paramiko
from fsspec.implementations.sftp import SFTPFileSystem

from ..errors import ConfigurationError

SECONDS = 20


class PinnedSFTPFileSystem(SFTPFileSystem):
    """fsspec's own accepts any host key: then anybody between us would get the password."""

    protocol = "sftp"

    def _connect(self) -> None:
        """Override: refuse a server with another key, and use no key or agent of this machine."""
        given = dict(self.ssh_kwargs)
        host_key, private_key = given.pop("host_key"), given.pop("private_key", None)
        self.client = paramiko.SSHClient()
        port = given.get("port", 22)
        name = self.host if port == 22 else f"[{self.host}]:{port}"
        key = public_key(host_key)
        self.client.get_host_keys().add(name, key.get_name(), key)
        self.client.set_missing_host_key_policy(paramiko.RejectPolicy())
        self.client.connect(
            self.host,
            pkey=_private(private_key),
            allow_agent=False,
            look_for_keys=False,
            timeout=SECONDS,
            banner_timeout=SECONDS,
            auth_timeout=SECONDS,
            **given,
        )
        self.ftp = self.client.open_sftp()
        self.ftp.get_channel().settimeout(SECONDS * 3)

    def close(self) -> None:
        """End the connection."""
        self.client.close()


def public_key(text: str) -> Any:
    """Return a server's key as ``ssh-keyscan`` prints it: type and key, a name before it or not."""
    words = text.split()
    for kind, data in pairwise(words):
        if kind.startswith(("ssh-", "ecdsa-")):
            try:
                return paramiko.PKey.from_type_string(kind, base64.b64decode(data, validate=True))
            except (paramiko.SSHException, binascii.Error, ValueError):
                break
    raise ConfigurationError("The server's key is a type and a key: ssh-ed25519 AAAA…")


def _private(text: str | None) -> Any:
    if not text:
        return None
    kinds = (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey)
    for kind in kinds:
        try:
            return kind.from_private_key(io.StringIO(text))
        except (paramiko.SSHException, ValueError):
            continue
    raise ConfigurationError("The private key cannot be read (OpenSSH or PEM, no passphrase).")
