"""Messages of what is found in files, each with an identity of its own."""

from datetime import datetime, timezone

from odoo.addons.retail_connector_base.canonical import version_of
from odoo.addons.retail_connector_base.providers import ReceivedMessage

from .content import Content, digest_of, packed, text_body
from .profile import Profile
from .reading import Envelope, day_of, time_of
from .wire import Group, Interchange

LARGEST = 8 * 2**20
_LONGEST = 200
_SHOWN = 4_096


class MessageMaker:
    """Makes messages in the order of what is read.

    Each is observed a microsecond after the one before: of two states without a version the later
    one holds.
    """

    def __init__(self, profile: Profile, now: datetime) -> None:
        self.profile = profile
        self._observed = version_of(now)

    def message(
        self,
        content: Content,
        code: str,
        kind: str | None,
        where: str,
        key: str | None = None,
        version: int = 0,
        problem: str = "",
        remark: str = "",
    ) -> ReceivedMessage:
        """Return the message of a set; ``problem`` makes it one that will be quarantined."""
        body, envelope = packed(content, problem), content.envelope
        if len(body) > LARGEST:
            return self.unreadable(body[:_SHOWN].decode(), "A set is too large.", where)
        digest = digest_of(body)
        headers = {"from": where[:_LONGEST], "control": envelope.identity[:_LONGEST]}
        if remark:
            headers["remark"] = remark[:_LONGEST]
        return ReceivedMessage(
            event_id=f"{envelope.identity}#{content.part}.{digest}"[-_LONGEST:],
            topic=f"x12/{code[:6]}",
            kind=kind,
            body=body,
            entity_key=key if key and len(key) <= _LONGEST else f"x12:{digest}",
            version=version,
            observed_at=self._next(),
            headers=headers,
        )

    def unreadable(self, text: str, problem: str, where: str) -> ReceivedMessage:
        """Return the message of what is no set: it will be quarantined, and names the file."""
        body = text_body(text, f"{where}: {problem}")
        digest = digest_of(body)
        return ReceivedMessage(
            event_id=f"x12:{digest}",
            topic="x12/unreadable",
            kind="shipment",
            body=body,
            entity_key=f"x12:{digest}",
            observed_at=self._next(),
            headers={"from": where[:_LONGEST]},
        )

    def _next(self) -> int:
        self._observed += 1
        return self._observed

    def envelope(self, found: Interchange, group: Group | None, number: str) -> Envelope:
        """Return what the envelope says of a set (of a TA1, where it stands in no group)."""
        isa = self._moment(found.element(9), found.element(10))
        written = group and self._moment(group.element(4), group.element(5))
        return Envelope(
            sender=found.sender,
            receiver=found.receiver,
            interchange=found.number,
            group=group.number if group else "TA1",
            set=number,
            written_at=written or isa,
        )

    def _moment(self, day: str, clock: str) -> datetime | None:
        date, time = day_of(day), time_of(clock)
        if not date or not time:
            return None
        return datetime.combine(date, time, self.profile.zone).astimezone(timezone.utc)
