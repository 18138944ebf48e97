"""The stores of a seller, and their registers as far as Square names them.

Source: the operations ``ListLocations``, ``ListDevices``, ``ListPayments``. The list of devices
holds Square's own hardware only; of others the payments tell that they took.
"""

from odoo.addons.retail_connector_base.providers import AuthenticationError, Register, Store

from .client import SquareClient
from .node import Node
from .ticket import COUNTER, bare_device, device_of

# What no device is told of goes to this register.
_COUNTER = Register(COUNTER, "Counter")


def read_stores(client: SquareClient) -> tuple[Store, ...]:
    """Return the locations that are active, with their registers."""
    rows = client.get("locations").get("locations") or []
    return tuple(
        Store(
            external_id=str(row["id"]),
            name=str(row.get("name") or row["id"]),
            timezone=row.get("timezone"),
            registers=(_COUNTER, *_registers(client, str(row["id"]))),
        )
        for row in rows
        if row.get("status") != "INACTIVE"
    )


def _registers(client: SquareClient, location: str) -> tuple[Register, ...]:
    names: dict[str, str] = {}
    for row in _paying(client, location):
        payment = Node(row, "payment")
        number = device_of(payment)
        if number:
            names.setdefault(number, payment.inner("device_details").text("device_name") or number)
    names |= _hardware(client, location)
    return tuple(Register(number, name) for number, name in sorted(names.items()))


def _paying(client: SquareClient, location: str) -> list[dict]:
    """Return the newest payments of a location."""
    return client.get("payments", location_id=location, limit=100).get("payments") or []


def _hardware(client: SquareClient, location: str) -> dict[str, str]:
    """Return Square's own devices, where the token may read them."""
    try:
        rows = list(client.every("devices", "devices", location_id=location))
    except AuthenticationError as error:
        if error.status != 403:
            raise
        return {}
    found = {}
    for row in rows:
        device = Node(row, "device")
        number = device.identifier()
        if number:
            name = device.inner("attributes").text("name")
            found[bare_device(number)] = name or bare_device(number)
    return found
