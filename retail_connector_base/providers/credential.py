"""What a provider must be given before it can work."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CredentialSpec:
    """A secret: stored encrypted, shown by its last four characters, rotated with overlap."""

    name: str
    label: str
    help: str = ""
    required: bool = True


@dataclass(frozen=True)
class SettingSpec:
    """A plain setting of a connection, e.g. the shop's domain or the API version."""

    name: str
    label: str
    help: str = ""
    default: str = ""
    required: bool = True
