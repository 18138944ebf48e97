"""Recipients as ShipBob wants them: an order and a shipment write the same in other words.

Source: the schemas ``RecipientInfoViewModel`` and ``UpdateAddressRequest``.
"""

from odoo.addons.retail_connector_base.canonical import Recipient
from odoo.addons.retail_connector_base.providers import RejectedError

from .client import Row

NEEDED = (("street", "a street"), ("city", "a city"), ("country_code", "a country"))


def recipient_of(recipient: Recipient) -> Row:
    """Return the recipient of an order. Raises ``RejectedError`` where something is missing."""
    address = recipient.address
    return _told(
        name=_name(recipient),
        email=recipient.email,
        phone_number=_phone(recipient),
        address=_told(
            address1=address.street,
            address2=address.street2,
            company_name=address.company,
            city=address.city,
            state=address.province_code or address.province,
            zip_code=address.zip,
            country=address.country_code,
        ),
    )


def address_of(recipient: Recipient) -> Row:
    """Return the new address of a shipment, all of it."""
    address = recipient.address
    return {
        "recipient_name": _name(recipient),
        "company_name": address.company,
        "street_address1": address.street,
        "street_address2": address.street2,
        "city": address.city,
        "state": address.province_code or address.province,
        "zip_code": address.zip,
        "country_code": address.country_code,
        "email": recipient.email,
        "phone_number": _phone(recipient),
    }


def _name(recipient: Recipient) -> str:
    """Return who gets it, once it is sure that the address is whole."""
    address = recipient.address
    missing = [words for field, words in NEEDED if not getattr(address, field)]
    name = address.name or address.company
    if not name:
        missing.insert(0, "a name")
    if missing or not name:
        raise RejectedError(f"The address needs {', '.join(missing)}.")
    return name[:300]


def _phone(recipient: Recipient) -> str | None:
    return (recipient.phone or recipient.address.phone or "")[:50] or None


def _told(**values: object) -> Row:
    return {key: value for key, value in values.items() if value not in (None, "")}
