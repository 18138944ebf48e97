"""The cards that the hub's customers pay with: a Stripe account of its own."""

from dataclasses import dataclass
from decimal import Decimal

from simulator_stripe import StripeSimulator
from simulator_stripe.money import places

from .cashier import connect_stripe
from .company import Company
from .connect import Backend
from .rpc import Odoo
from .telesales import CURRENCY
from .till import poll_money


@dataclass
class Cards:
    """A gateway of the hub's company."""

    odoo: Odoo
    simulator: StripeSimulator
    backend: Backend

    @classmethod
    def connected(cls, odoo: Odoo, own: Company, simulator: StripeSimulator) -> "Cards":
        """Connect an account, and let its money be booked."""
        return cls(odoo, simulator, connect_stripe(odoo, own, simulator, "Hub Cards", odoo.url))

    def take(self, number: str, amount: Decimal) -> None:
        """Let a customer pay an order, whose number is all that the gateway knows of it."""
        currency = CURRENCY.lower()
        cents = int(amount.scaleb(places(currency)))
        self.simulator.account.pay(cents, currency, {"reference": number})
        self.tell()

    def given_back(self) -> Decimal:
        """Return what really went back to customers."""
        return sum(self.simulator.truth().refunded.values(), Decimal(0))

    def tell(self) -> None:
        """Let Odoo hear of what happened, by webhooks and by the lists."""
        self.simulator.deliver()
        poll_money(self.odoo, [self.backend.id])
