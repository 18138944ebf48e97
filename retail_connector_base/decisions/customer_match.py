"""Who a customer is: identity that a channel proved, compared with the partners of a company."""

from collections.abc import Collection
from dataclasses import dataclass

import phonenumbers

from ..canonical import Address


@dataclass(frozen=True)
class Match:
    """The partner that a customer is, or those he might be: a person decides about the latter."""

    partner_id: int | None = None
    suggestions: tuple[int, ...] = ()


def match(by_email: Collection[int], by_phone: Collection[int]) -> Match:
    """Return the partner found by verified e-mail, else by phone; several are only suggestions."""
    for found in (by_email, by_phone):
        if len(found) == 1:
            return Match(partner_id=next(iter(found)))
        if found:
            return Match(suggestions=tuple(sorted(found)))
    return Match()


def e164(phone: str | None, country: str | None) -> str | None:
    """Return a telephone number as +4930123456, ``None`` when it is none.

    ``country`` (ISO 3166-1 alpha-2) completes numbers that are written without their country.
    """
    try:
        number = phonenumbers.parse(phone or "", country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _plain(text: str | None) -> str:
    return " ".join((text or "").split()).casefold()


def address_key(address: Address) -> tuple[str, ...]:
    """Return what makes two addresses equal: case and spacing do not count."""
    state = address.province_code or address.province
    return tuple(
        _plain(part)
        for part in (
            address.name,
            address.company,
            address.street,
            address.street2,
            address.city,
            address.zip,
            state,
            address.country_code,
        )
    )
