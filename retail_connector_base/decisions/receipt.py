"""What was done with a message that came in."""

from dataclasses import dataclass
from enum import Enum

LONGEST = 255


class ReceiptStatus(str, Enum):
    """How a message relates to what the inbox already holds."""

    STORED = "stored"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"


@dataclass(frozen=True)
class Receipt:
    """``message_id`` is the public id of the row; ``lane`` is set when it must be woken."""

    message_id: str
    status: ReceiptStatus
    lane: int | None
    kind: str | None

    @property
    def http_status(self) -> int:
        """202 for news that will be worked on; 200 for what is only kept."""
        return 202 if self.status is ReceiptStatus.STORED and self.kind else 200


def printable(text: str) -> str:
    """Return text that PostgreSQL can hold in an index: no NUL, no lone surrogates, not endless."""
    return text.replace("\0", "�").encode("utf-8", "replace").decode()[:LONGEST]
