"""A simulated Stripe account for tests and demonstrations. Needs no Odoo.

with StripeSimulator(seed=7) as simulator:
    intent = simulator.account.pay(4_990, "eur", {"order_id": "S00042"})
    simulator.clock.pass_by(days=3)
    simulator.account.pay_out()
    report = simulator.deliver()  # to the endpoints that were made through the API
    simulator.truth()  # what the books must come to

Amounts are whole numbers in Stripe's smallest units, as in its API. Beside an Odoo that runs, give
it the real time (``clock=lambda: datetime.now(timezone.utc)``) and ``Terms(delay=0)``, so that
money can be paid out at once.
"""

from .account import Account
from .clock import Clock
from .core import StripeSimulator
from .faults import Faults
from .keys import Key
from .money import Terms
from .truth import Truth
from .webhooks import Report

__all__ = ["Account", "Clock", "Faults", "Key", "Report", "StripeSimulator", "Terms", "Truth"]
