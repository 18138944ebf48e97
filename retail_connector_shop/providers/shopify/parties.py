"""Customers and addresses."""

from odoo.addons.retail_connector_base.canonical import Address, Customer

from .node import Node


def to_address(node: Node | None) -> Address | None:
    """Read an address, ``None`` when there is none or nothing in it."""
    if node is None:
        return None
    names = (node.text("first_name"), node.text("last_name"))
    country = node.text("country_code")
    address = Address(
        name=node.text("name") or " ".join(name for name in names if name) or None,
        company=node.text("company"),
        street=node.text("address1"),
        street2=node.text("address2"),
        city=node.text("city"),
        zip=node.text("zip"),
        province=node.text("province"),
        province_code=node.text("province_code"),
        country_code=country.upper() if country else None,
        phone=node.text("phone"),
    )
    return address if address != Address() else None


def to_customer(node: Node, *, language: str | None = None, version: bool = True) -> Customer:
    """Read a customer. Raises ``MalformedPayloadError`` without an id.

    An order shows its customer of some moment, not of a version: ``version`` is false there, and
    ``language`` is the order's: webhooks of customers tell none.
    """
    return Customer(
        external_id=node.required_identifier(),
        updated_at=node.utc("updated_at") if version else None,
        email=node.text("email"),
        email_verified=node.flag("verified_email") and "email" in node,
        phone=node.text("phone"),
        first_name=node.text("first_name"),
        last_name=node.text("last_name"),
        language=language,
        tax_exempt=node.flag("tax_exempt"),
        default_address=to_address(node.child("default_address")),
    )
