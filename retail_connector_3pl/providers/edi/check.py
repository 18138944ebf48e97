"""What the library's reader says of one set: its counts, numbers, names and trailing separators."""

import io

from pyx12.errors import EngineError, X12Error
from pyx12.x12file import X12Reader

from .fault import OTHER_COUNT, OTHER_NUMBER, SEGMENT_ERRORS, Fault
from .wire import RawSet, Separators

# How the library's reader wants a header: padded, and of a version that it knows.
_HEADER = "00", " " * 10, "00", " " * 10, "ZZ", "X".ljust(15), "ZZ", "X".ljust(15), "000101", "0000"
_TEXTS = {
    OTHER_NUMBER: "The set's trailer names another control number.",
    OTHER_COUNT: "The set's trailer counts other segments than there are.",
}
# The library's own code for elements that are empty at a segment's end: no reason to refuse a set.
_TRAILING = "SEG1"


def faults_of(raw: RawSet) -> list[Fault]:
    """Return what is wrong with a set as such, whatever it says."""
    if raw.fault:
        return [raw.fault]
    faults: list[Fault] = []
    try:
        reader = X12Reader(io.StringIO(_enveloped(raw)))
        for position, _segment in enumerate(reader, -1):
            faults += [fault for error in reader.pop_errors() if (fault := _fault(error, position))]
    except (X12Error, EngineError, IndexError, TypeError, ValueError) as error:
        # Releases of the library stumble over trailers without elements, each in its own way.
        return [Fault(f"The set cannot be read ({type(error).__name__}).")]
    return faults


def _fault(error: tuple, position: int) -> Fault | None:
    level, code = error[:2]
    if level == "st":
        return Fault(_TEXTS.get(code, "The set's envelope is wrong."), set_code=code)
    if level == "seg" and code in ("1", "8"):
        text = f"Segment {position} has no valid name."
        return Fault(text, "", position, code="1", set_code=SEGMENT_ERRORS)
    # Hierarchies are checked by who reads them; separators too many mean nothing.
    return None


def _enveloped(raw: RawSet) -> str:
    """Return a set as an interchange that the library's reader takes."""
    own = raw.separators
    isa = own.element.join(("ISA", *_HEADER, "U", "00401", "000000001", "0", "P", own.component))
    group = own.element.join(("GS", "X", "X", "X", "20000101", "0000", "1", "X", "004010"))
    ends = own.element.join(("GE", "1", "1")), own.element.join(("IEA", "1", "000000001"))
    segments = (isa, group, *raw.segments, *ends)
    return "".join(f"{segment}{own.segment}" for segment in _safe(segments, own))


def _safe(segments: tuple[str, ...], separators: Separators) -> tuple[str, ...]:
    """Return segments whose line ends cannot be taken for something else."""
    if separators.segment in "\r\n":
        return segments
    return tuple(segment.replace("\r", " ").replace("\n", " ") for segment in segments)
