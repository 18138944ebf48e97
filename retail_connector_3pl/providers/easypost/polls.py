"""Lists of trackers. Source: docs.easypost.com/docs/trackers (list: by the time of creation)."""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

from odoo.addons.retail_connector_base.providers import (
    MalformedPayloadError,
    Page,
    ReceivedMessage,
    TransientError,
)

from .client import EasyPostClient, Row
from .node import Node
from .webhook import polled

# Trackers are listed by when they were made: parcels that are older have arrived, or are lost.
LONGEST_WAY = timedelta(days=45)


def pages(
    client: EasyPostClient, since: datetime | None, now: datetime, cursor: str
) -> Iterator[Page]:
    """Yield the trackers that may have changed since a moment, the newest first.

    ``cursor`` is the last tracker that was read: an interrupted list goes on behind it.
    """
    begin = (since or now) - LONGEST_WAY
    params = {"start_datetime": begin.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")}
    if cursor:
        params["before_id"] = cursor
    for rows in client.pages("trackers", "trackers", **params):
        changed = tuple(polled(Node(row)) for row in rows if _changed(row, since))
        yield Page(changed, str(rows[-1].get("id") or "") if rows else cursor)


def one(client: EasyPostClient, number: str) -> ReceivedMessage | None:
    """Return one tracker as it is now, ``None`` where there is none."""
    row = client.find("trackers", number)
    return polled(Node(row), authoritative=True) if row else None


def tracker_of(client: EasyPostClient, code: str, carrier: str | None) -> Row | None:
    """Return the newest tracker of a parcel's number, ``None`` where there is none."""
    rows = client.get("trackers", tracking_code=code, page_size="10").get("trackers") or []
    if not isinstance(rows, list):
        raise TransientError("EasyPost's answer is not a list.")
    for row in rows:
        if isinstance(row, dict) and _is_of(row, code, carrier):
            return row
    return None


def _is_of(row: Row, code: str, carrier: str | None) -> bool:
    same = not carrier or str(row.get("carrier") or "").lower() == carrier.lower()
    return same and row.get("tracking_code") == code


def _changed(row: Row, since: datetime | None) -> bool:
    """Tell whether a tracker may have changed since a moment; who knows reads it again."""
    try:
        moment = Node(row).utc("updated_at")
    except MalformedPayloadError:
        return True
    return since is None or moment is None or moment >= since
