"""X12 as this warehouse writes and reads it: a few lines, its own."""

from dataclasses import dataclass, field
from datetime import datetime

Segment = list[str]


@dataclass
class Mail:
    """An interchange: its control number, and its sets by functional group."""

    number: str
    groups: list[tuple[str, str, list[tuple[str, str, list[Segment]]]]] = field(
        default_factory=list
    )
    sender: str = ""
    receiver: str = ""


def write(
    number: int,
    at: datetime,
    sender: str,
    receiver: str,
    groups: list[tuple[str, list[tuple[str, list[Segment]]]]],
    usage: str = "P",
) -> str:
    """Return an interchange of groups (code, sets); each set is (code, segments)."""
    parties = f"ZZ*{sender:15}*ZZ*{receiver:15}"
    moment = f"{at:%y%m%d}*{at:%H%M}"
    out = [f"ISA*00*{'':10}*00*{'':10}*{parties}*{moment}*U*00401*{number:09}*0*{usage}*>"]
    for index, (code, sets) in enumerate(groups, 1):
        group = f"{number}{index:02}"
        out.append(f"GS*{code}*{sender}*{receiver}*{at:%Y%m%d}*{at:%H%M%S}*{group}*X*004010")
        for each, (kind, segments) in enumerate(sets, 1):
            out.append(f"ST*{kind}*{each:04}")
            out += ["*".join(segment) for segment in segments]
            out.append(f"SE*{len(segments) + 2}*{each:04}")
        out.append(f"GE*{len(sets)}*{group}")
    out.append(f"IEA*{len(groups)}*{number:09}")
    return "~\n".join(out) + "~\n"


def read(text: str) -> Mail:
    """Return the interchange of a text. Raises ``ValueError`` for anything unusual."""
    if not text.startswith("ISA"):
        raise ValueError("no ISA")
    element, terminator = text[3], text[105]
    segments = [
        part.strip("\r\n").split(element) for part in text.split(terminator) if part.strip()
    ]
    mail = Mail(segments[0][13], sender=segments[0][6].strip(), receiver=segments[0][8].strip())
    body: list[Segment] = []
    for segment in segments[1:]:
        name = segment[0]
        if name == "GS":
            mail.groups.append((segment[1], segment[6], []))
        elif name == "SE":
            start, *rest = body
            _check(segment, len(body) + 1, start[2])
            mail.groups[-1][2].append((start[1], start[2], rest))
        elif name == "GE":
            _check(segment, len(mail.groups[-1][2]), mail.groups[-1][1])
        elif name == "IEA":
            _check(segment, len(mail.groups), mail.number)
        else:
            body = [segment] if name == "ST" else [*body, segment]
    return mail


def _check(trailer: Segment, count: int, number: str) -> None:
    if trailer[1:] != [str(count), number]:
        raise ValueError(f"{trailer[0]} does not fit")


def loops(segments: list[Segment], start: str) -> tuple[list[Segment], list[list[Segment]]]:
    """Return what stands before the first segment of a name, and the loops that it begins."""
    head: list[Segment] = []
    found: list[list[Segment]] = []
    for segment in segments:
        if segment[0] == start:
            found.append([])
        (found[-1] if found else head).append(segment)
    return head, found


def at(segment: Segment, number: int) -> str:
    """Return an element, empty where there is none."""
    return segment[number] if number < len(segment) else ""
