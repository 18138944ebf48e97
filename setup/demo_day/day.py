"""The course of the day: trade, an outage in its middle, and what no webhook told."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from environment import Server, say, step
from simulator import Faults
from simulator.history import Event

from .channel import Channel
from .rpc import Odoo

# More of everything than the internet really does to webhooks.
WEATHER = Faults(
    duplicate=0.15, dropped=0.02, disorder=0.3, late=0.03, forged=0.03, truncated=0.02, junk=0.02
)
SILENT_SHARE = 6  # one order in so many is never told of
OUTAGE_AFTER, OUTAGE_SECONDS = 0.7, 2.0


@dataclass
class Diary:
    """What happened that nobody can see in the database."""

    silent: set[tuple[int, int]] = field(default_factory=set)
    outage: tuple[float, float] = (0, 0)

    def is_disturbed(self, begin: float, end: float) -> bool:
        """Tell whether a stretch of time (epoch seconds) touches the outage."""
        return begin <= self.outage[1] and end >= self.outage[0]


def morning(channels: Sequence[Channel], orders: int) -> None:
    """Trade and deliver while all is well."""
    with step(f"morning: {orders} orders a shop"):
        _deliver_all(channels, [_events(channel, orders) for channel in channels])


def noon(channels: Sequence[Channel], orders: int, server: Server, diary: Diary) -> None:
    """Trade while Odoo goes down and comes back; the shops try again and again."""
    with step(f"noon: {orders} orders a shop, and Odoo is stopped and started in their middle"):
        batches = [_events(channel, orders) for channel in channels]
        with ThreadPoolExecutor(1) as pool:
            delivered = pool.submit(_deliver_all, channels, batches)
            time.sleep(OUTAGE_AFTER)
            begin = time.time()
            server.stop()
            time.sleep(OUTAGE_SECONDS)
            server.start()
            diary.outage = (begin, time.time())
            delivered.result()
        say(f"   Odoo was away for {diary.outage[1] - begin:.1f} s")


def afternoon(channels: Sequence[Channel], orders: int, odoo: Odoo, diary: Diary) -> None:
    """Trade on; of some orders no webhook ever tells, only the shop's own list does."""
    with step(f"afternoon: {orders} orders a shop, some never announced"):
        batches = [_events(channel, orders, diary) for channel in channels]
        _deliver_all(channels, batches)
        poll(channels, odoo)


def poll(channels: Sequence[Channel], odoo: Odoo) -> None:
    """Press the button that reads the shops' lists of orders."""
    backends = [channel.backend.id for channel in channels]
    domain = [("backend_id", "in", backends), ("kind", "=", "order"), ("direction", "=", "in")]
    odoo.call("retail.flow", "action_poll_now", odoo.search("retail.flow", domain))


def _events(channel: Channel, orders: int, diary: Diary | None = None) -> list[Event]:
    """Place orders and return their events, without those of the silent ones."""
    histories = channel.trade(orders)
    silent = histories[::SILENT_SHARE] if diary else []
    if diary:
        diary.silent |= {(channel.backend.id, history.id) for history in silent}
    hidden = {history.id for history in silent}
    told = [history for history in histories if history.id not in hidden]
    return channel.simulator.shop.events(told)


def _deliver_all(channels: Sequence[Channel], batches: Sequence[list[Event]]) -> None:
    with ThreadPoolExecutor(len(channels)) as pool:
        list(pool.map(lambda pair: pair[0].send(pair[1]), zip(channels, batches, strict=True)))
