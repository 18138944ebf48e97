"""Writes releases and announcements as rows, one for each of their lines."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from odoo.addons.retail_connector_base.canonical import (
    AnnounceReceipt,
    AnnounceReturn,
    CancelAnnouncement,
    CancelRelease,
    CancelReturn,
    ChangeRelease,
    Command,
    Recipient,
    ReleaseOrder,
)
from odoo.addons.retail_connector_base.canonical.warehouse_command import (
    AnnouncedLine,
    ReleaseLine,
)
from odoo.addons.retail_connector_base.providers import (
    CommandResult,
    RejectedError,
    UnsupportedError,
)
from odoo.addons.retail_connector_base.providers.file_drop import (
    CommandFiles,
    Outbox,
    Records,
    Store,
)

from .columns import TYPED_COLUMNS
from .layout import Layout

Row = dict[str, str]
RELEASES, ANNOUNCEMENTS = "releases", "announcements"
# How spreadsheets recognise what they compute (OWASP, “CSV Injection”).
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
Withdrawal = CancelAnnouncement | CancelReturn


@dataclass(frozen=True)
class Draft:
    """The rows of one command, and the kind of file they go to."""

    file: str
    rows: tuple[Row, ...]


class Outgoing(CommandFiles[Draft]):
    """What goes out to one warehouse."""

    def __init__(self, store: Store, layout: Layout, clock: Callable[[], datetime]) -> None:
        outbox = Outbox(store, tuple(layout.outbox.split("/")))
        super().__init__(outbox, Records(store, "control"), clock)
        self.layout = layout

    def draft(self, command: Command) -> Draft:
        """Override: a row for each line; one row for what has none."""
        if isinstance(command, ReleaseOrder | ChangeRelease | CancelRelease):
            rows = tuple(self._release(command))
            return self._checked(Draft(RELEASES, rows))
        if isinstance(command, AnnounceReceipt | AnnounceReturn | Withdrawal):
            rows = tuple(self._announcement(command))
            return self._checked(Draft(ANNOUNCEMENTS, rows))
        raise UnsupportedError(f"A warehouse that reads files is not asked to “{command.kind}”.")

    def _checked(self, draft: Draft) -> Draft:
        """Raise ``RejectedError`` for letters that the file cannot hold."""
        for row in draft.rows:
            for name, text in row.items():
                try:
                    text.encode(self.layout.form.encoding)
                except UnicodeEncodeError:
                    what = f"“{name}” has letters that the warehouse cannot read."
                    raise RejectedError(what) from None
        return draft

    def name(self, keys: str, drafts: Sequence[Draft]) -> dict[str, Any]:
        """Override: a digest of what it holds names the file."""
        return {"file": f"{drafts[0].file}-{keys[:16]}.csv"}

    def content(self, drafts: Sequence[Draft], record: dict[str, Any], at: datetime) -> bytes:
        """Override: the names of the columns, then all rows."""
        layout = self.layout
        is_release = drafts[0].file == RELEASES
        columns = layout.release_columns if is_release else layout.announcement_columns
        out = io.StringIO()
        writer = csv.writer(out, delimiter=layout.form.delimiter, lineterminator="\r\n")
        writer.writerow([theirs for _ours, theirs in columns])
        for draft in drafts:
            for row in draft.rows:
                writer.writerow([self._cell(row, ours) for ours, _theirs in columns])
        return out.getvalue().encode(layout.form.encoding)

    def _cell(self, row: Row, name: str) -> str:
        """Return what is written. A system gets every text as it is: an address that is changed
        goes astray. People who open the file get no formulas.
        """
        text = row.get(name, "")
        opened = self.layout.guards_formulas and name in TYPED_COLUMNS
        return f"'{text}" if opened and text.startswith(FORMULA) else text

    def result(self, command: Command, record: dict[str, Any]) -> CommandResult:
        """Override: the warehouse knows things by our references; some are accepted at once."""
        details = {"file": record["file"]}
        if self.layout.acceptance == "written" and isinstance(command, ReleaseOrder):
            details["state"] = "accepted"
        reference = None
        if isinstance(command, AnnounceReceipt | AnnounceReturn):
            reference = command.reference
        elif isinstance(command, ReleaseOrder):
            reference = command.order_external_id
        return CommandResult(
            external_ids=(reference,) if reference else (),
            notes=(f"Written to {record['file']}.",),
            details=details,
        )

    # Rows

    def _release(self, command: ReleaseOrder | ChangeRelease | CancelRelease) -> Iterator[Row]:
        head = {
            "action": {"release_order": "new", "change_release": "change"}.get(
                command.kind, "cancel"
            ),
            "order": command.order_external_id,
            "location": command.location_external_id,
        }
        if isinstance(command, CancelRelease):
            yield {**head, "request": command.request_reference, "note": command.reason or ""}
            return
        if isinstance(command, ChangeRelease):
            head["request"] = command.request_reference
        else:
            head |= self._of_order(command)
        if command.recipient:
            head |= _of_recipient(command.recipient)
        lines = command.lines or ()
        yield from ({**head, **self._of_release_line(line)} for line in lines)
        if not lines:
            yield head

    def _of_order(self, command: ReleaseOrder) -> Row:
        return {
            "order_name": command.order_name,
            "priority": str(command.priority),
            "ordered_at": self._moment(command.ordered_at),
            "ship_by": self._moment(command.ship_by),
            "carrier": command.carrier or "",
            "service": command.service or "",
            "note": command.note or "",
            "gift_message": command.gift_message or "",
        }

    def _of_release_line(self, line: ReleaseLine) -> Row:
        return {
            **self._of_line(line),
            "value": self._number(line.value.amount) if line.value else "",
            "currency": line.value.currency if line.value else "",
        }

    def _of_line(self, line: ReleaseLine | AnnouncedLine) -> Row:
        return {
            "line": line.external_id,
            "sku": line.sku,
            "item": line.item_external_id or "",
            "description": line.name,
            "quantity": self._number(line.quantity),
            "unit": line.unit or "",
            "lots": "|".join(line.lots),
        }

    def _announcement(
        self, command: AnnounceReceipt | AnnounceReturn | Withdrawal
    ) -> Iterator[Row]:
        is_return = isinstance(command, AnnounceReturn | CancelReturn)
        head = {
            "action": "new",
            "announcement": command.reference,
            "kind": "return" if is_return else "receipt",
            "location": command.location_external_id,
        }
        if isinstance(command, Withdrawal):
            yield {**head, "action": "cancel"}
            return
        head |= {
            "carrier": command.carrier or "",
            "tracking": "|".join(each.number for each in command.trackings),
        }
        if isinstance(command, AnnounceReturn):
            head["order"] = command.order_external_id or ""
        else:
            head |= {
                "expected_at": self._moment(command.expected_at),
                "supplier": command.supplier or "",
                "note": command.note or "",
            }
        yield from ({**head, **self._of_line(line)} for line in command.lines)

    def _number(self, value: Decimal) -> str:
        text = format(value, "f")
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return text.replace(".", self.layout.notation.decimal_sign)

    def _moment(self, moment: datetime | None) -> str:
        if moment is None:
            return ""
        local = moment.astimezone(self.layout.notation.zone)
        form = self.layout.notation.formats[0]
        return local.isoformat() if form == "iso" else local.strftime(form)


def _of_recipient(recipient: Recipient) -> Row:
    address = recipient.address
    return {
        "name": address.name or "",
        "company": address.company or "",
        "street": address.street or "",
        "street2": address.street2 or "",
        "city": address.city or "",
        "zip": address.zip or "",
        "province_code": address.province_code or "",
        "country_code": address.country_code or "",
        "phone": recipient.phone or address.phone or "",
        "email": recipient.email or "",
    }
