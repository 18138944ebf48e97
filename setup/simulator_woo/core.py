"""The simulator: a shop, its API and its webhooks in one object."""

from types import TracebackType
from typing import Any

from simulator.faults import Dice

from .api_server import ApiServer
from .faults import Faults
from .keys import Keys
from .routes import Routes
from .shop import Shop
from .webhooks import Report, Webhooks


class WooSimulator:
    """Runs while its ``with`` block does. Further arguments go to the ``Shop``."""

    def __init__(
        self,
        seed: object = 0,
        faults: Faults | None = None,
        keys: Keys | None = None,
        **shop: Any,
    ) -> None:
        self.keys, self.shop, dice = keys or Keys(), Shop(seed, **shop), Dice(seed)
        self.webhooks = Webhooks(self.shop, dice)
        self.server = ApiServer(Routes(self.shop, self.webhooks), self.keys, dice)
        self.faults = faults or Faults()

    def __enter__(self) -> "WooSimulator":  # noqa: PYI034 - Self needs Python 3.11
        self.server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.server.close()

    @property
    def base_url(self) -> str:
        """The address of the site."""
        return self.server.base_url

    @property
    def faults(self) -> Faults:
        """The misbehaviour; may be replaced at any time."""
        return self.server.faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        self.server.faults = self.webhooks.faults = faults

    def deliver(self) -> Report:
        """Send the webhooks of all that happened since the last time."""
        return self.webhooks.deliver()
