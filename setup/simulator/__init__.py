"""A simulated Shopify shop for demonstrations, tests and benchmarks. Needs no Odoo.

with ShopifySimulator(seed=7) as simulator:
    simulator.shop.trade(50)
    report = simulator.deliver("http://127.0.0.1:8069/retail/v1/hooks/<key>")
    simulator.sell("SKU-0001")
    truth = simulator.expected()
"""

from .core import FULFILMENT_TOPICS, TOPICS, ShopifySimulator
from .delivery import Delivery, Envelope, sign
from .effects import Effect, Effects
from .expected import Expected, expectations, expected
from .faults import INTERNET, STORM, Dice, Faults
from .fulfilment import RefusedError, Tracking
from .kinds import KINDS
from .load import Load, many_orders, sku_names
from .plan import Plan, Planner
from .report import Report
from .sender import Manners, WebhookSender
from .settings import API_VERSION, AppSettings
from .shop import Shop
from .stock import Change, Stock

__all__ = [
    "API_VERSION",
    "FULFILMENT_TOPICS",
    "INTERNET",
    "KINDS",
    "STORM",
    "TOPICS",
    "AppSettings",
    "Change",
    "Delivery",
    "Dice",
    "Effect",
    "Effects",
    "Envelope",
    "Expected",
    "Faults",
    "Load",
    "Manners",
    "Plan",
    "Planner",
    "RefusedError",
    "Report",
    "Shop",
    "ShopifySimulator",
    "Stock",
    "Tracking",
    "WebhookSender",
    "expectations",
    "expected",
    "many_orders",
    "sign",
    "sku_names",
]
