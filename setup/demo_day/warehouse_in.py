"""What a supplier brings to the hub, and what is counted there in the end."""

from environment import step

from .warehouse_hands import Hands
from .warehouse_setup import CENTRE, LAMP, MUG, PEN

PURCHASE = "P-HUB-1"
# What the supplier owes and what of it comes; what is lost on the shelves before the count.
EXPECTED, CAME = {MUG: 20, PEN: 10}, {MUG: 20, PEN: 7}
LOST = {MUG: 2, LAMP: 1}
NEWEST = "SELECT id, state FROM retail_snapshot WHERE backend_id = %s ORDER BY id DESC LIMIT 1"
ANNOUNCED = "SELECT state FROM retail_announcement WHERE backend_id = %s ORDER BY id"


class Supply:
    """A delivery of which less comes than was announced."""

    def __init__(self, hands: Hands) -> None:
        self.hands, self.hub, self.odoo = hands, hands.hub, hands.odoo

    def order(self) -> None:
        """Expect a delivery from a supplier; the account is told within the minute."""
        own, odoo = self.hub.own, self.odoo
        kind = odoo.read("stock.warehouse", [("id", "=", own.warehouse)], "in_type_id")[0]
        places = {
            "location_id": odoo.reference("stock.stock_location_suppliers"),
            "location_dest_id": own.stock_location,
        }
        moves = [
            (0, 0, {"product_id": self.hub.products[sku], "product_uom_qty": units, **places})
            for sku, units in EXPECTED.items()
        ]
        values = {
            "picking_type_id": kind["in_type_id"][0], "origin": PURCHASE, "move_ids": moves,
            **places,
        }  # fmt: skip
        picking = odoo.create("stock.picking", values, **own.context)
        odoo.call("stock.picking", "action_confirm", [picking], context=own.context)
        self.hands.nudge()

    def receive(self) -> None:
        """Less arrives than was announced, and no more will come."""
        with step("warehouse: a supplier delivers less than was announced"):
            account, hands = self.hub.account, self.hands
            hands.wait("the announced delivery", lambda: len(account.receivings) == 1)
            number = next(iter(account.receivings))
            account.arrive(number)
            account.receive(number, CAME)
            account.complete(number)
            hands.poll("receipt")
            hands.wait("the receipt", lambda: self._announced() == [("received",)])

    def _announced(self) -> list[tuple[str]]:
        return self.hub.database.rows(ANNOUNCED, self.hub.backend)


class Count:
    """The count of the whole hub; ``number`` is it once it is there."""

    def __init__(self, hands: Hands) -> None:
        self.hands, self.hub = hands, hands.hub
        self.number = 0

    def play(self) -> None:
        """Units get lost; the count finds them missing, and an accountant approves that."""
        with step("warehouse: units get lost, and are counted"):
            account, before = self.hub.account, self._newest()[0]
            for sku, units in LOST.items():
                account.count(sku, CENTRE, account.on_hand(sku) - units)
            self.hands.poll("stock_snapshot")
            self.hands.wait("a count to approve", lambda: self._is_new(before, "to_approve"))
            self.number = self._newest()[0]
            self._approve()
            self.hands.wait("the count applied", lambda: self._is_new(before, "applied"))

    def _is_new(self, before: int, state: str) -> bool:
        number, found = self._newest()
        return number > before and found == state

    def _newest(self) -> tuple[int, str]:
        rows = self.hub.database.rows(NEWEST, self.hub.backend)
        return rows[0] if rows else (0, "")

    def _approve(self) -> None:
        controller = self.hands.controller
        shown = controller.call("retail.snapshot", "action_approve", [self.number])
        values = {"reason": "Looked for twice: they are gone."}
        wizard = controller.create(shown["res_model"], values, **shown["context"])
        controller.call(shown["res_model"], "action_decide", [wizard])
