"""Messages of records, each with an identity by its content, and records of messages."""

import hashlib
from datetime import datetime

from odoo.addons.retail_connector_base.canonical import CanonicalMessage, version_of
from odoo.addons.retail_connector_base.providers import (
    MalformedPayloadError,
    ReceivedMessage,
    StoredMessage,
)
from odoo.addons.retail_connector_base.providers.file_drop.plain import encoded
from odoo.addons.retail_connector_base.providers.reading import understood

from ...decisions.legacy_apply import apply, header_values
from ...decisions.legacy_layout import Layout
from ...decisions.legacy_reading import Record, UnreadableError, Values
from .encoding import packed, unpacked

LARGEST = 8 * 2**20
SHOWN = 64 * 2**10
_LONGEST_KEY = 200


def topic_of(kind: str) -> str:
    """Return the topic of records of a kind."""
    return f"read/{kind}"


def read_message(layout: Layout, message: StoredMessage) -> CanonicalMessage:
    """Return what a record says by the present layout. Raises ``MalformedPayloadError``."""
    record = unpacked(message.body)
    try:
        return understood(lambda: _applied(layout, record))
    except _Wrapped as error:
        raise MalformedPayloadError(error.text) from None


class _Wrapped(Exception):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def _applied(layout: Layout, record: Record) -> CanonicalMessage:
    try:
        return apply(layout, record)
    except UnreadableError as error:
        raise _Wrapped(str(error)) from None


class MessageMaker:
    """Makes messages of what is read, in its order.

    Foreign systems stamp badly, and write a ticket's rows one after the other: the content is part
    of the identity, so that what was completed later is a message of its own. Each is observed a
    microsecond after the one before: of two states without a version the later one holds.
    """

    def __init__(self, layout: Layout, now: datetime) -> None:
        self.layout = layout
        self._observed = version_of(now)

    def of_record(self, record: Record, where: str = "") -> ReceivedMessage | None:
        """Return the message of a record, ``None`` for one that the layout leaves out."""
        header = header_values(self.layout, record)
        if header.get("skip"):
            return None
        try:
            canonical = apply(self.layout, record)
        except UnreadableError:
            body = packed(self.layout, record, whole=True)
            return self._message(body, self._key(header), 0, where)
        body = packed(self.layout, record, whole=False)
        return self._message(body, canonical.entity_key, canonical.version, where)

    def of_text(self, text: str, problem: str, where: str = "") -> ReceivedMessage:
        """Return the message of what is no record at all; it will be quarantined."""
        # What it holds is shown as a message's text is: masked.
        body = encoded({"message": text[:SHOWN], "problem": problem})
        return self._message(body, None, 0, where)

    def _message(self, body: bytes, key: str | None, version: int, where: str) -> ReceivedMessage:
        if len(body) > LARGEST:
            return self.of_text(body[:SHOWN].decode(), "The record is too large.", where)
        digest = hashlib.sha256(body).hexdigest()[:32]
        self._observed += 1
        key = key if key and len(key) <= _LONGEST_KEY else f"record:{digest}"
        return ReceivedMessage(
            event_id=f"{key}@{version}.{digest}",
            topic=topic_of(self.layout.kind),
            kind=self.layout.kind,
            body=body,
            entity_key=key,
            version=version,
            observed_at=self._observed,
            headers={"from": where[:_LONGEST_KEY]} if where else {},
        )

    def _key(self, header: Values) -> str | None:
        """Return the entity of a record that cannot be read otherwise, where its header says."""
        if self.layout.kind == "pos_ticket":
            names = ("external_id",)
        else:
            names = ("store_external_id", "register_external_id", "business_date")
        values = [header.get(name) for name in names]
        if any(value is None for value in values):
            return None
        prefix = "pos_ticket" if self.layout.kind == "pos_ticket" else "pos_day"
        return ":".join((prefix, *map(str, values)))
