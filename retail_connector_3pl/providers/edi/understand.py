"""What each kind of set says, in canonical words."""

from collections.abc import Callable, Mapping
from datetime import datetime

from odoo.addons.retail_connector_base.canonical import (
    CanonicalMessage,
    RequestAnswer,
    WarehouseOrder,
    WarehouseOrderState,
)
from odoo.addons.retail_connector_base.providers import MalformedPayloadError
from odoo.addons.retail_connector_base.providers.reading import understood

from .content import Content
from .fault import SetError
from .profile import Profile
from .reading import SetReader
from .receipt_944 import read_944
from .shipment_856 import read_856
from .shipment_945 import read_945
from .stock_846 import read_846

RELEASE, CHANGE, CANCEL = "release_order", "change_release", "cancel_release"
# The sets that tell of goods, and the kind of message that each is kept as where it is unreadable.
KINDS = {"945": "shipment", "856": "shipment", "944": "receipt", "846": "stock_snapshot"}
REPEATED = "Its control numbers were used before, with another content."
_READERS: dict[str, Callable[[SetReader], CanonicalMessage]] = {
    "945": read_945,
    "856": read_856,
    "944": read_944,
}


def read_set(content: Content, profile: Profile) -> tuple[CanonicalMessage, SetReader]:
    """Return what a set says, and its reader with its remarks. Raises ``SetError``."""
    reader = SetReader(content.raw, content.envelope, profile)
    reader.stop_if_wrong()
    code = content.raw.code
    if code == "846":
        return read_846(reader, content.part, content.parts), reader
    return _READERS[code](reader), reader


def canonical_of(content: Content, profile: Profile) -> CanonicalMessage:
    """Return what a message says. Raises nothing but ``MalformedPayloadError``."""
    try:
        return understood(lambda: _canonical(content, profile))
    except _WrappedError as error:
        raise MalformedPayloadError(error.text) from None


class _WrappedError(Exception):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def _canonical(content: Content, profile: Profile) -> CanonicalMessage:
    if content.verdict is not None:
        return _answer(content)
    code = content.raw.code
    if content.repeated and not profile.accepts_repeated:
        raise _WrappedError(f"Set {content.envelope.identity}: {REPEATED}")
    if code not in KINDS:
        raise _WrappedError(f"Sets of the kind {code[:6]} are not read.")
    try:
        return read_set(content, profile)[0]
    except SetError as error:
        raise _WrappedError(str(error)) from None


# What a 997 says of our commands


def verdict_of(command: Mapping[str, str], accepted: bool, reason: str) -> dict:
    """Return what is kept of a 997 about one of our commands."""
    return {
        "command": command["command"],
        "reference": command["reference"],
        "request": command.get("request", ""),
        "accepted": accepted,
        "reason": reason,
    }


def says_something(verdict: dict, profile: Profile) -> bool:
    """Tell whether anything follows from a 997, by what was agreed."""
    if not verdict["accepted"]:
        return True
    if verdict["command"] == CANCEL:
        return profile.cancellation == "acknowledgement"
    takes = profile.acceptance == "acknowledgement"
    return takes and verdict["command"] in (RELEASE, CHANGE)


def _answer(content: Content) -> WarehouseOrder:
    """Return what a 997 means for the order that a command of ours was about."""
    verdict = content.verdict
    command, accepted = verdict["command"], bool(verdict["accepted"])
    reason = str(verdict.get("reason") or "") or None
    if command not in (RELEASE, CHANGE, CANCEL):
        raise _WrappedError(f"The warehouse refused {verdict['reference']}: {reason}")
    answers = ()
    if command != RELEASE:
        request = str(verdict["request"])
        answers = (RequestAnswer(request_reference=request, accepted=accepted, reason=reason),)
    return WarehouseOrder(
        external_id=str(verdict["reference"]),
        updated_at=_moment(content),
        order_external_id=str(verdict["reference"]),
        state=_state(command, accepted),
        reason=reason if command == RELEASE else None,
        reason_code="997" if not accepted and command == RELEASE else None,
        answers=answers,
    )


def _state(command: str, accepted: bool) -> WarehouseOrderState:
    """Return the order's state: a request that is refused leaves an order that was accepted."""
    if command == CANCEL and accepted:
        return WarehouseOrderState.CANCELLED
    if command == RELEASE and not accepted:
        return WarehouseOrderState.REJECTED
    return WarehouseOrderState.ACCEPTED


def _moment(content: Content) -> datetime | None:
    return content.envelope.written_at
