"""The simulator: an account, its API and its webhooks in one object."""

from types import TracebackType
from typing import Any

from simulator.faults import Dice

from .account import Account
from .api_server import ApiServer
from .faults import Faults
from .keys import Key
from .routes import Routes
from .truth import Truth
from .webhooks import Report, Webhooks


class StripeSimulator:
    """Runs while its ``with`` block does. Further arguments go to the ``Account``."""

    def __init__(
        self, seed: object = 0, faults: Faults | None = None, key: Key | None = None,
        **account: Any,
    ) -> None:  # fmt: skip
        self.key, dice = key or Key(), Dice(seed)
        self.account = Account(seed, live=self.key.is_live, **account)
        self.webhooks = Webhooks(self.account, dice)
        routes = Routes(self.account, self.webhooks)
        self.server = ApiServer(self.account, routes, self.key, dice)
        self.faults = faults or Faults()

    def __enter__(self) -> "StripeSimulator":  # noqa: PYI034 - Self needs Python 3.11
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
    def faults(self) -> Faults:
        """The misbehaviour; may be replaced at any time."""
        return self.server.faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        self.server.faults = self.webhooks.faults = faults

    def deliver(self) -> Report:
        """Send the events of all that happened and was not accepted yet."""
        return self.webhooks.deliver()

    def truth(self) -> Truth:
        """Return what the books must come to."""
        return Truth.of(self.account)
