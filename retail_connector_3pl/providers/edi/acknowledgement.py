"""997, functional acknowledgement, both ways; TA1, what becomes of a whole interchange.

Segments by X12 004010 (https://www.stedi.com/edi/x12-004010/997): AK1 names a group, each AK2 one
of its sets, AK3 and AK4 what is wrong with a segment and its elements, AK5 the verdict on the set,
AK9 that on the group. A 997 is never acknowledged.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .fault import Fault
from .reading import Loop, SetReader
from .wire import Group
from .writing import Written

GROUP, CODE = "FA", "997"
# Elements 717 and 715.
ACCEPTED, WITH_ERRORS, REJECTED, PARTLY = "A", "E", "R", "P"
ACCEPTING = frozenset([ACCEPTED, WITH_ERRORS])
_MOST_FAULTS = 50
_WORDS_OF_SEGMENTS = {
    "1": "unknown segment",
    "2": "unexpected segment",
    "3": "mandatory segment missing",
    "4": "too many loops",
    "5": "too many segments",
    "6": "segment not in this set",
    "7": "segment out of order",
    "8": "wrong elements",
}
_WORDS_OF_ELEMENTS = {
    "1": "is missing",
    "2": "is missing beside another",
    "3": "is one too many",
    "4": "is too short",
    "5": "is too long",
    "6": "has a character that is not allowed",
    "7": "has a code that is not known",
    "8": "is no date",
    "9": "is no time",
    "10": "may not stand there",
}
_WORDS_OF_SETS = {
    "1": "the set is not supported",
    "2": "the trailer is missing",
    "3": "the control numbers differ",
    "4": "the count of segments differs",
    "5": "segments are wrong",
    "6": "the set's number is missing or wrong",
    "7": "the set's code is missing or wrong",
    "23": "the control number was used twice",
}


@dataclass(frozen=True)
class SetVerdict:
    """What became of one set that we read."""

    code: str
    number: str
    faults: tuple[Fault, ...] = ()

    @property
    def word(self) -> str:
        """Element 717."""
        if any(fault.fatal for fault in self.faults):
            return REJECTED
        return WITH_ERRORS if self.faults else ACCEPTED


@dataclass(frozen=True)
class Acknowledged:
    """What a partner says of one of our sets, or of a whole group (``set`` is empty then)."""

    group_code: str
    group: str
    set: str
    accepted: bool
    reason: str = ""


def write_997(group: Group, verdicts: Sequence[SetVerdict]) -> tuple[Written, ...]:
    """Return the segments of the acknowledgement of a group."""
    return tuple(_segments(group, verdicts))


def _segments(group: Group, verdicts: Sequence[SetVerdict]) -> Iterator[Written]:
    yield ("AK1", group.code[:2], group.number[:9])
    for verdict in verdicts:
        yield ("AK2", verdict.code[:3], verdict.number[:9])
        yield from _notes(verdict.faults[:_MOST_FAULTS])
        codes = dict.fromkeys(f.set_code for f in verdict.faults if f.set_code)
        yield ("AK5", verdict.word, *list(codes)[:5])
    good = sum(verdict.word in ACCEPTING for verdict in verdicts)
    told = [*(group.trailer or ()), "", ""][1].strip()
    told = told if told.isdigit() and len(told) <= 6 else str(len(verdicts))
    yield ("AK9", _word(verdicts, good), told, str(len(verdicts)), str(good))


def _word(verdicts: Sequence[SetVerdict], good: int) -> str:
    if good < len(verdicts):
        return PARTLY if good else REJECTED
    return WITH_ERRORS if any(v.word == WITH_ERRORS for v in verdicts) else ACCEPTED


def _notes(faults: Sequence[Fault]) -> Iterator[Written]:
    """Yield AK3 for each segment with faults, AK4 for each of its elements."""
    segments: dict[tuple[str, int], list[Fault]] = {}
    for fault in faults:
        if fault.segment and fault.position:
            segments.setdefault((fault.segment, fault.position), []).append(fault)
    for (name, position), found in segments.items():
        whole = [fault.code for fault in found if fault.element is None and fault.code]
        yield ("AK3", name, str(position), "", whole[0] if whole else "8")
        for fault in found:
            if fault.element is not None:
                yield ("AK4", str(fault.element), "", fault.code or "7")


def read_997(reader: SetReader) -> list[Acknowledged]:
    """Return what a partner says of our sets. Raises ``SetError``.

    A group without AK2 is told as a whole. A part of it that nobody names is no answer.
    """
    top = reader.required("AK1")
    end = reader.required("AK9")
    group_code, group = reader.text(top, 1), reader.text(top, 2)
    reader.stop_if_wrong()
    _head, loops = reader.split("AK2", reader.body)
    if not loops and end.get(1) == PARTLY:
        text = "The warehouse took a part of a group and does not say which (AK9 without AK2)."
        reader.refuse(end, 1, "7", text)
        reader.stop_if_wrong()
    if not loops:
        accepted = end.get(1) in ACCEPTING
        reason = "" if accepted else "The warehouse refused the whole group."
        return [Acknowledged(group_code, group, "", accepted, reason)]
    return [_of_loop(group_code, group, loop) for loop in loops]


def _of_loop(group_code: str, group: str, loop: Loop) -> Acknowledged:
    verdict = next((s for s in loop if s.name == "AK5"), None)
    word = verdict.get(1) if verdict else ""
    accepted = word in ACCEPTING
    texts = [] if accepted else list(_words(loop))
    reason = "" if accepted else " ".join(texts) or "The warehouse refused it without a reason."
    return Acknowledged(group_code, group, loop[0].get(2), accepted, reason[:500])


def _words(loop: Loop) -> Iterator[str]:
    """Yield what AK3, AK4 and AK5 say, in words."""
    where = ""
    for segment in loop:
        if segment.name == "AK3":
            where = f"{segment.get(1)} (segment {segment.get(2)})"
            word = _WORDS_OF_SEGMENTS.get(segment.get(4), "wrong")
            yield f"{where}: {word}."
        elif segment.name == "AK4":
            number = segment.get(1)
            word = _WORDS_OF_ELEMENTS.get(segment.get(3), "is wrong")
            yield f"{where}, element {number}: {word}."
        elif segment.name == "AK5":
            for number in range(2, 7):
                if code := segment.get(number):
                    yield f"{_WORDS_OF_SETS.get(code, f'code {code}').capitalize()}."


def reason_of_note(note: tuple[str, ...]) -> tuple[str, bool, str]:
    """Return what a TA1 says: which of our interchanges, whether it was taken, and why not."""
    padded = [*note, *[""] * 6]
    number, word, code = padded[1].lstrip("0") or "0", padded[4].strip(), padded[5].strip()
    accepted = word in ACCEPTING
    return number, accepted, "" if accepted else f"The whole interchange was refused (TA1 {code})."
