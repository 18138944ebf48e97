"""Labels: a shipment is made under our reference, then its label is bought.

Source: the operations ``create_shipments``, ``get_shipment_by_external_id``, ``list_labels``,
``create_label_from_shipment`` and ``create_label``. Making a shipment costs nothing. A shipment may
have several labels: what there are is looked at before one is bought. API v2 makes shipments for
people only, without a service: there a label is bought together with its shipment.
"""

from decimal import Decimal
from typing import Any

from odoo.addons.retail_connector_base.canonical.warehouse_command import (
    BuyLabel,
    Package,
    Recipient,
)
from odoo.addons.retail_connector_base.providers import (
    CommandResult,
    ConfigurationError,
    MalformedPayloadError,
    RejectedError,
    UnknownOutcomeError,
)

from .client import Row, ShipStationClient
from .node import Node

CENTIMETRES = Decimal(10)
OPTIONS = {"label_format": "pdf", "label_layout": "4x6", "label_download_type": "url"}


def buy(client: ShipStationClient, command: BuyLabel) -> CommandResult:
    """Buy a label; one that was bought under this reference is returned."""
    shipment = _shipment(client, command.reference)
    if shipment is not None:
        bought = _bought(client, shipment)
        if bought is not None:
            return bought
    elif client.version == "v1":
        shipment = _make(client, command)
    else:
        return _result(client.post("labels", body=_whole(client, command)))
    return _result(client.post("labels", "shipment", shipment, body=OPTIONS))


def look_up(client: ShipStationClient, command: BuyLabel) -> CommandResult | None:
    """Return the label that was bought under a reference, ``None`` if surely none was."""
    shipment = _shipment(client, command.reference)
    return _bought(client, shipment) if shipment is not None else None


def _shipment(client: ShipStationClient, reference: str) -> str | None:
    """Return the id of the shipment that was made under our reference."""
    found = client.find("shipments", "external_shipment_id", reference)
    return Node(found).required_identifier("shipment_id") if found else None


def _bought(client: ShipStationClient, shipment: str) -> CommandResult | None:
    rows = client.get("labels", shipment_id=shipment).get("labels") or []
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict) and not row.get("voided") and row.get("status") != "error":
            return _result(row)
    return None


def _make(client: ShipStationClient, command: BuyLabel) -> str:
    body = {"shipments": [_wanted(command, _carrier(client, command))]}
    answer = client.post("shipments", body=body, harmless=True)
    rows = answer.get("shipments")
    row = rows[0] if isinstance(rows, list) and rows and isinstance(rows[0], dict) else {}
    if answer.get("has_errors") or row.get("errors"):
        errors = row.get("errors")
        words = "; ".join(map(str, errors)) if isinstance(errors, list) else ""
        raise RejectedError(f"ShipStation refused the shipment: {words[:200] or 'no reason'}")
    return Node(row).required_identifier("shipment_id")


def _whole(client: ShipStationClient, command: BuyLabel) -> Row:
    """Return a label that is bought together with its shipment."""
    wanted = _wanted(command, _carrier(client, command))
    shipment = {
        **{name: value for name, value in wanted.items() if name != "validate_address"},
        "return_to": wanted["ship_from"],
        "confirmation": "none",
        "insurance_provider": "none",
        "advanced_options": {},
        "tags": [],
    }
    return {**OPTIONS, "validate_address": wanted["validate_address"], "shipment": shipment}


def _wanted(command: BuyLabel, carrier: str) -> Row:
    if not command.service:
        raise ConfigurationError("Say which service: map the carrier as carrier/service.")
    return {
        "validate_address": "no_validation",
        "carrier_id": carrier,
        "service_code": command.service,
        "external_shipment_id": command.reference,
        "ship_to": _address(command.recipient),
        "ship_from": _address(command.sender),
        "packages": [_package(command.package)],
    }


def _carrier(client: ShipStationClient, command: BuyLabel) -> str:
    """Return the id of the carrier's account: given, or found by its code or name."""
    word = (command.carrier or "").strip()
    if word.startswith("se-"):
        return word
    rows = client.get("carriers").get("carriers") or []
    connected = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    fitting = [row for row in connected if not word or word.lower() in _names(row)]
    if not fitting:
        have = sorted(str(row.get("carrier_code")) for row in connected)
        text = f"ShipStation knows no carrier “{word}”, but: {', '.join(have) or 'none'}."
        raise ConfigurationError(text)
    if len(fitting) > 1:
        raise ConfigurationError("Say which carrier's account: map it as se-…/service.")
    return Node(fitting[0]).required_identifier("carrier_id")


def _names(row: Row) -> set[str]:
    names = (row.get(key) for key in ("carrier_code", "friendly_name", "nickname"))
    return {str(name).lower() for name in names if name}


def _address(party: Recipient) -> Row:
    address = party.address
    found: dict[str, Any] = {
        "name": address.name or address.company,
        "company_name": address.company,
        "phone": party.phone or address.phone,
        "email": party.email,
        "address_line1": address.street,
        "address_line2": address.street2,
        "city_locality": address.city,
        # It may not be empty where a country has no provinces.
        "state_province": address.province_code or address.province or address.city,
        "postal_code": address.zip,
        "country_code": address.country_code,
        "address_residential_indicator": "unknown",
    }
    return {key: value for key, value in found.items() if value}


def _package(package: Package) -> Row:
    found: Row = {"weight": {"value": float(package.weight_grams), "unit": "gram"}}
    sizes = (package.length_mm, package.width_mm, package.height_mm)
    if all(sizes):
        names = ("length", "width", "height")
        measures = {
            name: float(size / CENTIMETRES) for name, size in zip(names, sizes, strict=True) if size
        }
        found["dimensions"] = {"unit": "centimeter", **measures}
    return found


def _result(label: Row) -> CommandResult:
    node = Node(label)
    status, number = node.text("status"), node.text("tracking_number")
    if status == "error":
        raise RejectedError("ShipStation could not make the label.")
    if number is None and status == "processing":
        raise UnknownOutcomeError("The label is being made.")
    if number is None:
        raise MalformedPayloadError("ShipStation says that it is bought, and not what.")
    cost, download = node.child("shipment_cost"), node.child("label_download")
    details = {
        "tracking_number": number,
        "label_url": (download.text("pdf") or download.text("href")) if download else None,
        "amount": str(cost.number("amount")) if cost else None,
        "currency": cost.code() if cost else None,
    }
    return CommandResult(
        external_ids=(node.required_identifier("label_id"),),
        details={key: value for key, value in details.items() if value},
    )
