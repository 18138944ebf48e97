"""The provider, the gate's rules and a shop with a small bucket, over HTTP."""

import time
from random import Random

import pytest
from vendor_shop import provider

from odoo.addons.retail_connector_base.decisions import gate
from odoo.addons.retail_connector_base.providers import RateLimitedError

from simulator import ShopifySimulator
from simulator.bucket import Bucket


class MemoryGate:
    """The rules of the database's gate in memory; it sleeps as long as it is told."""

    def __init__(self) -> None:
        self.state, self.slept = gate.GateState(), 0.0

    def enter(self, cost: float = 1.0) -> None:
        """Wait until the request may leave."""
        while True:
            self.state, answer = gate.enter(self.state, cost, time.time())
            if isinstance(answer, gate.Admission):
                return
            self.slept += answer.seconds
            time.sleep(answer.seconds)

    def leave(self, error) -> None:
        """Note how it ended."""
        outcome = gate.outcome_of(error)
        self.state = gate.leave(self.state, gate.Admission(), outcome, time.time(), Random(1))

    def learn(self, available: float, maximum: float, rate: float) -> None:
        """Take over what the shop says."""
        self.state = gate.learn(self.state, available, maximum, rate, time.time())


@pytest.fixture
def shop():
    """A shop whose bucket is empty after a few pages, and is restored quickly."""
    with ShopifySimulator(seed=7, bucket=Bucket(1000, 2000)) as simulator:
        simulator.shop.trade(60)
        yield simulator


def read_often(shop, **client) -> int:
    """Read the shop's list several times; return how many orders were read."""
    adapter = provider(shop, **client)
    return sum(len(page.messages) for _ in range(8) for page in adapter.fetch("order", ""))


def test_with_the_gate_the_shop_never_has_to_refuse(shop):
    keeper = MemoryGate()
    assert read_often(shop, gate=keeper) == 8 * 60
    assert keeper.slept > 0


def test_without_it_the_shop_refuses(shop):
    with pytest.raises(RateLimitedError):
        read_often(shop)
