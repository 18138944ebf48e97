"""Writes our files: orders, their changes and cancellations, announcements, acknowledgements."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from pydantic import ValidationError

from odoo.addons.retail_connector_base.canonical import (
    AnnounceReceipt,
    AnnounceReturn,
    CancelRelease,
    ChangeRelease,
    Command,
    ReleaseOrder,
)
from odoo.addons.retail_connector_base.providers import (
    CommandResult,
    RejectedError,
    UnsupportedError,
)
from odoo.addons.retail_connector_base.providers.file_drop import (
    SENT,
    CommandFiles,
    Outbox,
    Store,
)

from . import acknowledgement, announcement_943, order_940
from .control import GROUPS, ORDERS, WAITING, Control
from .profile import Profile
from .wire import Group
from .writing import Speller, Written, WrittenGroup, WrittenSet, interchange

Verdicts = Sequence[acknowledgement.SetVerdict]


@dataclass(frozen=True)
class Draft:
    """A command as it will be written. ``order`` is what the release holds from then on."""

    kind: str
    group: str
    code: str
    segments: tuple[Written, ...]
    reference: str
    request: str = ""
    order: ReleaseOrder | None = None

    def told(self) -> dict[str, str]:
        """Return what an acknowledgement of it will be about."""
        return {"command": self.kind, "reference": self.reference, "request": self.request}


class Outgoing(CommandFiles[Draft]):
    """What goes out to one partner."""

    def __init__(self, store: Store, profile: Profile, clock: Callable[[], datetime]) -> None:
        self.control = Control(store)
        super().__init__(Outbox(store, tuple(profile.outbox.split("/"))), self.control, clock)
        self.profile, self.speller = profile, Speller(profile)

    # Drafts

    def draft(self, command: Command) -> Draft:
        """Override: a 940 for what is about a release, a 943 for what will arrive."""
        if isinstance(command, ReleaseOrder):
            segments = order_940.write_order(self.speller, command)
            return self._order(command, segments, order=command)
        if isinstance(command, ChangeRelease):
            order = self._changed(command)
            request = command.request_reference
            segments = order_940.write_order(self.speller, order, order_940.CHANGE, request)
            return self._order(command, segments, request, order)
        if isinstance(command, CancelRelease):
            known = self._order_of(command.order_external_id)
            segments = order_940.write_cancel(self.speller, command, known)
            return self._order(command, segments, command.request_reference)
        if isinstance(command, AnnounceReceipt | AnnounceReturn):
            segments = announcement_943.write_announcement(self.speller, command)
            group, code = announcement_943.GROUP, announcement_943.CODE
            return Draft(command.kind, group, code, segments, command.reference)
        raise UnsupportedError(f"A warehouse that speaks X12 is not asked to “{command.kind}”.")

    def _order(
        self,
        command: ReleaseOrder | ChangeRelease | CancelRelease,
        segments: tuple[Written, ...],
        request: str = "",
        order: ReleaseOrder | None = None,
    ) -> Draft:
        reference = command.order_external_id
        group, code = order_940.GROUP, order_940.CODE
        return Draft(command.kind, group, code, segments, reference, request, order)

    def _changed(self, command: ChangeRelease) -> ReleaseOrder:
        """Return the whole order as it is to be: a change is written with all of it."""
        order = self._order_of(command.order_external_id)
        if order is None:
            raise RejectedError(
                "What was released is not known here any more: tell the warehouse by hand."
            )
        changes = {"recipient": command.recipient, "lines": command.lines}
        told = {name: value for name, value in changes.items() if value is not None}
        return order.model_copy(update=told)

    def _order_of(self, reference: str) -> ReleaseOrder | None:
        content = self.control.kept(ORDERS, reference)
        try:
            return ReleaseOrder.model_validate(content["order"]) if content else None
        except (ValidationError, KeyError):
            return None

    # Files

    def name(self, keys: str, drafts: Sequence[Draft]) -> dict[str, Any]:
        """Override: a control number names the file."""
        number = self.control.number(f"send:{keys}")
        return {"number": number, "file": f"{drafts[0].code}-{number:09}.edi"}

    def content(self, drafts: Sequence[Draft], record: dict[str, Any], at: datetime) -> bytes:
        """Override: an interchange with one group, a set for each command."""
        sets = [
            WrittenSet(draft.code, f"{index:04}", draft.segments)
            for index, draft in enumerate(drafts, 1)
        ]
        return self._interchange(drafts[0].group, record["number"], at, sets)

    def _interchange(
        self, code: str, number: int, at: datetime, sets: Sequence[WrittenSet]
    ) -> bytes:
        group = WrittenGroup(code, str(number), tuple(sets))
        return interchange(self.profile, number, at, [group])

    def note(self, drafts: Sequence[Draft], record: dict[str, Any]) -> None:
        """Override: whom a 997 will be about, and what each release holds."""
        sets = {f"{index:04}": draft.told() for index, draft in enumerate(drafts, 1)}
        number = str(record["number"])
        self.control.keep(GROUPS, number, {**record, "sets": sets})
        if self.profile.patience:
            self.control.keep(WAITING, number, record)
        for draft in drafts:
            if draft.order:
                content = {"order": draft.order.model_dump(mode="json")}
                self.control.keep(ORDERS, draft.reference, content)

    def result(self, command: Command, record: dict[str, Any]) -> CommandResult:
        """Override: the warehouse knows things by our references; some are accepted at once."""
        details = {"file": record["file"], "control": f"{record['number']:09}"}
        if self.profile.acceptance == "none" and isinstance(command, ReleaseOrder):
            details["state"] = "accepted"
        if self.profile.acceptance == "none" and isinstance(command, ChangeRelease):
            details["answer"] = "accepted"
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

    # Acknowledging

    def acknowledge(
        self, identity: str, digest: str, groups: Sequence[tuple[Group, Verdicts]]
    ) -> None:
        """Write the 997 of an interchange: one set for each of its groups, none for 997s.

        The same interchange read again makes the same file.
        """
        told = [(group, verdicts) for group, verdicts in groups if verdicts]
        if not told:
            return
        key = f"ack:{identity}:{digest}"
        number = self.control.number(key)
        record = self.control.kept(SENT, key) or {
            "number": number,
            "at": self.clock().isoformat(),
            "file": f"{acknowledgement.CODE}-{number:09}.edi",
        }
        at = datetime.fromisoformat(record["at"])
        sets = [
            WrittenSet(acknowledgement.CODE, f"{n:04}", acknowledgement.write_997(group, verdicts))
            for n, (group, verdicts) in enumerate(told, 1)
        ]
        data = self._interchange(acknowledgement.GROUP, number, at, sets)
        note = partial(self.control.keep, SENT, key, record)
        self.outbox.hand_over(record["file"], data, f"{at:%Y-%m}", note)
