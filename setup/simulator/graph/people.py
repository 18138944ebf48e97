"""Customers and addresses as nodes."""

from zlib import crc32

from ..identifiers import gid
from ..people import Address, Customer
from ..settings import utc
from .money import Node


def address_node(address: Address | None) -> Node | None:
    """Return a MailingAddress; its id follows from its content."""
    if address is None:
        return None
    number = crc32(repr(address).encode())
    return {
        "__typename": "MailingAddress",
        "id": f"{gid('MailingAddress', number)}?model_name=Address",
        "address1": address.street,
        "address2": address.street2,
        "city": address.city,
        "company": address.company,
        "coordinatesValidated": False,
        "country": address.country,
        "countryCodeV2": address.country_code,
        "firstName": address.first_name,
        "lastName": address.last_name,
        "latitude": None,
        "longitude": None,
        "name": address.name,
        "phone": address.phone,
        "province": address.province,
        "provinceCode": address.province_code,
        "timeZone": None,
        "zip": address.zip,
    }


def customer_node(customer: Customer | None) -> Node | None:
    """Return a Customer."""
    if customer is None:
        return None
    return {
        "__typename": "Customer",
        "id": gid("Customer", customer.id),
        "legacyResourceId": str(customer.id),
        "createdAt": utc(customer.created_at),
        "updatedAt": utc(customer.created_at),
        "displayName": f"{customer.first_name} {customer.last_name}",
        "firstName": customer.first_name,
        "lastName": customer.last_name,
        "email": customer.email,
        "phone": customer.phone,
        "defaultEmailAddress": _email(customer),
        "defaultPhoneNumber": _phone(customer),
        "defaultAddress": address_node(customer.address),
        "addressesV2": [address_node(customer.address)],
        "locale": "en",
        "multipassIdentifier": None,
        "note": None,
        "state": "DISABLED",
        "tags": [],
        "taxExempt": False,
        "taxExemptions": [],
        "verifiedEmail": customer.verified,
    }


def _email(customer: Customer) -> Node:
    return {
        "__typename": "CustomerEmailAddress",
        "emailAddress": customer.email,
        "marketingState": "NOT_SUBSCRIBED",
        "validFormat": True,
    }


def _phone(customer: Customer) -> Node | None:
    if not customer.phone:
        return None
    return {
        "__typename": "CustomerPhoneNumber",
        "phoneNumber": customer.phone,
        "marketingState": "NOT_SUBSCRIBED",
    }
