"""A postal address."""

from .base import CanonicalModel


class Address(CanonicalModel):
    """A postal address as the channel holds it; nothing is guessed from other fields."""

    name: str | None = None
    company: str | None = None
    street: str | None = None
    street2: str | None = None
    city: str | None = None
    zip: str | None = None
    province: str | None = None
    province_code: str | None = None
    country_code: str | None = None  # ISO 3166-1 alpha-2
    phone: str | None = None
