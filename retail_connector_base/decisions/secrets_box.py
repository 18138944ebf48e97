"""Encryption of stored secrets, with a key that is kept outside the database."""

from collections.abc import Sequence
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from ..providers.errors import ConfigurationError

ADVICE = (
    "Set RETAIL_CONNECTOR_KEY in the server's environment, or retail_connector_key in its "
    "configuration file, to a key made by: python3 -c "
    '"from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
)
SHORTEST_SHOWN = 12


class SecretBox:
    """Seals and opens secrets. The first key seals, every key opens.

    Raises ``ConfigurationError`` when there is no key, or one is not a Fernet key.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise ConfigurationError(f"There is no key to encrypt secrets with. {ADVICE}")
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError as error:
            raise ConfigurationError(f"A key to encrypt secrets is not valid. {ADVICE}") from error

    def seal(self, secret: str) -> str:
        """Return the secret encrypted."""
        return self._fernet.encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str:
        """Return the secret. Raises ``ConfigurationError`` when no key opens it."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise ConfigurationError(
                "A stored secret cannot be decrypted with the server's keys: put the former key "
                "back behind the present one, separated by a comma, or enter the secret again."
            ) from None

    def reseal(self, sealed: str) -> str:
        """Return the same secret, encrypted with the first key."""
        return self.seal(self.open(sealed))


@lru_cache(maxsize=4)
def box_of(keys: str) -> SecretBox:
    """Return the box of comma-separated keys; building it once keeps a webhook cheap."""
    return SecretBox([key.strip() for key in keys.split(",") if key.strip()])


def last_four(secret: str) -> str:
    """Return what may be shown of a secret: its end, nothing when that would give it away."""
    return secret[-4:] if len(secret) >= SHORTEST_SHOWN else ""
