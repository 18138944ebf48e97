"""A simulated ShipBob account for tests and demonstrations. Needs no Odoo.

with ShipBobSimulator(seed=7) as simulator:
    account = simulator.account
    account.add_product("MUG", {"10": 50})
    ...                                   # an order comes through the API
    (shipment,) = account.shipments("REL-1")
    account.ship(shipment["id"])
    report = simulator.deliver()          # to the subscriptions that were made through the API

Fulfilment centres are named by their number as text. What the simulator does not model is an error.
"""

from .account import Account
from .core import ShipBobSimulator

__all__ = ["Account", "ShipBobSimulator"]
