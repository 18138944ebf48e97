"""Deliveries of webhooks: duplicated, dropped, out of order, forged; again if refused."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from simulator.faults import Dice

from .trouble import Trouble

Headers = Mapping[str, str]


@dataclass
class Report:
    """What became of the deliveries: answers by status, events answered 2xx and those not sent."""

    answers: Counter[str] = field(default_factory=Counter)
    accepted: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


class Sender:
    """Sends events to addresses. ``sign(secret, url, body)`` returns the headers of a delivery."""

    def __init__(self, sign: Callable[[str, str, bytes], Headers], dice: Dice) -> None:
        self.sign, self.dice, self.trouble = sign, dice, Trouble()
        self.timeout = 5.0
        self._done: set[tuple[str, str]] = set()

    def skip(self, target: str, events: Mapping[str, bytes]) -> None:
        """Take events as told to a target: they were before its time."""
        self._done |= {(target, event) for event in events}

    def forget(self) -> None:
        """Send everything again: the sender's own memory was lost."""
        self._done.clear()

    def deliver(
        self, target: str, url: str, secret: str, events: Mapping[str, bytes], report: Report
    ) -> None:
        """Send what a target has not accepted yet."""
        due = [event for event in events if (target, event) not in self._done]
        late = [event for event in due if self._hits("disorder", event)]
        for event in [one for one in due if one not in late] + late[::-1]:
            self._tell(target, url, secret, event, events[event], report)

    def _hits(self, name: str, event: str) -> bool:
        return self.dice.hits(name, event, getattr(self.trouble, name))

    def _tell(
        self, target: str, url: str, secret: str, event: str, body: bytes, report: Report
    ) -> None:
        if self._hits("dropped", event):
            self._done.add((target, event))
            report.lost.append(event)
            return
        for _time in range(1 + self._hits("duplicate", event)):
            answer = self._post(url, body, self.sign(secret, url, body))
            report.answers[answer] += 1
            if answer.startswith("2"):
                self._done.add((target, event))
                report.accepted.append(event)
        if self._hits("forged", event):
            self._post(url, body, self.sign("no secret", url, body))

    def _post(self, url: str, body: bytes, headers: Headers) -> str:
        parts = urlsplit(url)
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=self.timeout)
        try:
            connection.request(
                "POST", parts.path, body, {"Content-Type": "application/json", **headers}
            )
            return str(connection.getresponse().status)
        except TimeoutError:
            return "timeout"
        except (OSError, HTTPException):
            return "unreachable"
        finally:
            connection.close()
