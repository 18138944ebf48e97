"""What tests of commands to ShipBob share: the commands, and answers to their requests."""

from datetime import datetime, timezone

from odoo.addons.retail_connector_base.canonical import (
    Address,
    AnnouncedLine,
    Recipient,
    ReleaseLine,
    ReleaseOrder,
)

from .shipbob_common import FakeHttp

ADDRESS = Address(
    name="Jane Doe", company="Acme", street="1 Main St", street2="Apt 2", city="Reno", zip="89501",
    province="Nevada", province_code="NV", country_code="US", phone="555",
)  # fmt: skip
JANE = Recipient(address=ADDRESS, email="jane@example.com")
DUPLICATE = (422, {"": ["Cannot insert order with existing ReferenceId"]})
MOMENT = datetime(2026, 4, 2, 8, tzinfo=timezone.utc)


def line(reference="11", sku="MUG", quantity=2, **values):
    return ReleaseLine(external_id=reference, sku=sku, name=f"A {sku}", quantity=quantity, **values)


def release(*lines, **values):
    told = {
        "order_external_id": "REL-1", "location_external_id": "10", "order_name": "#1001",
        "recipient": JANE, "lines": lines or (line(),),
    }  # fmt: skip
    return ReleaseOrder(**(told | values))


def announced(reference="1", sku="MUG", quantity=10, **values):
    return AnnouncedLine(external_id=reference, sku=sku, name=sku, quantity=quantity, **values)


def request(cls, **values):
    told = {"order_external_id": "REL-1", "request_reference": "REQ-1",
            "warehouse_order_external_id": "5", "location_external_id": "10"}  # fmt: skip
    return cls(**(told | values))


def answers(**by_call):
    """Return what answers calls: by method and path, with underscores for slashes."""

    def answer(method, path, content):
        key = f"{method}_{path}".replace("/", "_").replace(":", "_").replace("-", "_")
        found = by_call[key]
        return found(content) if callable(found) else found

    return FakeHttp(answer)


def inventory(*rows):
    """Return an answer that lists stock items by their number or SKU."""

    def found(query):
        numbers = query.get("InventoryIds", "").split(",")
        part = query.get("SearchBy")
        items = [
            {"inventory_id": number, "sku": sku, "variant": {"is_active": active}}
            for number, sku, active in rows
            if (part and part in sku) or str(number) in numbers
        ]
        return {"items": items, "next": None}

    return found
