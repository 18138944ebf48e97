"""Labels: a shipment is made under our reference, then its label is bought.

Source: docs.easypost.com/docs/shipments. Making a shipment costs nothing, and a shipment has at
most one label. ``reference`` may be used in place of its id; the newest of several is found so,
hence what may have been bought is looked for among the purchased ones as well. Weights are in
ounces, lengths in inches, both with one decimal.
"""

from decimal import ROUND_UP, Decimal
from typing import Any

from odoo.addons.retail_connector_base.canonical.warehouse_command import (
    BuyLabel,
    Package,
    Recipient,
)
from odoo.addons.retail_connector_base.providers import (
    CommandResult,
    MalformedPayloadError,
    RejectedError,
    UnknownOutcomeError,
)

from .client import EasyPostClient, Row
from .node import Node

GRAMS = Decimal("28.349523125")
MILLIMETRES = Decimal("25.4")
# How many pages of purchased shipments are looked through for one that may have been bought.
PAGES = 20


def buy(client: EasyPostClient, command: BuyLabel) -> CommandResult:
    """Buy a label; one that was bought under this reference is returned."""
    shipment = client.find("shipments", command.reference) or client.post(
        "shipments", body={"shipment": _wanted(command)}, harmless=True
    )
    if shipment.get("postage_label"):
        return _result(shipment)
    rate = _rate(shipment, command)
    number = Node(shipment).required_identifier()
    return _result(client.post("shipments", number, "buy", body={"rate": {"id": rate["id"]}}))


def look_up(client: EasyPostClient, command: BuyLabel, since: str) -> CommandResult | None:
    """Return the label that was bought under a reference, ``None`` if surely none was."""
    shipment = client.find("shipments", command.reference)
    if shipment is None:
        return None
    if shipment.get("postage_label"):
        return _result(shipment)
    pages = client.pages("shipments", "shipments", purchased="true", start_datetime=since)
    for count, rows in enumerate(pages):
        if count >= PAGES:
            raise UnknownOutcomeError("Too many labels were bought to look through all of them.")
        for row in rows:
            if row.get("reference") == command.reference and row.get("postage_label"):
                return _result(row)
    return None


def _wanted(command: BuyLabel) -> Row:
    return {
        "reference": command.reference,
        "from_address": _address(command.sender),
        "to_address": _address(command.recipient),
        "parcel": _parcel(command.package),
        "options": {"label_format": "PDF"},
    }


def _address(party: Recipient) -> Row:
    address = party.address
    found: dict[str, Any] = {
        "name": address.name,
        "company": address.company,
        "street1": address.street,
        "street2": address.street2,
        "city": address.city,
        "state": address.province_code or address.province,
        "zip": address.zip,
        "country": address.country_code,
        "phone": party.phone or address.phone,
        "email": party.email,
    }
    return {key: value for key, value in found.items() if value}


def _parcel(package: Package) -> Row:
    sizes = {
        "length": package.length_mm, "width": package.width_mm, "height": package.height_mm
    }  # fmt: skip
    found = {name: _tenths(size / MILLIMETRES) for name, size in sizes.items() if size}
    return {**found, "weight": _tenths(package.weight_grams / GRAMS)}


def _tenths(value: Decimal) -> float:
    """Return a measure with one decimal, rounded up: nothing may be heavier than it says."""
    return float(value.quantize(Decimal("0.1"), rounding=ROUND_UP))


def _rate(shipment: Row, command: BuyLabel) -> Row:
    """Return the offer for what is wanted, the cheapest where several are."""
    offers = [row for row in shipment.get("rates") or () if isinstance(row, dict) and row.get("id")]
    found = [row for row in offers if _fits(row, command)]
    if not found:
        have = sorted({f"{row.get('carrier')}/{row.get('service')}" for row in offers})
        wanted = "/".join(filter(None, (command.carrier, command.service))) or "anything"
        raise RejectedError(
            f"EasyPost offers no {wanted} for this parcel, but: {', '.join(have) or 'nothing'}."
        )
    return min(found, key=lambda row: (Node(row).number("rate"), str(row.get("id"))))


def _fits(row: Row, command: BuyLabel) -> bool:
    wanted = ((command.carrier, "carrier"), (command.service, "service"))
    return all(not word or str(row.get(key) or "").lower() == word.lower() for word, key in wanted)


def _result(shipment: Row) -> CommandResult:
    node = Node(shipment)
    rate, label = node.child("selected_rate"), node.child("postage_label")
    number = node.text("tracking_code")
    if label is None or number is None:
        raise MalformedPayloadError("EasyPost says that it is bought, and not what.")
    details = {
        "tracking_number": number,
        "label_url": label.text("label_pdf_url") or label.text("label_url"),
        "amount": str(rate.number("rate")) if rate else None,
        "currency": rate.currency("currency") if rate else None,
    }
    return CommandResult(
        external_ids=(node.required_identifier(),),
        details={key: value for key, value in details.items() if value},
    )
