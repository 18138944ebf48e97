"""What the simulated services share: the server, parcels, labels, webhooks."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from copy import deepcopy
from datetime import datetime, timedelta
from random import Random
from threading import RLock
from types import TracebackType
from typing import Any

from simulator.faults import Dice
from simulator_common import Call, JsonServer, Refusal, Report, Sender, Trouble
from simulator_common.json_server import Handler
from simulator_stripe.clock import Clock

Row = dict[str, Any]
Route = tuple[str, str, Callable[..., Any]]
PDF = b"%PDF-1.4\n%simulated label\n%%EOF\n"


class DocumentHandler(Handler):
    """Answers with documents, too, and takes PATCH."""

    def do_PATCH(self) -> None:
        """Change in part."""
        self._serve("PATCH")

    def _reply(self, call: Call, status: int, content: Any, name: str) -> None:
        if not isinstance(content, bytes):
            super()._reply(call, status, content, name)
            return
        self.server.note(call, name, status, None)
        self.send_response(status)
        self.send_header("Content-Type", "application/pdf")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(content)


class Service:
    """Runs while its ``with`` block does. Vendors say what their API and events look like.

    ``labels`` has the numbers of the labels bought under each reference: more than one is money
    lost. ``parcels`` has where each parcel was, oldest first.
    """

    def __init__(self, seed: object = 0, trouble: Trouble | None = None,
                 key: str = "simulated-key") -> None:  # fmt: skip
        self.key, self.clock, self.lock = key, Clock(), RLock()
        self.labels: dict[str, list[str]] = {}
        self.parcels: dict[str, list[Row]] = {}
        self.hooks: dict[str, Row] = {}
        self.events: dict[str, bytes] = {}
        self._random, self._numbers = Random(f"{seed}:{type(self).__name__}"), Counter[str]()
        dice = Dice(seed)
        self.sender = Sender(self.signed, dice)
        self.server = JsonServer(
            self._answer, self._check, self.clock, dice, self.refusal(500, "Broken.").content,
            self.refusal(429, "Too fast.").content,
        )  # fmt: skip
        self.server.RequestHandlerClass = DocumentHandler
        self.trouble = trouble or Trouble()

    # What a vendor says

    def routes(self) -> Iterator[Route]:
        """Yield method, pattern of the path, and what answers."""
        raise NotImplementedError

    def refusal(self, status: int, text: str) -> Refusal:
        """Return a refusal in the vendor's words."""
        raise NotImplementedError

    def is_authentic(self, call: Call) -> bool:
        """Tell whether a request has the account's key."""
        raise NotImplementedError

    def signed(self, secret: str, url: str, body: bytes) -> Mapping[str, str]:
        """Return the headers of a webhook."""
        raise NotImplementedError

    # Running

    def __enter__(self) -> "Service":  # noqa: PYI034 - Self needs Python 3.11
        self.server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.server.close()

    @property
    def base_url(self) -> str:
        """The address of the API."""
        return self.server.base_url

    @property
    def trouble(self) -> Trouble:
        """The misbehaviour; may be replaced at any time."""
        return self.server.trouble

    @trouble.setter
    def trouble(self, trouble: Trouble) -> None:
        self.server.trouble = self.sender.trouble = trouble

    def _check(self, call: Call) -> None:
        if call.path.startswith(("/files/", "/jwks")):
            return
        if not self.is_authentic(call):
            raise self.refusal(401, "The key is wrong.")

    def _answer(self, call: Call) -> Any:
        for method, pattern, handler in self.routes():
            found = re.fullmatch(pattern, call.path)
            if found and method == call.method:
                with self.lock:
                    return deepcopy(handler(call, *found.groups()))
        raise self.refusal(404, "There is nothing.")

    # What happens

    def next_id(self, prefix: str) -> str:
        """Return a new id, the same ones for the same seed."""
        self._numbers[prefix] += 1
        tail = "".join(self._random.choices("0123456789abcdef", k=16))
        return f"{prefix}{self._numbers[prefix]:04d}{tail}"

    def next_number(self) -> str:
        """Return the number of a new parcel."""
        self._numbers["parcel"] += 1
        return f"9400{self._numbers['parcel']:04d}{self._random.randrange(10**12):012d}"

    def now(self) -> datetime:
        """Return the time; everything that happens has a moment of its own."""
        self._numbers["moment"] += 1
        return self.clock() + timedelta(seconds=self._numbers["moment"])

    def note_label(self, reference: str, number: str) -> None:
        """Note that a label was bought."""
        self.labels.setdefault(reference, []).append(number)
        self.parcels.setdefault(number, [])

    def move(self, number: str, state: str, text: str = "", place: str = "") -> None:
        """Let something happen to a parcel; whoever follows it hears of it."""
        with self.lock:
            row = {"state": state, "text": text, "place": place, "at": self.now()}
            self.parcels[number].append(row)
            self.tell(number)

    def tell(self, number: str) -> None:
        """Make the event of where a parcel is."""
        raise NotImplementedError

    def deliver(self) -> Report:
        """Send the events that were not accepted yet."""
        report = Report()
        for number, hook in list(self.hooks.items()):
            events = dict(self.events)
            self.sender.deliver(number, hook["url"], hook.get("secret", ""), events, report)
        return report


def text_of(moment: datetime) -> str:
    """Return a moment as both APIs write it."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
