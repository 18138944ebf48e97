"""A customer of a channel."""

from typing import ClassVar

from pydantic import model_validator

from .address import Address
from .base import CanonicalMessage
from .consent import Consent


class Customer(CanonicalMessage):
    """A person or company that buys.

    ``email_verified`` tells whether the channel proved the address: only then does it identify.
    ``None`` for ``tags`` and ``consents`` means that the sender does not say.
    """

    kind: ClassVar[str] = "customer"
    schema_version: ClassVar[str] = "1.1"

    email: str | None = None
    email_verified: bool = False
    phone: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    language: str | None = None
    tax_exempt: bool = False
    default_address: Address | None = None
    company: str | None = None
    tags: tuple[str, ...] | None = None
    consents: tuple[Consent, ...] | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _one_word_each(self) -> "Customer":
        channels = [consent.channel for consent in self.consents or ()]
        if len(set(channels)) < len(channels):
            raise ValueError("tell of each channel's consent once")
        return self

    @property
    def display_name(self) -> str | None:
        """The customer's name, ``None`` when the channel knows none."""
        return " ".join(part for part in (self.first_name, self.last_name) if part) or None
