"""A set as the body of a message: its segments, with what names people under keys of their own.

Payloads are shown with what stands under ``address`` masked.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from odoo.addons.retail_connector_base.providers import MalformedPayloadError
from odoo.addons.retail_connector_base.providers.file_drop.plain import encoded
from odoo.addons.retail_connector_base.providers.strict_json import loads

from .fault import NO_TRAILER, Fault
from .reading import Envelope
from .wire import RawSet, Separators

SHOWN = 64 * 2**10
# Segments that name people or hold free text; N1 of these parties names a place of work.
_PERSONAL = frozenset(["N1", "N2", "N3", "N4", "PER", "G61", "NTE", "MSG"])
_PLACES = frozenset(["WH", "SF", "RL", "LW", "DE"])


@dataclass(frozen=True)
class Content:
    """What a message holds: one set, or what a 997 says of one command of ours."""

    envelope: Envelope
    raw: RawSet | None = None
    part: int = 1
    parts: int = 1
    verdict: Mapping[str, Any] | None = None
    # Its control numbers were used before, for something else.
    repeated: bool = False


def packed(content: Content, problem: str = "") -> bytes:
    """Return a message's body; ``problem`` makes it one that cannot be read."""
    envelope = content.envelope
    told: dict[str, Any] = {
        "envelope": {
            "sender": envelope.sender,
            "receiver": envelope.receiver,
            "interchange": envelope.interchange,
            "group": envelope.group,
            "set": envelope.set,
            "written_at": envelope.written_at,
        }
    }
    if content.raw:
        own = content.raw.separators
        told["separators"] = [own.element, own.component, own.segment, own.repetition]
        told["segments"], told["address"] = _apart(content.raw)
        told["part"] = [content.part, content.parts]
    if content.verdict is not None:
        told["acknowledged"] = dict(content.verdict)
    if content.repeated:
        told["repeated"] = True
    if problem:
        told["problem"] = problem
    return encoded(told)


def text_body(text: str, problem: str) -> bytes:
    """Return the body of what is no set at all."""
    return encoded({"message": text[:SHOWN], "problem": problem})


def unpacked(body: bytes) -> Content:
    """Return what a message holds. Raises ``MalformedPayloadError``."""
    told = loads(body)
    if not isinstance(told, dict):
        raise MalformedPayloadError("The message holds no set.")
    if told.get("problem"):
        raise MalformedPayloadError(str(told["problem"])[:500])
    try:
        return _content(told)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        raise MalformedPayloadError("The message holds no set.") from None


def _content(told: dict[str, Any]) -> Content:
    written_at = told["envelope"].pop("written_at")
    moment = datetime.fromisoformat(written_at) if written_at else None
    envelope = Envelope(**told["envelope"], written_at=moment)
    verdict = told.get("acknowledged")
    if verdict is not None:
        return Content(envelope, verdict=dict(verdict))
    part, parts = told["part"]
    repeated = told.get("repeated") is True
    return Content(envelope, _raw(told), int(part), int(parts), repeated=repeated)


def _raw(told: dict[str, Any]) -> RawSet:
    segments = list(told["segments"])
    for position, segment in told["address"].items():
        segments[int(position)] = segment
    if not segments or not all(isinstance(segment, str) for segment in segments):
        raise ValueError("segments")
    separators = Separators(*map(str, told["separators"]))
    if separators.problem():
        raise ValueError("separators")
    raw = RawSet(tuple(segments), separators)
    if segments[-1].split(separators.element)[0] != "SE":
        raw = replace(raw, fault=Fault("The set has no SE.", set_code=NO_TRAILER))
    return raw


def _apart(raw: RawSet) -> tuple[list[str | None], dict[str, str]]:
    """Return segments, and those of people by their place."""
    segments: list[str | None] = list(raw.segments)
    personal: dict[str, str] = {}
    of_place = False
    for index, segment in enumerate(raw.segments):
        parts = segment.split(raw.separators.element, 2)
        if parts[0] == "N1":
            of_place = len(parts) > 1 and parts[1] in _PLACES
        elif parts[0] not in _PERSONAL:
            of_place = False
        if parts[0] in _PERSONAL and not (of_place and parts[0] != "NTE"):
            personal[str(index)] = segment
            segments[index] = None
    return segments, personal


def digest_of(data: bytes | str) -> str:
    """Return a digest that tells contents apart."""
    data = data.encode() if isinstance(data, str) else data
    return hashlib.sha256(data).hexdigest()[:32]


def digest_of_set(raw: RawSet) -> str:
    """Return a digest of what a set says."""
    return digest_of("\x1e".join(raw.segments))
