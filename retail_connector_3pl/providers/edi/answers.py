"""What 997 and TA1 say of our files, as messages about the orders that were in them."""

from collections.abc import Generator, Iterator

from odoo.addons.retail_connector_base.canonical import version_of
from odoo.addons.retail_connector_base.providers import ReceivedMessage

from .acknowledgement import CODE, Acknowledged, read_997, reason_of_note
from .content import Content
from .control import GROUPS, Control
from .fault import SetError
from .making import MessageMaker
from .profile import Profile
from .reading import Envelope, SetReader
from .understand import says_something, verdict_of
from .wire import Interchange, RawSet

KIND = "warehouse_order"


class Answers:
    """Finds out what acknowledgements are about. ``answered`` are the groups that they named."""

    def __init__(self, control: Control, maker: MessageMaker, profile: Profile) -> None:
        self.control, self.maker, self.profile = control, maker, profile
        self.answered: set[str] = set()

    def of_997(
        self, raw: RawSet, envelope: Envelope, where: str
    ) -> Generator[ReceivedMessage, None, bool]:
        """Yield what a 997 says; return whether it could be read."""
        reader = SetReader(raw, envelope, self.profile)
        try:
            reader.stop_if_wrong()
            told = read_997(reader)
        except SetError as error:
            content = Content(envelope, raw)
            yield self.maker.message(content, raw.code, KIND, where, problem=str(error))
            return False
        for each in told:
            yield from self._of_verdict(each, envelope, where)
        return True

    def of_notes(self, found: Interchange, where: str) -> Iterator[ReceivedMessage]:
        """Yield what TA1 say: only a refusal says anything that a 997 does not."""
        for note in found.notes:
            number, accepted, reason = reason_of_note(note)
            if not accepted:
                told = Acknowledged("", number, "", accepted, reason)
                yield from self._of_verdict(told, self.maker.envelope(found, None, number), where)

    def _of_verdict(
        self, told: Acknowledged, envelope: Envelope, where: str
    ) -> Iterator[ReceivedMessage]:
        number = told.group.lstrip("0") or "0"
        group = self.control.kept(GROUPS, number) or {}
        named = {n: c for n, c in group.get("sets", {}).items() if told.set in ("", n)}
        if not named:
            text = f"Group {number}, set {told.set}: it acknowledges what was never sent from here."
            yield self.maker.message(Content(envelope), CODE, KIND, where, problem=text)
            return
        self.answered.add(number)
        for name, command in sorted(named.items()):
            verdict = verdict_of(command, told.accepted, told.reason)
            if says_something(verdict, self.profile):
                yield self._message(verdict, envelope, f"{where}#{name}")

    def _message(self, verdict: dict, envelope: Envelope, where: str) -> ReceivedMessage:
        kind, key = KIND, f"order:{verdict['reference']}"
        if verdict["command"].startswith("announce_"):
            kind, key = "receipt", f"announcement:{verdict['reference']}"
        version = version_of(envelope.written_at) if envelope.written_at else 0
        content = Content(envelope, verdict=verdict)
        return self.maker.message(content, CODE, kind, where, key, version)
