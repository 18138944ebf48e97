"""A simulated WooCommerce shop for tests and demonstrations. Needs no Odoo.

with WooSimulator(seed=7) as simulator:
    simulator.shop.trade(50)
    report = simulator.deliver()  # to the webhooks that were made through the API
"""

from .core import WooSimulator
from .faults import Faults
from .keys import Keys
from .shop import Shop
from .webhooks import Report

__all__ = ["Faults", "Keys", "Report", "Shop", "WooSimulator"]
