"""What the sender is told of each item, and of the request as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .api_problem import Problem
from .receipt import Receipt, ReceiptStatus

MESSAGES = "/retail/v1/messages/"
MULTI_STATUS = 207
REJECTED = "rejected"
UNSUPPORTED = "unsupported"


@dataclass(frozen=True)
class ItemAnswer:
    """What became of one item: a message that is kept, or a problem."""

    index: int
    receipt: Receipt | None = None
    problem: Problem | None = None
    supported: bool = True

    @property
    def word(self) -> str:
        """The status as a word. What is stored but has no importer yet is ``unsupported``."""
        if self.receipt is None:
            return REJECTED
        if self.receipt.status is ReceiptStatus.STORED and not self.supported:
            return UNSUPPORTED
        return self.receipt.status.value

    @property
    def status(self) -> int:
        """The HTTP status of this item alone."""
        if self.problem:
            return self.problem.status
        return 202 if self.word == ReceiptStatus.STORED.value else 200

    @property
    def href(self) -> str:
        """Where the message's state can be read."""
        return MESSAGES + self.receipt.message_id if self.receipt else ""

    def body(self) -> dict[str, Any]:
        """Return the item's part of the answer."""
        if self.receipt is None:
            problem = self.problem.body() if self.problem else None
            return {"index": self.index, "status": self.word, "problem": problem}
        return {
            "index": self.index,
            "id": self.receipt.message_id,
            "status": self.word,
            "href": self.href,
        }


def overall_status(items: Sequence[ItemAnswer]) -> int:
    """Return the status that all items share, else 207."""
    statuses = {item.status for item in items}
    return statuses.pop() if len(statuses) == 1 else MULTI_STATUS


def body_of(items: Sequence[ItemAnswer]) -> dict[str, Any]:
    """Return the answer's body: a problem, with its items, where nothing was taken."""
    body: dict[str, Any] = {"items": [item.body() for item in items]}
    problems = [item.problem for item in items if item.problem]
    if overall_status(items) < 400 or not problems:
        return body
    if len(items) == 1:
        return problems[0].body() | body
    return Problem(problems[0].code, f"None of {len(items)} items was taken.").body() | body
