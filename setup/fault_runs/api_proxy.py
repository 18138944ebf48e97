"""The proxy before the provider: requests arrive and have their effect, answers get lost."""

import time
from threading import Lock

from .proxy import Inspect, Link, Proxy

METHODS = (b"POST ", b"GET ")
ANSWERS = {
    "500": b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n",
    "409": b"HTTP/1.1 409 Conflict\r\nContent-Length: 0\r\n\r\n",
    "empty": b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[]",
}


class ApiProxy(Proxy):
    """Spoils the answers to some requests, which the provider has carried out all the same.

    A mishap is ``500``, ``409`` or ``empty`` (a list of nothing) instead of the answer, ``cut`` (no
    answer) or ``hang`` (nothing comes until the client gives up). ``plan`` names the mishaps of the
    next requests, ``None`` for those that go well; only requests that contain ``marker`` count.
    """

    def __init__(self, port: int) -> None:
        self._plan: list[str | None] = []
        self._marker, self._planned = b"", Lock()
        self.happened: list[str] = []
        self._arrivals: list[float] = []
        super().__init__(("127.0.0.1", port), lambda: self._watch())

    def plan(self, mishaps: list[str | None], marker: bytes = b"query") -> None:
        """Say what happens to the next requests."""
        with self._planned:
            self._plan, self._marker, self.happened = list(mishaps), marker, []

    @property
    def left(self) -> int:
        """How many mishaps are still to come."""
        with self._planned:
            return sum(one is not None for one in self._plan)

    def since(self, moment: float) -> list[float]:
        """Return when requests arrived after a moment of the monotonic clock."""
        with self._planned:
            return [one for one in self._arrivals if one >= moment]

    def _watch(self) -> Inspect:
        def inspect(link: Link, data: bytes) -> None:
            mishap = self._next(data)
            if mishap == "cut":
                link.lose_answer = True
            elif mishap == "hang":
                link.swallow.set()
            elif mishap:
                link.answer = ANSWERS[mishap]

        return inspect

    def _next(self, data: bytes) -> str | None:
        with self._planned:
            if data.startswith(METHODS):
                self._arrivals.append(time.monotonic())
            if self._marker not in data or not self._plan:
                return None
            mishap = self._plan.pop(0)
            if mishap:
                self.happened.append(mishap)
            return mishap
