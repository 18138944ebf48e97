"""Reads the warehouse's files of one kind: rows that tell of one thing are one message."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from typing import Any

from odoo.addons.retail_connector_base.canonical import CanonicalMessage, version_of
from odoo.addons.retail_connector_base.providers import MalformedPayloadError, ReceivedMessage
from odoo.addons.retail_connector_base.providers.file_drop import (
    Claims,
    DropPoll,
    Entry,
    Store,
)
from odoo.addons.retail_connector_base.providers.file_drop.lines import (
    Bad,
    WholeFileError,
    rows_of,
)
from odoo.addons.retail_connector_base.providers.file_drop.plain import encoded
from odoo.addons.retail_connector_base.providers.reading import understood
from odoo.addons.retail_connector_base.providers.strict_json import loads

from .cells import CellError
from .columns import REQUIRED
from .layout import Layout
from .rows import Group, in_parts, key_of, read_group

MOST_ROWS = 500_000
LARGEST_MESSAGE = 8 * 2**20
_SHOWN = 64 * 2**10
_LONGEST_KEY = 200


class Incoming(DropPoll):
    """One run over the files of a kind."""

    def __init__(
        self, store: Store, layout: Layout, kind: str, clock: Callable[[], datetime]
    ) -> None:
        inbox = tuple(layout.inbox.split("/"))
        claims = Claims(store, kind, clock, inbox, layout.done_suffix, layout.archive)
        super().__init__(claims, layout.patterns[kind], layout.settle, clock)
        self.layout, self.kind = layout, kind
        self._observed = version_of(clock())
        self._usable = True

    def messages(self, path: tuple[str, ...], entry: Entry) -> Iterator[ReceivedMessage]:
        """Override: the messages of the rows, then those of lines that are no rows."""
        self._usable = True
        bad: list[Bad] = []
        try:
            groups = self._groups(path, bad) if entry.size else {}
        except WholeFileError as error:
            self._usable = False
            yield self._unreadable("", f"A whole file is put aside: {error}", entry.name)
            return
        for rows in groups.values():
            yield from self._of_rows(tuple(rows), entry)
        for line in bad:
            yield self._unreadable(line.text, line.problem, f"{entry.name}:{line.number}")

    def stored(self, entry: Entry) -> bool:
        """Override: there is nobody to be told."""
        return self._usable

    def _groups(self, path: tuple[str, ...], bad: list[Bad]) -> dict[str, list[dict[str, str]]]:
        """Return the rows by what they tell of, in the order of the first of each."""
        told = set(self.layout.columns[self.kind].values())
        groups: dict[str, list[dict[str, str]]] = {}
        count = 0
        with closing(self.store.open(*path)) as stream:
            for row in rows_of(stream, self.layout.form):
                count += 1
                if count > MOST_ROWS:
                    raise WholeFileError("It has too many rows.")
                if isinstance(row, Bad):
                    bad.append(row)
                    continue
                if count - len(bad) == 1:
                    self._check_columns(row.cells)
                cells = {name: text for name, text in row.cells.items() if name in told}
                groups.setdefault(key_of(self.layout, self.kind, cells), []).append(cells)
        return groups

    def _check_columns(self, cells: dict[str, Any]) -> None:
        columns = self.layout.columns[self.kind]
        missing = [columns[name] for name in REQUIRED[self.kind] if columns[name] not in cells]
        if missing:
            names = ", ".join(missing)
            raise WholeFileError(f"Columns are missing: {names}. Is the delimiter right?")

    def _of_rows(self, rows: tuple[dict[str, str], ...], entry: Entry) -> Iterator[ReceivedMessage]:
        written_at = entry.modified if self.layout.instant == "file" else None
        for group in in_parts(Group(self.kind, rows, entry.name, written_at)):
            body = packed(group)
            try:
                canonical = read_group(self.layout, group)
                key, version = canonical.entity_key, canonical.version
            except (ValueError, ArithmeticError):
                key, version = None, 0
            yield self._message(body, key, version, entry.name)

    def _message(self, body: bytes, key: str | None, version: int, where: str) -> ReceivedMessage:
        if len(body) > LARGEST_MESSAGE:
            return self._unreadable(body[:_SHOWN].decode(), "A record is too large.", where)
        digest = hashlib.sha256(body).hexdigest()[:32]
        self._observed += 1
        key = key if key and len(key) <= _LONGEST_KEY else f"record:{digest}"
        return ReceivedMessage(
            event_id=f"{key}@{version}.{digest}",
            topic=topic_of(self.kind),
            kind=self.kind,
            body=body,
            entity_key=key,
            version=version,
            observed_at=self._observed,
            headers={"from": where[:_LONGEST_KEY]},
        )

    def _unreadable(self, text: str, problem: str, where: str) -> ReceivedMessage:
        body = encoded({"message": text[:_SHOWN], "problem": f"{where}: {problem}"})
        return self._message(body, None, 0, where)


def topic_of(kind: str) -> str:
    """Return the topic of rows of a kind."""
    return f"csv/{kind}"


def packed(group: Group) -> bytes:
    """Return a message's body."""
    content = {
        "kind": group.kind,
        "rows": list(group.rows),
        "written_at": group.written_at,
        "part": [group.part, group.parts],
    }
    return encoded(content)


def canonical_of(layout: Layout, body: bytes) -> CanonicalMessage:
    """Return what a message says. Raises nothing but ``MalformedPayloadError``."""
    group = _unpacked(layout, body)
    try:
        return understood(lambda: _read(layout, group))
    except _WrappedError as error:
        raise MalformedPayloadError(f"A row cannot be read: {error.text}.") from None


class _WrappedError(Exception):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def _read(layout: Layout, group: Group) -> CanonicalMessage:
    try:
        return read_group(layout, group)
    except CellError as error:
        raise _WrappedError(str(error)) from None


def _unpacked(layout: Layout, body: bytes) -> Group:
    content = loads(body)
    if not isinstance(content, dict):
        raise MalformedPayloadError("The message holds no rows.")
    if content.get("problem"):
        raise MalformedPayloadError(str(content["problem"])[:500])
    try:
        rows = tuple({str(k): str(v) for k, v in row.items()} for row in content["rows"])
        written = content["written_at"]
        part, parts = content["part"]
        if content["kind"] not in layout.columns:
            raise ValueError("kind")
        moment = datetime.fromisoformat(written) if written else None
        return Group(content["kind"], rows, "", moment, int(part), int(parts))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise MalformedPayloadError("The message holds no rows.") from None
