"""A third party's warehouse: what it is asked to send, what it does, and what Odoo makes of it."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timezone

from environment import step
from simulator_shipbob import Account, ShipBobSimulator
from simulator_shipbob.stocking import OPEN

from .company import Company
from .reading import Database
from .rpc import Odoo
from .telesales import stripe_account
from .warehouse_cards import Cards
from .warehouse_hands import Hands
from .warehouse_in import Count, Supply
from .warehouse_orders import (
    APART,
    CANCELLED,
    NOT_FOUND,
    ORDERS,
    PICKED,
    SHORT,
    SPLIT,
    basket,
    cancellations,
    releases,
)
from .warehouse_return import Return
from .warehouse_setup import open_hub


class Warehouse:
    """Plays the chapter about the warehouse, one step after the other."""

    def __init__(
        self, odoo: Odoo, controller: Odoo, company: Company, database: Database,
        settle: Callable[[str], None], seed: int,
    ) -> None:  # fmt: skip
        self.odoo, self.controller, self.company = odoo, controller, company
        self.database, self.settle, self.seed = database, settle, seed
        self.seconds = 0.0

    def play(self, stack: ExitStack) -> "Warehouse":
        """Play it; the accounts live as long as the stack."""
        begin = time.monotonic()
        self.set_up(stack)
        self.sell()
        self.change_minds()
        self.ship()
        self.ship_the_rest()
        self.supply.receive()
        self.back.play()
        self.settle("with goods in and out of the hub")
        self.count.play()
        self.settle("after the hub was counted")
        self.seconds = time.monotonic() - begin
        return self

    def set_up(self, stack: ExitStack) -> None:
        """Open the hub; a supplier's delivery is on its way there from the beginning."""
        with step("warehouse: a third party's account is connected"):
            simulator = ShipBobSimulator(self.seed, clock=lambda: datetime.now(timezone.utc))
            stack.enter_context(simulator)
            cards = stack.enter_context(stripe_account(f"{self.seed}:hub"))
            self.hub = open_hub(self.odoo, self.company, simulator, self.database)
            self.hands = Hands(self.hub, self.controller)
            self.supply, self.count = Supply(self.hands), Count(self.hands)
            self.back = Return(self.hands, Cards.connected(self.odoo, self.hub.own, cards))
            self.supply.order()

    def sell(self) -> None:
        """Take orders; the account gets each, and accepts it."""
        with step(f"warehouse: {len(ORDERS)} orders are released"):
            bodies = [basket(number, wanted) for number, wanted in ORDERS.items()]
            answer = self.hub.shop.send("orders", bodies)
            self.hands.expect("the orders' answer", answer.status_code == 202)
            self.hands.wait("all releases accepted", lambda: self.are("accepted", set(ORDERS)))
            self.back.pay()

    def change_minds(self) -> None:
        """Cancel an order that nobody touched, and one that is picked already."""
        with step("warehouse: two orders are cancelled, one of them too late"):
            self.account.pick(self.shipment_of(PICKED))
            for number in (CANCELLED, PICKED):
                self.odoo.call("sale.order", "action_cancel", [self.hands.sale(number)])
            wanted = {CANCELLED: "accepted", PICKED: "refused"}
            self.hands.wait("answers to both wishes", lambda: self.answers() == wanted)
            self.hands.deliver()

    def ship(self) -> None:
        """Let all leave: one in two parts, one short; webhooks tell of some, polls of the rest."""
        with step("warehouse: goods leave, one order in two parcels, one short"):
            self.account.split(self.shipment_of(SPLIT), [APART])
            self.account.short(self.shipment_of(SHORT), *NOT_FOUND)
            self.ship_open()
            gone = set(ORDERS) - {CANCELLED}
            self.hands.wait("all that left", lambda: self.are("shipped", gone, newest=False))

    def ship_the_rest(self) -> None:
        """What was not found is released again, and found."""
        with step("warehouse: what was not found is released again"):
            self.hands.nudge()
            self.hands.wait("the rest's release", lambda: self.are("accepted", {SHORT}, of=2))
            self.ship_open()
            self.hands.wait("the rest", lambda: self.are("shipped", {SHORT}, of=2))

    # What they share

    @property
    def account(self) -> Account:
        """What really happens there."""
        return self.hub.account

    @property
    def backends(self) -> list[int]:
        """Those of the account, of the shop that sells from the hub, and of its gateway."""
        return [self.hub.backend, self.hub.shop.backend, self.back.cards.backend.id]

    def ship_open(self) -> None:
        """Ship what is open; every second one had its label before, so no webhook tells of it."""
        ready = [one["id"] for one in self.account.all_shipments() if one["status"] in OPEN]
        for number in ready[::2]:
            self.account.label(number)
        for number in ready:
            self.account.ship(number)
        self.hands.deliver()
        self.hands.poll("shipment")

    def are(self, state: str, numbers: set[str], of: int = 1, newest: bool = True) -> bool:
        """Tell whether orders have ``of`` releases, and the newest (or first) is in a state."""
        found = releases(self.database, self.hub.backend)
        place = -1 if newest else 0
        return all(
            len(found.get(number, ())) >= of and found[number][place][1] == state
            for number in numbers
        )

    def answers(self) -> dict[str, str]:
        """Return what the account said to wishes to cancel."""
        return cancellations(self.database, self.hub.backend)

    def shipment_of(self, number: str) -> int:
        """Return the first shipment of an order."""
        name, _state = releases(self.database, self.hub.backend)[number][0]
        return self.account.shipments(name)[0]["id"]
