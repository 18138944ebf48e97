"""Rows as messages: those that tell of one thing are one message, and what they say."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from odoo.addons.retail_connector_base.canonical import (
    CanonicalMessage,
    GoodsReceipt,
    ReceiptLine,
    ReceiptState,
    RequestAnswer,
    Return,
    ReturnLine,
    ReturnState,
    Shipment,
    ShipmentLine,
    ShipmentState,
    SnapshotLine,
    StockSnapshot,
    Tracking,
    WarehouseOrder,
    WarehouseOrderState,
)
from odoo.addons.retail_connector_base.canonical.goods_return import Condition, Disposition
from odoo.addons.retail_connector_base.canonical.shipment import Lot, Parcel
from odoo.addons.retail_connector_base.providers.file_drop.plain import encoded

from .cells import CellError, Cells
from .layout import Layout

# Rows of one message: a large count comes in parts.
PART = 2_000
# What identifies the thing that a row tells of.
KEYS = {
    "shipment": ("order", "shipment", "tracking"),
    "receipt": ("receipt",),
    "return": ("return",),
    "stock_snapshot": ("location", "taken_at", "report"),
    "warehouse_order": (),
}


@dataclass(frozen=True)
class Group:
    """Rows that are one message. ``file`` and ``written_at`` say where they come from."""

    kind: str
    rows: tuple[dict[str, str], ...]
    file: str = ""
    written_at: datetime | None = None
    part: int = 1
    parts: int = 1


def key_of(layout: Layout, kind: str, row: dict[str, str]) -> str:
    """Return what puts rows of a file together."""
    cells = Cells(row, layout.columns[kind], layout.notation)
    if kind == "shipment" and cells.text("shipment"):
        return f"{cells.text('order')}\x1f{cells.text('shipment')}"
    if kind == "shipment":
        # Without a number of the shipment, what an order's rows of one file say is one.
        return cells.text("order")
    if kind == "warehouse_order":
        return encoded(row).decode()
    return "\x1f".join(cells.text(name) for name in KEYS[kind])


def read_group(layout: Layout, group: Group) -> CanonicalMessage:
    """Return what rows say. Raises ``CellError``."""
    columns = layout.columns[group.kind]
    rows = [Cells(row, columns, layout.notation) for row in group.rows]
    if not rows:
        raise CellError("there is no row")
    return _READERS[group.kind](layout, group, rows)


def _lots(row: Cells, quantity: Decimal) -> tuple[Lot, ...]:
    if "serial" in row.columns and row.text("serial"):
        names = [part.strip() for part in row.text("serial").split("|") if part.strip()]
        return tuple(Lot(number=name, quantity=Decimal(1)) for name in names)
    if not row.text("lot") or not quantity:
        return ()
    expires = row.day("expires_on") if "expires_on" in row.columns else None
    return (Lot(number=row.text("lot"), quantity=quantity, expires_on=expires),)


def _latest(rows: Sequence[Cells], name: str) -> datetime | None:
    return max(filter(None, (row.moment(name) for row in rows)), default=None)


def _first(rows: Sequence[Cells], name: str) -> str | None:
    return next(filter(None, (row.text(name) for row in rows)), None)


def _shipment(layout: Layout, group: Group, rows: list[Cells]) -> Shipment:
    order = rows[0].required("order")
    lines, parcels = [], {}
    for number, row in enumerate(rows, 1):
        quantity = row.quantity("quantity")
        line = ShipmentLine(
            external_id=str(number),
            order_line_external_id=row.text("line") or None,
            sku=row.required("sku"),
            quantity=quantity,
            unit=row.text("unit") or None,
            lots=_lots(row, quantity),
        )
        lines.append(line)
        label = row.text("parcel") or row.text("tracking")
        if label:
            parcels.setdefault(label, (row.text("tracking"), []))[1].append(line)
    numbers = dict.fromkeys(n for row in rows for n in row.text("tracking").split("|") if n)
    name = _first(rows, "shipment") or _first(rows, "tracking") or _digest(group)
    return Shipment(
        external_id=f"{order}/{name}",
        updated_at=_latest(rows, "updated_at"),
        order_external_id=order,
        name=name,
        state=ShipmentState.SHIPPED,
        shipped_at=_latest(rows, "shipped_at"),
        location_external_id=_first(rows, "location"),
        carrier=_first(rows, "carrier"),
        trackings=tuple(Tracking(number=number.strip()) for number in numbers),
        lines=tuple(lines),
        parcels=tuple(
            Parcel(
                external_id=label,
                tracking=Tracking(number=tracking) if tracking and "|" not in tracking else None,
                lines=tuple(inside),
            )
            for label, (tracking, inside) in parcels.items()
        ),
        final=any(row.flag("final") for row in rows),
    )


def _digest(group: Group) -> str:
    """Return a name for rows that name nothing: the same rows again are the same."""
    return hashlib.sha256(encoded(list(group.rows))).hexdigest()[:16]


def _receipt(layout: Layout, group: Group, rows: list[Cells]) -> GoodsReceipt:
    return GoodsReceipt(
        external_id=rows[0].required("receipt"),
        updated_at=_latest(rows, "updated_at"),
        announcement_reference=_first(rows, "announcement"),
        state=_word(rows, "state", ReceiptState, ReceiptState.COMPLETED),
        location_external_id=_first(rows, "location"),
        received_at=_latest(rows, "received_at"),
        lines=tuple(
            ReceiptLine(
                external_id=str(number),
                line_reference=row.text("line") or None,
                sku=row.required("sku"),
                quantity=row.quantity("quantity"),
                expected_quantity=row.number("expected"),
                unit=row.text("unit") or None,
                condition=_word([row], "condition", Condition, Condition.SELLABLE),
                lots=_lots(row, row.quantity("quantity")),
            )
            for number, row in enumerate(rows, 1)
        ),
        note=_first(rows, "note"),
    )


def _return(layout: Layout, group: Group, rows: list[Cells]) -> Return:
    reference = rows[0].required("return")
    return Return(
        external_id=reference,
        updated_at=_latest(rows, "updated_at"),
        order_external_id=_first(rows, "order"),
        name=reference,
        state=_word(rows, "state", ReturnState, ReturnState.RECEIVED),
        received_at=_latest(rows, "received_at"),
        location_external_id=_first(rows, "location"),
        lines=tuple(
            ReturnLine(
                external_id=str(number),
                order_line_external_id=row.text("line") or None,
                sku=row.required("sku"),
                quantity=row.quantity("quantity"),
                received_quantity=row.quantity("quantity"),
                reason=row.text("reason") or None,
                condition=_word([row], "condition", Condition, Condition.UNKNOWN),
                disposition=_word([row], "disposition", Disposition, Disposition.UNDECIDED),
                lots=_lots(row, row.quantity("quantity")),
            )
            for number, row in enumerate(rows, 1)
        ),
        note=_first(rows, "note"),
    )


def _snapshot(layout: Layout, group: Group, rows: list[Cells]) -> StockSnapshot:
    taken_at = rows[0].moment("taken_at") if layout.instant == "column" else group.written_at
    if taken_at is None:
        raise CellError("the instant of the count is not told")
    location = rows[0].text("location")
    if not location and len(layout.locations) == 1:
        location = layout.locations[0].external_id
    if not location:
        raise CellError("the warehouse of the count is not told")
    name = f"{location}/{rows[0].text('report') or 'count'}@{taken_at:%Y%m%d%H%M%S}"
    return StockSnapshot(
        external_id=name if group.parts == 1 else f"{name}#{group.part}",
        snapshot_external_id=name,
        location_external_id=location,
        taken_at=taken_at,
        complete=layout.snapshot_complete,
        part=group.part,
        parts=group.parts,
        lines=tuple(_counted(row) for row in rows),
    )


def _counted(row: Cells) -> SnapshotLine:
    on_hand = row.number("on_hand")
    if on_hand is None:
        raise CellError("a quantity on hand is empty")
    return SnapshotLine(
        sku=row.required("sku"),
        on_hand=on_hand,
        sellable=row.number("sellable"),
        unit=row.text("unit") or None,
        lot=row.text("lot") or None,
    )


def _order(layout: Layout, group: Group, rows: list[Cells]) -> WarehouseOrder:
    row = rows[0]
    order, request = row.required("order"), row.text("request")
    answers: tuple[RequestAnswer, ...] = ()
    if request:
        answer = row.word("answer")
        if answer not in ("accepted", "refused"):
            raise CellError("an answer is accepted or refused")
        reason = row.text("reason") or None
        answers = (
            RequestAnswer(request_reference=request, accepted=answer == "accepted", reason=reason),
        )
    return WarehouseOrder(
        external_id=row.text("number") or order,
        updated_at=row.moment("updated_at"),
        order_external_id=order,
        state=_word(rows, "state", WarehouseOrderState, None),
        reason=row.text("reason") or None,
        reason_code=row.text("reason_code") or None,
        expected_ship_at=row.moment("expected_ship_at"),
        answers=answers,
    )


def _word(rows: Sequence[Cells], name: str, words: Any, default: Any) -> Any:
    """Return the word of a column; what is not known is ``UNKNOWN``, or an error."""
    found = next(filter(None, (row.word(name) for row in rows)), "")
    if not found and default is not None:
        return default
    try:
        return words(found)
    except ValueError:
        if hasattr(words, "UNKNOWN"):
            return words.UNKNOWN
        raise CellError(f"the column “{rows[0].columns[name]}” has a word not known") from None


_READERS: dict[str, Callable[[Layout, Group, list[Cells]], CanonicalMessage]] = {
    "shipment": _shipment,
    "receipt": _receipt,
    "return": _return,
    "stock_snapshot": _snapshot,
    "warehouse_order": _order,
}


def in_parts(group: Group) -> Iterator[Group]:
    """Yield a group as parts that hold so many rows each, where that is possible."""
    if group.kind != "stock_snapshot" or len(group.rows) <= PART:
        yield group
        return
    parts = -(-len(group.rows) // PART)
    for number in range(parts):
        rows = group.rows[number * PART : (number + 1) * PART]
        yield Group(group.kind, rows, group.file, group.written_at, number + 1, parts)
