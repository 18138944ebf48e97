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
from .account import Account
from .balance import BalanceEntry, Dispute, Payout
from .faults import INTERNET, STORM, Dice, Faults
from .fulfilment import RefusedError, Tracking
from .kinds import KINDS
from .load import Load, many_orders, sku_names
from .money_events import MONEY_TOPICS, money_events
from .money_life import MoneyLife
from .plan import Plan, Planner
from .report import Report
from .sender import Manners, WebhookSender
from .settings import API_VERSION, AppSettings
from .settlement import PayoutTruth, Settlement, settlement
from .shop import Shop
from .stock import Change, Stock
from .till import Till

__all__ = [
    "API_VERSION",
    "FULFILMENT_TOPICS",
    "INTERNET",
    "KINDS",
    "MONEY_TOPICS",
    "STORM",
    "TOPICS",
    "Account",
    "AppSettings",
    "BalanceEntry",
    "Change",
    "Delivery",
    "Dice",
    "Dispute",
    "Effect",
    "Effects",
    "Envelope",
    "Expected",
    "Faults",
    "Load",
    "Manners",
    "MoneyLife",
    "Payout",
    "PayoutTruth",
    "Plan",
    "Planner",
    "RefusedError",
    "Report",
    "Settlement",
    "Shop",
    "ShopifySimulator",
    "Stock",
    "Till",
    "Tracking",
    "WebhookSender",
    "expectations",
    "expected",
    "many_orders",
    "money_events",
    "settlement",
    "sign",
    "sku_names",
]
