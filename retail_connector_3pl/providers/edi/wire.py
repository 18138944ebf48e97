"""X12 text taken apart: interchanges, groups and sets, whatever is wrong in the middle of them.

The library's own reader takes headers of exactly 106 characters and two versions only, and ends
without a word at an empty segment or one beyond its buffer. Warehouses send all of that: files are
taken apart here, each set by itself, and the library checks the sets (``check.py``).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from .fault import NO_TRAILER, Fault

LONGEST_SEGMENT = 4_000
MOST_INTERCHANGES = 10_000
_ISA_ELEMENTS = 16
_LONGEST_HEADER = 400


class NotX12Error(ValueError):
    """A text, or a part of it, that cannot be read as X12 at all."""


@dataclass(frozen=True)
class Separators:
    """What parts elements, components and segments of one interchange."""

    element: str = "*"
    component: str = ">"
    segment: str = "~"
    repetition: str = ""

    def problem(self) -> str:
        """Tell what makes these unusable, empty for nothing."""
        each = [self.element, self.component, self.segment]
        if len(set(each)) < len(each) or any(len(char) != 1 for char in each):
            return "Two of its separators are the same."
        if any(char.isalnum() or char == " " for char in each):
            return "A letter, a digit or a blank is no separator."
        return ""


@dataclass(frozen=True)
class RawSet:
    """The segments of one transaction set, ST first and SE last, as texts."""

    segments: tuple[str, ...]
    separators: Separators
    fault: Fault | None = None

    @property
    def header(self) -> list[str]:
        """The elements of ST; some may be missing."""
        return [*self.segments[0].split(self.separators.element), "", ""]

    @property
    def code(self) -> str:
        """What kind of set it is: 945, 997 …"""
        return self.header[1].strip()

    @property
    def number(self) -> str:
        """Its control number (ST02)."""
        return self.header[2].strip()


@dataclass
class Group:
    """A functional group: the elements of GS (GS itself is 0) and its sets."""

    header: tuple[str, ...]
    sets: list[RawSet] = field(default_factory=list)
    trailer: tuple[str, ...] | None = None
    problems: list[str] = field(default_factory=list)

    def element(self, number: int) -> str:
        """Return an element of GS, empty where there is none."""
        return self.header[number].strip() if number < len(self.header) else ""

    @property
    def code(self) -> str:
        """What kind of group it is: SW, RE, IB, FA …"""
        return self.element(1)

    @property
    def number(self) -> str:
        """Its control number (GS06)."""
        return self.element(6)


@dataclass
class Interchange:
    """What stands between ISA and IEA. ``problems`` are those of the envelope."""

    header: tuple[str, ...]
    separators: Separators
    groups: list[Group] = field(default_factory=list)
    # TA1 segments: what became of interchanges that we sent.
    notes: list[tuple[str, ...]] = field(default_factory=list)
    trailer: tuple[str, ...] | None = None
    problems: list[str] = field(default_factory=list)

    def element(self, number: int) -> str:
        """Return an element of ISA without blanks around it."""
        return self.header[number].strip()

    @property
    def number(self) -> str:
        """The control number (ISA13), without leading zeros."""
        return self.element(13).lstrip("0") or "0"

    @property
    def sender(self) -> str:
        """Who sent it: qualifier and id."""
        return f"{self.element(5)}:{self.element(6)}"

    @property
    def receiver(self) -> str:
        """Whom it was sent to: qualifier and id."""
        return f"{self.element(7)}:{self.element(8)}"


def decoded(data: bytes) -> str:
    """Return a file's text: UTF-8 where it is that, else one byte a character.

    Bytes of zero fill records of some systems; no database keeps them.
    """
    for encoding in ("utf-8-sig", "cp1252", "latin-1"):
        try:
            return data.decode(encoding).replace("\0", " ")
        except UnicodeDecodeError:
            continue
    raise AssertionError("latin-1 has every byte")


def interchanges(text: str) -> Iterator[Interchange | NotX12Error]:
    """Yield the interchanges of a text; what stands between them is told as an error."""
    at, count = 0, 0
    while text[at:].strip("\ufeff\x00\x1a\r\n\t "):
        count += 1
        start = _start(text, at)
        if start < 0 or count > MOST_INTERCHANGES:
            yield NotX12Error("It is no X12: there is no ISA where one belongs.")
            return
        if text[at:start].strip("\ufeff\x00\x1a\r\n\t "):
            yield NotX12Error("Before an ISA there is text that belongs to no interchange.")
        try:
            header, separators, at = _header(text, start)
        except NotX12Error as error:
            yield error
            at = start + 3
            continue
        interchange = Interchange(header, separators)
        at = _Framing(interchange).fill(text, at)
        yield interchange


def _start(text: str, at: int) -> int:
    """Return where the next ISA begins: at the start of a segment, not within one."""
    while (found := text.find("ISA", at)) >= 0:
        follows = text[found + 3 : found + 4]
        if follows and not follows.isalnum() and not follows.isspace():
            return found
        at = found + 3
    return -1


def _header(text: str, start: int) -> tuple[tuple[str, ...], Separators, int]:
    """Return the elements of ISA, the separators it declares, and where it ends.

    The widths are the standard's, but not everybody keeps to them: the separators are counted.
    """
    element = text[start + 3]
    at, elements = start, []
    for _number in range(_ISA_ELEMENTS):
        end = text.find(element, at)
        if end < 0 or end - start > _LONGEST_HEADER:
            raise NotX12Error("The ISA has less than 16 elements.")
        elements.append(text[at:end])
        at = end + 1
    component, segment = text[at : at + 1], text[at + 1 : at + 2]
    if segment == "\r" and text[at + 2 : at + 3] == "\n":
        segment = "\n"
        at += 1
    version = elements[12].strip()
    repeats = version >= "00402" and len(elements[11]) == 1 and not elements[11].isalnum()
    repetition = elements[11] if repeats else ""
    separators = Separators(element, component, segment, repetition)
    if problem := separators.problem():
        raise NotX12Error(f"The ISA cannot be used. {problem}")
    return (*elements, component), separators, at + 2


class _Framing:
    """Sorts the segments of one interchange into groups and sets."""

    def __init__(self, interchange: Interchange) -> None:
        self.interchange = interchange
        self.separators = interchange.separators
        self.group: Group | None = None
        self.open: list[str] | None = None
        self.fault: Fault | None = None

    def fill(self, text: str, at: int) -> int:
        """Read segments up to IEA, or to the next ISA; return where reading goes on."""
        terminator, begins = self.separators.segment, f"ISA{self.separators.element}"
        while at < len(text):
            end = text.find(terminator, at)
            end = len(text) if end < 0 else end
            segment = text[at:end].strip("\r\n\t \x00\x1a")
            if segment.startswith(begins):
                break
            at = end + 1
            if segment and self._take(segment):
                return at
        self._close_group("A group has no GE.")
        self.interchange.problems.append("The interchange has no IEA: the file may be cut.")
        return at

    def _take(self, segment: str) -> bool:
        """Put a segment where it belongs; tell whether it ends the interchange."""
        name = segment.split(self.separators.element, 1)[0]
        if name == "IEA":
            self._close_group("A group has no GE.")
            self.interchange.trailer = self._elements(segment)
            return True
        if name == "GS":
            self._close_group("A group has no GE.")
            self.group = Group(self._elements(segment))
        elif name == "GE":
            self._end_group(segment)
        elif name == "ST":
            self._close_set()
            self.open = [segment]
        elif name == "TA1" and self.open is None:
            self.interchange.notes.append(self._elements(segment))
        else:
            self._inside(name, segment)
        return False

    def _inside(self, name: str, segment: str) -> None:
        if self.open is None:
            self._problem(f"A segment {_shown(name)} belongs to no set.")
            return
        if len(segment) > LONGEST_SEGMENT:
            self.fault = Fault("A segment is too long.", _shown(name), len(self.open) + 1, code="8")
            segment = segment[:LONGEST_SEGMENT]
        self.open.append(segment)
        if name == "SE":
            self._close_set(complete=True)

    def _close_set(self, complete: bool = False) -> None:
        if self.open is None:
            return
        fault = self.fault
        if not complete:
            fault = Fault("The set has no SE.", set_code=NO_TRAILER)
        if self.group is None:
            self.group = Group(("GS",))
            self.group.problems.append("A set stands in no group.")
        self.group.sets.append(RawSet(tuple(self.open), self.separators, fault))
        self.open, self.fault = None, None

    def _end_group(self, segment: str) -> None:
        self._close_set()
        if self.group is None:
            self.interchange.problems.append("A GE ends no group.")
            return
        self.group.trailer = self._elements(segment)
        self._close_group("")

    def _close_group(self, problem: str) -> None:
        self._close_set()
        if self.group is None:
            return
        if problem:
            self.group.problems.append(problem)
        self.interchange.groups.append(self.group)
        self.group = None

    def _problem(self, text: str) -> None:
        problems = self.group.problems if self.group else self.interchange.problems
        if text not in problems:
            problems.append(text)

    def _elements(self, segment: str) -> tuple[str, ...]:
        return tuple(segment.split(self.separators.element))


def _shown(name: str) -> str:
    """Return a segment's name where it looks like one."""
    return name if 2 <= len(name) <= 3 and name.isalnum() and name.isascii() else "without a name"
