"""Customers and addresses in webhook JSON."""

from ..identifiers import gid
from ..people import Address, Customer
from ..settings import ShopSettings
from .money import Json


def address_json(address: Address) -> Json:
    """Write the address of an order."""
    return {
        "first_name": address.first_name,
        "address1": address.street,
        "phone": address.phone,
        "city": address.city,
        "zip": address.zip,
        "province": address.province,
        "country": address.country,
        "last_name": address.last_name,
        "address2": address.street2,
        "company": address.company,
        "latitude": None,
        "longitude": None,
        "name": address.name,
        "country_code": address.country_code,
        "province_code": address.province_code,
    }


def customer_json(customer: Customer, currency: str, settings: ShopSettings) -> Json:
    """Write a customer with his default address."""
    moment = settings.local(customer.created_at)
    default = address_json(customer.address) | {
        "id": customer.address_id,
        "customer_id": customer.id,
        "country_name": customer.address.country,
        "default": True,
    }
    del default["latitude"], default["longitude"]
    return {
        "id": customer.id,
        "created_at": moment,
        "updated_at": moment,
        "first_name": customer.first_name,
        "last_name": customer.last_name,
        "state": "disabled",
        "note": None,
        "verified_email": customer.verified,
        "multipass_identifier": None,
        "tax_exempt": False,
        "email": customer.email,
        "phone": customer.phone,
        "currency": currency,
        "tax_exemptions": [],
        "admin_graphql_api_id": gid("Customer", customer.id),
        "default_address": default,
    }
