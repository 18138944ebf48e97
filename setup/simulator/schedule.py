"""A queue of work that becomes due at certain moments."""

import heapq
import time
from itertools import count
from threading import Condition
from typing import Generic, TypeVar

Work = TypeVar("Work")


class Schedule(Generic[Work]):
    """Hands out work to threads when it is due, in the order in which it was put in.

    It is over when nothing is left and nothing is being worked on, or when the deadline passed.
    """

    def __init__(self, deadline: float) -> None:
        self._heap: list[tuple[float, int, Work]] = []
        self._order, self._condition = count(), Condition()
        self._busy, self._deadline = 0, deadline

    def __len__(self) -> int:
        return len(self._heap)

    def put(self, work: Work, delay: float = 0) -> None:
        """Add work that becomes due after a delay in seconds."""
        with self._condition:
            due = time.monotonic() + delay if delay else 0
            heapq.heappush(self._heap, (due, next(self._order), work))
            self._condition.notify()

    def take(self) -> Work | None:
        """Wait for work; ``None`` when all is over. What is taken must be followed by ``done``."""
        with self._condition:
            while True:
                now = time.monotonic()
                if now >= self._deadline or not (self._heap or self._busy):
                    self._condition.notify_all()
                    return None
                if self._heap and self._heap[0][0] <= now:
                    self._busy += 1
                    return heapq.heappop(self._heap)[2]
                due = self._heap[0][0] if self._heap else self._deadline
                self._condition.wait(min(due, self._deadline) - now)

    def done(self) -> None:
        """Say that a piece of work is finished, and that its successors are in the queue."""
        with self._condition:
            self._busy -= 1
            self._condition.notify_all()
