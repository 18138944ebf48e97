"""A customer of a channel."""

from typing import ClassVar

from .address import Address
from .base import CanonicalMessage


class Customer(CanonicalMessage):
    """A person or company that buys.

    ``email_verified`` tells whether the channel proved the address: only then does it identify.
    """

    kind: ClassVar[str] = "customer"

    email: str | None = None
    email_verified: bool = False
    phone: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    language: str | None = None
    tax_exempt: bool = False
    default_address: Address | None = None

    @property
    def display_name(self) -> str | None:
        """The customer's name, ``None`` when the channel knows none."""
        return " ".join(part for part in (self.first_name, self.last_name) if part) or None
