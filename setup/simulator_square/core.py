"""The simulator: a seller, the API and the webhooks in one object."""

from types import TracebackType
from typing import Any

from simulator.faults import Dice
from simulator_common import Call, JsonServer, Report, Trouble

from .problem import BROKEN, BUSY, refusal
from .routes import Routes
from .seller import Seller
from .webhooks import Webhooks

TOKEN = "EAAA-simulated"


class SquareSimulator:
    """Runs while its ``with`` block does. Further arguments go to the ``Seller``.

    ``refused`` are the first parts of paths that the token may not use (``devices``).
    """

    def __init__(
        self, seed: object = 0, trouble: Trouble | None = None, token: str = TOKEN,
        refused: frozenset[str] = frozenset(), **seller: Any,
    ) -> None:  # fmt: skip
        self.token, self.refused, dice = token, refused, Dice(seed)
        self.seller = Seller(seed, **seller)
        self.webhooks = Webhooks(self.seller, dice)
        routes = Routes(self.seller, self.webhooks)
        self.keys = routes.keys
        self.server = JsonServer(routes.answer, self._check, self.seller.clock, dice, BROKEN, BUSY)
        self.trouble = trouble or Trouble()

    def _check(self, call: Call) -> None:
        if call.headers.get("authorization") != f"Bearer {self.token}":
            raise refusal(401, "UNAUTHORIZED", "This request could not be authorized.")
        if call.path.removeprefix("/v2/").partition("/")[0] in self.refused:
            raise refusal(403, "INSUFFICIENT_SCOPES", "The token lacks a permission.")

    def __enter__(self) -> "SquareSimulator":  # noqa: PYI034 - Self needs Python 3.11
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
    def clock(self) -> Any:
        """The seller's time."""
        return self.seller.clock

    @property
    def trouble(self) -> Trouble:
        """The misbehaviour; may be replaced at any time."""
        return self.server.trouble

    @trouble.setter
    def trouble(self, trouble: Trouble) -> None:
        self.server.trouble = self.webhooks.sender.trouble = trouble

    def deliver(self) -> Report:
        """Send the events of all that happened and was not accepted yet."""
        return self.webhooks.deliver()
