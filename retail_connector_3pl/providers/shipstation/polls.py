"""Parcels by their labels: the API lists no parcels.

Source: the operations ``list_labels`` and ``get_tracking_log_from_label``. The list tells which
have arrived; of the others each is asked for.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

from odoo.addons.retail_connector_base.providers import Page, ReceivedMessage

from .client import Row, ShipStationClient
from .node import Node
from .webhook import LISTED, POLLED, polled

# Parcels that are older have arrived, or are lost.
LONGEST_WAY = timedelta(days=45)
ARRIVED = "delivered"


def pages(
    client: ShipStationClient, since: datetime | None, now: datetime, cursor: str
) -> Iterator[Page]:
    """Yield where parcels are whose labels were bought not too long ago, the oldest first.

    ``cursor`` is where an interrupted list goes on: since when, and the next page.
    """
    begin, _bar, page = cursor.rpartition("|")
    begin = begin or _text((since or now) - LONGEST_WAY)
    number = int(page) if page.isdecimal() else 1
    params = {"created_at_start": begin, "sort_by": "created_at", "sort_dir": "asc"}
    for rows in client.pages("labels", "labels", page=number, **params):
        number += 1
        yield Page(tuple(_messages(client, rows)), f"{begin}|{number}")


def of_number(client: ShipStationClient, number: str) -> ReceivedMessage | None:
    """Return where a parcel is by its number, ``None`` where no label of ours has it."""
    rows = client.get("labels", tracking_number=number).get("labels") or []
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict) and not row.get("voided"):
            return _asked(client, row, authoritative=True)
    return None


def _messages(client: ShipStationClient, rows: list[Row]) -> Iterator[ReceivedMessage]:
    for row in rows:
        if row.get("voided") or not row.get("trackable") or not row.get("tracking_number"):
            continue
        if row.get("tracking_status") == ARRIVED:
            names = ("label_id", "tracking_number", "carrier_code", "tracking_status")
            yield polled(LISTED, Node({name: row.get(name) for name in names}))
        else:
            yield _asked(client, row)


def _asked(client: ShipStationClient, row: Row, authoritative: bool = False) -> ReceivedMessage:
    told = client.get("labels", Node(row).required_identifier("label_id"), "track")
    # The log of a label does not say again who carries it.
    whole = {"carrier_code": row.get("carrier_code"), **told}
    return polled(POLLED, Node(whole), authoritative)


def _text(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")
