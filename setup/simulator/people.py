"""The customers of a shop."""

from dataclasses import dataclass
from datetime import datetime
from random import Random

from .identifiers import Ids

FIRST = ("Anna", "Ben", "Chloé", "Dmitri", "Elif", "Finn", "Grace", "Håkon", "Ines", "Jürgen")
LAST = (
    "Müller",
    "Smith",
    "Dubois",
    "García",
    "Øster",
    "O'Brien",
    "Tanaka",
    "Novák",
    "Rossi",
    "Lee",
)
STREETS = ("Hauptstraße", "Mill Lane", "Rue Verte", "Market Street", "Lindenallee")
# city, zip, province, province code, country, country code, telephone prefix
PLACES = {
    "EUR": (("Berlin", "10115", "Berlin", "BE", "Germany", "DE", "+4930"),
            ("München", "80331", "Bayern", "BY", "Germany", "DE", "+4989")),
    "USD": (("Los Angeles", "90012", "California", "CA", "United States", "US", "+1213"),
            ("Pasadena", "91101", "California", "CA", "United States", "US", "+1626")),
    "JPY": (("Chiyoda-ku", "100-0001", "Tōkyō", "JP-13", "Japan", "JP", "+813"),),
    "BHD": (("Manama", "317", "Manama", "13", "Bahrain", "BH", "+97317"),),
}  # fmt: skip


@dataclass(frozen=True)
class Address:
    """Where goods or a bill go."""

    first_name: str
    last_name: str
    street: str
    street2: str | None
    city: str
    zip: str
    province: str
    province_code: str
    country: str
    country_code: str
    phone: str
    company: str | None = None

    @property
    def name(self) -> str:
        """The recipient."""
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True)
class Customer:
    """Somebody with an account, or one that checkout made for him."""

    id: int
    address_id: int
    first_name: str
    last_name: str
    email: str
    phone: str | None
    verified: bool
    created_at: datetime
    address: Address


def make_address(rng: Random, currency: str, first: str, last: str) -> Address:
    """Return an address in the shop's country."""
    city, code, province, province_code, country, country_code, prefix = rng.choice(
        PLACES.get(currency, PLACES["EUR"])
    )
    return Address(
        first_name=first,
        last_name=last,
        street=f"{rng.choice(STREETS)} {rng.randint(1, 199)}",
        street2="2nd floor" if rng.random() < 0.2 else None,
        city=city,
        zip=code,
        province=province,
        province_code=province_code,
        country=country,
        country_code=country_code,
        phone=f"{prefix}{rng.randint(1_000_000, 9_999_999)}",
        company="Acme Ltd." if rng.random() < 0.1 else None,
    )


def make_customer(rng: Random, ids: Ids, currency: str, moment: datetime) -> Customer:
    """Return a customer nobody has seen before: the e-mail address is unique in the shop."""
    number = ids.next("Customer")
    first, last = rng.choice(FIRST), rng.choice(LAST)
    address = make_address(rng, currency, first, last)
    return Customer(
        id=number,
        address_id=ids.next("MailingAddress"),
        first_name=first,
        last_name=last,
        email=f"customer{number % 10**9}@example.com",
        phone=address.phone if rng.random() < 0.5 else None,
        verified=rng.random() < 0.9,
        created_at=moment,
        address=address,
    )
