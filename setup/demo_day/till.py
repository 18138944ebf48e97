"""What happens to a shop's money at its own gateway, and what Odoo hears of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from simulator import MONEY_TOPICS, TOPICS, money_events
from simulator.balance import Payout
from simulator.history import Event, History
from simulator.money import rounded
from simulator.order import Payment

from .channel import Channel
from .rpc import Odoo

GATEWAY = "shopify_payments"
KINDS = ("order", "payment", "payout", "dispute")
# A movement that no table knows: an accountant has to say what it is.
UNKNOWN_TYPE = "SHOP_CASH_BILLING_DEBIT"


@dataclass
class Till:
    """The money of one shop. ``touched`` are the orders something was chosen for, by id."""

    channel: Channel
    rng: Random
    touched: set[int] = field(default_factory=set)
    _told: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Begin when all that happened to orders has been told."""
        self._told = {_key(event) for event in self.channel.simulator.shop.events()}

    # Choosing

    def choose(self) -> History:
        """Return a paid order that nothing happened to yet; if there is none, one is placed."""
        orders = self.channel.simulator.shop.orders
        fit = [one for one in orders if one.id not in self.touched and is_simple(one)]
        chosen = self.rng.choice(fit) if fit else self.channel.simulator.shop.place("plain")
        self.touched.add(chosen.id)
        return chosen

    # What happens

    def authorize(self) -> None:
        """Let a customer order whose money is only held."""
        self.touched.add(self.channel.simulator.shop.place("authorized").id)

    def capture(self) -> int:
        """Take all that is held; return of how many payments."""
        held = [payment for one in self.channel.simulator.shop.orders for payment in held_of(one)]
        for payment in held:
            self.channel.simulator.till.capture(payment.id, final=True)
        return len(held)

    def refund(self) -> int:
        """Give a third of an order's money back; return the movement's id."""
        payment, currency = payment_of(self.choose()), self.channel.brand.currency
        part = rounded(payment.amount.presentment / 3, currency)
        made = self.channel.simulator.till.refund(payment.id, part, "demonstration").payment
        assert made
        # The gateway knows of it before anything else happens to it.
        _ = self.channel.simulator.account.entries
        return made.id

    def dispute(self) -> int:
        """Let a customer's bank take an order's money back; return the dispute's id."""
        return self.channel.simulator.account.dispute(self.choose()).id

    def pay_out(self) -> Payout:
        """Pay out all that waits, down to the bank."""
        account = self.channel.simulator.account
        made = account.issue()
        assert made
        return account.settle(made.id)

    def refunded(self) -> dict[str, Decimal]:
        """Return what went back to customers, in their currency, by the names of orders."""
        return self._given_back("success")

    def sent_back(self) -> dict[str, Decimal]:
        """Return what customers' banks did not take, in their currency, by the names of orders."""
        return self._given_back("failure")

    def _given_back(self, status: str) -> dict[str, Decimal]:
        orders = [history.current for history in self.channel.simulator.shop.orders]
        found = {order.name: given_back(order.payments, status) for order in orders}
        return {name: amount for name, amount in found.items() if amount}

    def corrected(self) -> dict[str, Decimal]:
        """Return by how much the shop's taxes were wrong when orders were paid, by their names."""
        orders = [history.current for history in self.channel.simulator.shop.orders]
        found = {
            order.name: order.totals().total.shop - order.received.shop
            for order in orders
            if order.financial == "paid" and not order.refunds
        }
        return {name: amount for name, amount in found.items() if amount}

    # What Odoo hears

    def tell(self) -> None:
        """Send the webhooks of what happened since the last time, through the usual weather."""
        shop = self.channel.simulator.shop
        known = [*shop.events(), *money_events(shop)]
        events = [event for event in known if _key(event) not in self._told]
        self._told |= {_key(event) for event in events}
        events.sort(key=lambda event: (event.updated_at, event.order.id))
        self.channel.send(events, (*TOPICS, *MONEY_TOPICS))


def _key(event: Event) -> tuple[str, str]:
    return event.topic, event.event_id


def is_simple(history: History) -> bool:
    """Tell whether an order was paid at once, in the shop's currency, and left alone since."""
    order = history.current
    return (
        order.financial == "paid"
        and not (order.test or order.cancelled_at or order.refunds)
        and order.terms.presentment == order.terms.currency
        and [(one.gateway, one.kind, one.status) for one in order.payments]
        == [(GATEWAY, "sale", "success")]
    )


def payment_of(history: History) -> Payment:
    """Return the only payment of a simple order."""
    return history.current.payments[0]


def held_of(history: History) -> list[Payment]:
    """Return the authorisations of which nothing was taken or set free."""
    order = history.current
    return [
        one
        for one in order.payments
        if (one.gateway, one.kind, one.status) == (GATEWAY, "authorization", "success")
        and not order.moved(one.id, "capture", "void")
        and not order.cancelled_at
    ]


def given_back(payments: Iterable[Payment], status: str = "success") -> Decimal:
    """Return what refunds of a status come to, in the customer's currency."""
    given = [one for one in payments if (one.kind, one.status) == ("refund", status)]
    return sum((one.amount.presentment for one in given), Decimal(0))


def poll_money(odoo: Odoo, backends: Iterable[int]) -> None:
    """Press the button that reads the gateways' lists."""
    domain = [
        ("backend_id", "in", list(backends)), ("kind", "in", KINDS), ("direction", "=", "in"),
    ]  # fmt: skip
    odoo.call("retail.flow", "action_poll_now", odoo.search("retail.flow", domain))


def tell_all(odoo: Odoo, tills: Sequence[Till]) -> None:
    """Let Odoo hear of everything, by webhooks and then by the lists."""
    for till in tills:
        till.tell()
    poll_money(odoo, [till.channel.backend.id for till in tills])
