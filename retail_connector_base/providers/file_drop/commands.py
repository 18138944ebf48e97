"""Commands that go out as files: each in one file, once, however often it is tried."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Generic, TypeVar

from ...canonical import Command
from ..errors import ConnectorError
from ..outbound import CommandResult
from .outbox import Outbox, Records

Draft = TypeVar("Draft")
SENT = "sent"


class CommandFiles(ABC, Generic[Draft]):
    """Writes commands to files, several of a kind to one.

    A record by each command's key says which file holds it (``file``) and when that was written
    (``at``): the same commands tried again make the same file.
    """

    def __init__(self, outbox: Outbox, records: Records, clock: Callable[[], datetime]) -> None:
        self.outbox, self.records, self.clock = outbox, records, clock

    @abstractmethod
    def draft(self, command: Command) -> Draft:
        """Return what will be written of a command. Raises ``RejectedError`` if it cannot be."""

    @abstractmethod
    def name(self, keys: str, drafts: Sequence[Draft]) -> dict[str, Any]:
        """Return the file's name (``file``), and what else tells it; the same for the same keys."""

    @abstractmethod
    def content(self, drafts: Sequence[Draft], record: dict[str, Any], at: datetime) -> bytes:
        """Return what the file holds."""

    @abstractmethod
    def result(self, command: Command, record: dict[str, Any]) -> CommandResult:
        """Return what a command made."""

    def note(self, drafts: Sequence[Draft], record: dict[str, Any]) -> None:
        """Remember of a file what its answers will be about, before anybody can give one."""

    def send(self, commands: Sequence[tuple[Command, str]]) -> list[CommandResult | ConnectorError]:
        """Write commands of one kind as one file; answer each, in their order.

        What cannot be written is answered with its error; the others go out. Raises
        ``UnknownOutcomeError`` when nobody can tell whether the file was seen.
        """
        answers: dict[str, CommandResult | ConnectorError] = {}
        drafts: dict[str, Draft] = {}
        for command, key in commands:
            try:
                found = self.look_up(command, key)
                if found:
                    answers[key] = found
                else:
                    drafts[key] = self.draft(command)
            except ConnectorError as error:
                answers[key] = error
        if drafts:
            record = self._write(drafts)
            written = [(command, key) for command, key in commands if key in drafts]
            answers |= {key: self.result(command, record) for command, key in written}
        return [answers[key] for _command, key in commands]

    def look_up(self, command: Command, key: str) -> CommandResult | None:
        """Tell whether a command's file was seen; if not, it will not be any more."""
        known = self.records.kept(SENT, key)
        if not known or not self.outbox.was_handed_over(known["file"]):
            return None
        return self.result(command, known)

    def _write(self, drafts: dict[str, Draft]) -> dict[str, Any]:
        keys = hashlib.sha256("\n".join(sorted(drafts)).encode()).hexdigest()[:32]
        record = self.name(keys, list(drafts.values()))
        known = self.records.kept(SENT, next(iter(drafts))) or {}
        same = known.get("file") == record["file"]
        record["at"] = known["at"] if same else self.clock().isoformat()
        at = datetime.fromisoformat(record["at"])
        data = self.content(list(drafts.values()), record, at)
        note = partial(self._note, drafts, record)
        self.outbox.hand_over(record["file"], data, f"{at:%Y-%m}", note)
        return record

    def _note(self, drafts: dict[str, Draft], record: dict[str, Any]) -> None:
        self.note(list(drafts.values()), record)
        for key in drafts:
            self.records.keep(SENT, key, record)
