"""What a layout makes of a few records, beside the rows as they are."""

import json
from dataclasses import dataclass

from odoo.addons.retail_connector_base.canonical import CanonicalMessage
from odoo.addons.retail_connector_base.providers.file_drop.plain import encoded

from ...decisions.legacy_apply import apply, header_values
from ...decisions.legacy_layout import Layout
from ...decisions.legacy_reading import Record, UnreadableError


@dataclass(frozen=True)
class Sample:
    """One record: its rows as text, and what they say or why they cannot be read."""

    raw: str
    canonical: CanonicalMessage | None = None
    errors: tuple[str, ...] = ()
    skipped: bool = False
    where: str = ""


def sample_of(layout: Layout, record: Record, where: str = "") -> Sample:
    """Return what a layout makes of a record."""
    content = json.loads(encoded({"header": record.header, "rows": record.rows}))
    raw = json.dumps(content, indent=1, ensure_ascii=False)
    if header_values(layout, record).get("skip"):
        return Sample(raw, skipped=True, where=where)
    try:
        return Sample(raw, apply(layout, record), where=where)
    except UnreadableError as error:
        return Sample(raw, errors=error.errors, where=where)
