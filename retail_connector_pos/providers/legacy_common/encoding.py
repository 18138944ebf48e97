"""Rows as JSON bytes that are the same for the same content, and back."""

from collections.abc import Mapping
from typing import Any

from odoo.addons.retail_connector_base.providers import MalformedPayloadError
from odoo.addons.retail_connector_base.providers.file_drop.plain import encoded
from odoo.addons.retail_connector_base.providers.strict_json import loads

from ...decisions.legacy_layout import HEADER, Layout
from ...decisions.legacy_reading import Record

# The key under which personal columns are kept: payloads are shown with what is in it masked.
PERSON = "customer"
_PERSONAL_TARGETS = "customer."


def packed(layout: Layout, record: Record, whole: bool) -> bytes:
    """Return a record's bytes: the declared columns, or ``whole`` where somebody has to look."""
    header, person = _apart(layout, record.header, whole)
    rows = {
        part.name: [_kept(row, part.told(), whole) for row in record.rows[part.name]]
        for part in layout.row_parts
        if record.rows.get(part.name)
    }
    content = {"header": header, PERSON: person, "rows": rows}
    return encoded({name: value for name, value in content.items() if value or name == "header"})


def unpacked(body: bytes) -> Record:
    """Return the record of some bytes. Raises ``MalformedPayloadError``."""
    content = loads(body)
    if not isinstance(content, dict):
        raise MalformedPayloadError("The message holds no record.")
    if "problem" in content:
        raise MalformedPayloadError(str(content["problem"])[:500])
    header, person = content.get("header"), content.get(PERSON, {})
    rows = content.get("rows", {})
    if not isinstance(header, dict) or not isinstance(person, dict) or not _are_rows(rows):
        raise MalformedPayloadError("The message holds no record.")
    return Record({**header, **person}, rows)


def _are_rows(rows: Any) -> bool:
    return isinstance(rows, dict) and all(
        isinstance(part, list) and all(isinstance(row, dict) for row in part)
        for part in rows.values()
    )


def _apart(
    layout: Layout, header: Mapping[str, Any], whole: bool
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Part the header's columns into those of the record, and those of persons or of nobody."""
    personal, other = set(), set()
    own = [part for part in layout.parts if part.name == HEADER or part.of_header]
    for part in own:
        for rule in part.rules:
            tops = {_top(column, header) for column in rule.columns}
            is_personal = rule.target.startswith(_PERSONAL_TARGETS)
            (personal if is_personal else other).update(tops)
    other |= {_top(part.path, header) for part in layout.row_parts if part.path}
    wanted = header if whole else {n: v for n, v in header.items() if n in personal | other}
    return (
        {name: value for name, value in wanted.items() if name in other},
        {name: value for name, value in wanted.items() if name not in other},
    )


def _top(column: str, header: Mapping[str, Any]) -> str:
    """Return the name under which a header holds a column: the first of a path."""
    return column if column in header else column.partition(".")[0]


def _kept(row: Mapping[str, Any], columns: tuple[str, ...], whole: bool) -> Mapping[str, Any]:
    return row if whole else {name: value for name, value in row.items() if name in columns}
