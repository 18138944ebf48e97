"""The simulator: an account, the API and the webhooks in one object."""

from types import TracebackType
from typing import Any

from simulator.faults import Dice
from simulator_common import Call, JsonServer, Refusal, Report, Trouble

from .account import Account
from .problem import BROKEN, BUSY
from .routes import PREFIX, Routes
from .webhooks import Webhooks

TOKEN = "PAT-simulated"


class ShipBobSimulator:
    """Runs while its ``with`` block does. Further arguments go to the ``Account``.

    ``refused`` are the first parts of paths that the token may not use (``receiving``).
    """

    def __init__(
        self, seed: object = 0, trouble: Trouble | None = None, token: str = TOKEN,
        refused: frozenset[str] = frozenset(), **account: Any,
    ) -> None:  # fmt: skip
        self.token, self.refused, dice = token, refused, Dice(seed)
        self.account = Account(seed, **account)
        self.webhooks = Webhooks(self.account, dice)
        routes = Routes(self.account, self.webhooks)
        self.server = JsonServer(routes.answer, self._check, self.account.clock, dice, BROKEN, BUSY)
        self.trouble = trouble or Trouble()

    def _check(self, call: Call) -> None:
        if call.headers.get("authorization") != f"Bearer {self.token}":
            raise Refusal(401, {"message": "Unauthorized"})
        if call.path.removeprefix(f"{PREFIX}/").partition("/")[0] in self.refused:
            raise Refusal(403, {"message": "The token lacks a scope."})

    def __enter__(self) -> "ShipBobSimulator":  # noqa: PYI034 - Self needs Python 3.11
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
        """The account's time."""
        return self.account.clock

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
