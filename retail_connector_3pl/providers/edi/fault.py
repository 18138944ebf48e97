"""What is wrong with a transaction set, as a functional acknowledgement tells it.

Codes are those of X12 004010: elements 720 (segment), 723 (element), 718 (set), 716 (group).
"""

from dataclasses import dataclass

# Element 720: what is wrong with a segment.
UNKNOWN_SEGMENT, MISSING_SEGMENT, ELEMENT_ERRORS = "1", "3", "8"
# Element 723: what is wrong with an element.
MISSING_ELEMENT, TOO_LONG, BAD_CHARACTER = "1", "5", "6"
BAD_CODE, BAD_DATE, BAD_TIME = "7", "8", "9"
# Element 718: what is wrong with a set.
UNSUPPORTED_SET, NO_TRAILER, OTHER_NUMBER, OTHER_COUNT = "1", "2", "3", "4"
SEGMENT_ERRORS, NUMBER_TWICE = "5", "23"
# Element 716: what is wrong with a group.
NO_GROUP_TRAILER, OTHER_GROUP_NUMBER, OTHER_SET_COUNT = "3", "4", "5"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong. ``text`` quotes nothing of what the set holds.

    ``position`` counts segments from ST, which is 1. ``element`` is its number, ``None`` where the
    whole segment is meant. ``code`` is of element 723 then, else of 720; ``set_code`` is of 718.
    ``fatal``: the set cannot be used.
    """

    text: str
    segment: str = ""
    position: int = 0
    element: int | None = None
    code: str = ""
    set_code: str = SEGMENT_ERRORS
    fatal: bool = True


class SetError(ValueError):
    """A transaction set that cannot be used. ``faults`` say why."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(text_of(faults))
        self.faults = tuple(faults)


def text_of(faults: list[Fault] | tuple[Fault, ...], most: int = 8) -> str:
    """Return faults as a sentence each."""
    texts = list(dict.fromkeys(fault.text for fault in faults))
    return " ".join([*texts[:most], *(["…"] if len(texts) > most else [])])
