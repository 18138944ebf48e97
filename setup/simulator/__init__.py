"""A simulated Shopify shop for demonstrations, tests and benchmarks. Needs no Odoo.

with ShopifySimulator(seed=7) as simulator:
    simulator.shop.trade(50)
    report = simulator.deliver("http://127.0.0.1:8069/retail/v1/hooks/<key>")
    truth = simulator.expected()
"""

from .core import TOPICS, ShopifySimulator
from .delivery import Delivery, Envelope, sign
from .expected import Expected, expectations, expected
from .faults import INTERNET, STORM, Dice, Faults
from .kinds import KINDS
from .load import Load, many_orders, sku_names
from .plan import Plan, Planner
from .report import Report
from .sender import Manners, WebhookSender
from .settings import API_VERSION, AppSettings
from .shop import Shop

__all__ = [
    "API_VERSION",
    "INTERNET",
    "KINDS",
    "STORM",
    "TOPICS",
    "AppSettings",
    "Delivery",
    "Dice",
    "Envelope",
    "Expected",
    "Faults",
    "Load",
    "Manners",
    "Plan",
    "Planner",
    "Report",
    "Shop",
    "ShopifySimulator",
    "WebhookSender",
    "expectations",
    "expected",
    "many_orders",
    "sign",
    "sku_names",
]
