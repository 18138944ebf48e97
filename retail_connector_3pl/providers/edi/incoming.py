"""Reads the partner's files: a message for each set, an acknowledgement for each interchange."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from odoo.addons.retail_connector_base.providers import ConfigurationError, ReceivedMessage
from odoo.addons.retail_connector_base.providers.file_drop import (
    Claims,
    DropPoll,
    Entry,
    Store,
)

from . import acknowledgement
from .answers import Answers
from .content import Content, digest_of, digest_of_set
from .control import WAITING, Control
from .fault import NUMBER_TWICE, UNSUPPORTED_SET, Fault, SetError, text_of
from .making import MessageMaker
from .outgoing import Outgoing
from .profile import Profile
from .reading import Envelope
from .stock_846 import parts_of
from .trailers import problems_of
from .understand import KINDS, REPEATED, read_set
from .wire import Group, Interchange, NotX12Error, RawSet, decoded, interchanges

LARGEST_FILE = 64 * 2**20
_TAIL = 512
_SHOWN = 4_096
# A file without its trailer that is older than so many rests is read as it is.
_RESTS = 20
Verdicts = list[acknowledgement.SetVerdict]


@dataclass
class _Read:
    """One interchange: what is answered, and noted, once its messages are stored.

    ``seen`` are the digests of sets that came before, by their numbers; ``sets`` those of now.
    """

    interchange: Interchange
    digest: str
    seen: dict[str, str]
    groups: list[tuple[Group, Verdicts]] = field(default_factory=list)
    sets: dict[str, str] = field(default_factory=dict)

    @property
    def identity(self) -> str:
        """Who sent it, and under which number."""
        return identity_of(self.interchange)


class Incoming(DropPoll):
    """One run over the partner's files, by the poll of one kind: it reads all kinds."""

    def __init__(
        self, store: Store, profile: Profile, kind: str, clock: Callable[[], datetime]
    ) -> None:
        inbox = tuple(profile.inbox.split("/"))
        claims = Claims(store, f"x12-{kind}", clock, inbox, archive=profile.archive)
        super().__init__(claims, profile.pattern, profile.settle, clock)
        self.profile, self.control = profile, Control(store)
        self.maker = MessageMaker(profile, clock())
        self.answers = Answers(self.control, self.maker, profile)
        self._reads: list[_Read] = []
        self._usable = False

    def is_whole(self, entry: Entry) -> bool:
        """Override: a file that does not end in IEA is left to grow for a while."""
        old = entry.modified and self.clock() - entry.modified > self.profile.settle * _RESTS
        if old or not self.profile.settle or not entry.size:
            return True
        return b"IEA" in self.store.tail(entry.size, _TAIL, *self.claims.inbox, entry.name)

    def complain(self) -> None:
        """Raise ``ConfigurationError`` for files that nobody acknowledged in time."""
        patience = self.profile.patience
        late = list(self.control.overdue(self.clock() - patience)) if patience else []
        if late:
            names = ", ".join(sorted(str(each["file"]) for each in late)[:5])
            raise ConfigurationError(f"{len(late)} files are not acknowledged in time: {names}.")

    # Messages

    def messages(self, path: tuple[str, ...], entry: Entry) -> Iterator[ReceivedMessage]:
        """Override: the messages of all sets, and of all that cannot be read."""
        self._reads, self._usable = [], not entry.size
        self.answers.answered = set()
        if entry.size > LARGEST_FILE:
            problem = "A whole file is put aside: it is too large."
            yield self.maker.unreadable("", problem, entry.name)
            return
        data = self.store.content(*path)
        if data is None:
            raise FileNotFoundError(entry.name)
        for found in interchanges(decoded(data)):
            if isinstance(found, NotX12Error):
                yield self.maker.unreadable(decoded(data[:_SHOWN]), str(found), entry.name)
            else:
                yield from self._of_interchange(found, entry.name)

    def _of_interchange(self, found: Interchange, where: str) -> Iterator[ReceivedMessage]:
        header = found.separators.element.join(found.header)
        if problem := self._not_for_us(found):
            yield self.maker.unreadable(header, problem, where)
            return
        self._usable = True
        read = _Read(found, digest_of(repr(found)), self._seen(found))
        self._reads.append(read)
        for group in found.groups:
            verdicts: Verdicts = []
            read.groups.append((group, verdicts))
            for raw in group.sets:
                yield from self._of_set(read, group, raw, verdicts, where)
        yield from self.answers.of_notes(found, where)
        for text in problems_of(found):
            yield self.maker.unreadable(header, text, where)

    def _seen(self, found: Interchange) -> dict[str, str]:
        """Return what came under an interchange's number, in this file or before."""
        seen = self.control.seen(identity_of(found))
        for read in self._reads:
            if read.identity == identity_of(found):
                seen |= read.sets
        return seen

    def _not_for_us(self, found: Interchange) -> str:
        profile = self.profile
        if found.receiver != ":".join(profile.sender):
            return "The interchange is for another receiver (ISA07, ISA08)."
        if found.sender != ":".join(profile.receiver):
            return "The interchange is of another sender (ISA05, ISA06)."
        if found.element(15) != profile.usage:
            return "The interchange is of another usage: test or production (ISA15)."
        return ""

    def _of_set(
        self, read: _Read, group: Group, raw: RawSet, verdicts: Verdicts, where: str
    ) -> Iterator[ReceivedMessage]:
        """Yield the messages of one set; note the verdict on it."""
        name, digest = f"{group.number}/{raw.number}", digest_of_set(raw)
        envelope = self.maker.envelope(read.interchange, group, raw.number)
        if self._is_repeated(read, name, digest):
            verdicts.append(_verdict(raw, [Fault(REPEATED, set_code=NUMBER_TWICE)]))
            content = Content(envelope, raw, repeated=True)
            yield self.maker.message(content, raw.code, KINDS.get(raw.code), where)
            return
        # What cannot be read may come again under its number, mended or whole.
        usable = True
        if raw.code == acknowledgement.CODE:
            usable = yield from self.answers.of_997(raw, envelope, where)
        elif raw.code in KINDS:
            found: list[Fault] = []
            yield from self._of_goods(raw, envelope, found, where)
            verdicts.append(_verdict(raw, found))
            usable = verdicts[-1].word != acknowledgement.REJECTED
        else:
            faults = [Fault("The set is not supported.", set_code=UNSUPPORTED_SET)]
            verdicts.append(_verdict(raw, faults))
            yield self.maker.message(Content(envelope, raw), raw.code, None, where)
        if usable:
            read.sets[name] = digest

    def _is_repeated(self, read: _Read, name: str, digest: str) -> bool:
        """Tell whether a set's numbers were used before, for something else."""
        if self.profile.accepts_repeated:
            return False
        return any(known.get(name, digest) != digest for known in (read.seen, read.sets))

    def _of_goods(
        self, raw: RawSet, envelope: Envelope, faults: list[Fault], where: str
    ) -> Iterator[ReceivedMessage]:
        pieces = parts_of(raw) if raw.code == "846" else [raw]
        for part, piece in enumerate(pieces, 1):
            content = Content(envelope, piece, part, len(pieces))
            kind, key, version = KINDS[raw.code], None, 0
            try:
                canonical, reader = read_set(content, self.profile)
            except SetError as error:
                faults += error.faults
            except (ValueError, ArithmeticError):
                faults.append(Fault("What the set says contradicts itself."))
            else:
                faults += reader.faults
                kind, key, version = canonical.kind, canonical.entity_key, canonical.version
            remark = text_of(faults)
            yield self.maker.message(content, raw.code, kind, where, key, version, remark=remark)

    # Afterwards

    def stored(self, entry: Entry) -> bool:
        """Override: acknowledge what was read, and note it."""
        outgoing = Outgoing(self.store, self.profile, self.clock)
        for read in self._reads:
            if self.profile.acknowledges:
                outgoing.acknowledge(read.identity, read.digest, read.groups)
            if read.sets:
                sets = {**self.control.seen(read.identity), **read.sets}
                self.control.note_seen(read.identity, sets)
        for number in self.answers.answered:
            self.control.forget(WAITING, number)
        return self._usable


def identity_of(found: Interchange) -> str:
    """Return what names an interchange: who sent it, and its control number."""
    return f"{found.sender}/{found.number}"


def _verdict(raw: RawSet, faults: list[Fault]) -> acknowledgement.SetVerdict:
    return acknowledgement.SetVerdict(raw.code, raw.number, tuple(dict.fromkeys(faults)))
