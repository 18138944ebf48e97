"""A damaged unit comes back to the hub: it is scrapped, and two people give its money back."""

from decimal import Decimal

from environment import step

from .signing import approve
from .warehouse_cards import Cards
from .warehouse_hands import Hands
from .warehouse_orders import ORDERS, RETURNED
from .warehouse_setup import LAMP, PRICES

BACK = 1
PAID = PRICES[LAMP] * ORDERS[RETURNED][LAMP]
RETURN = "SELECT state, refund_state FROM retail_return WHERE id = %s"
INVOICED = """
    SELECT count(*) FROM account_move
     WHERE move_type = 'out_invoice' AND state = 'posted'
       AND invoice_origin = (SELECT name FROM sale_order WHERE id = %s)
"""


class Return:
    """An order that was paid by card, of which a unit comes back.

    ``number`` is the return, ``refund`` the request for its money.
    """

    def __init__(self, hands: Hands, cards: Cards) -> None:
        self.hands, self.cards, self.hub, self.odoo = hands, cards, hands.hub, hands.odoo
        self.number = self.refund = 0

    def pay(self) -> None:
        """Let the customer pay; whether money goes back will be decided by a person."""
        self.cards.take(RETURNED, PAID)
        rule = {
            "company_id": self.hub.own.id, "backend_id": self.hub.shop.backend,
            "when_due": "by_hand",
        }  # fmt: skip
        self.odoo.create("retail.return.refund.rule", rule, **self.hub.own.context)

    def play(self) -> None:
        """Take the unit back, then give its money back."""
        with step("warehouse: a damaged unit comes back"):
            sale = self.hands.sale(RETURNED)
            self.hands.nudge()
            self.hands.wait("its invoice", lambda: self.hub.database.value(INVOICED, sale) == 1)
            self.number = self._enter(sale)
            self._come_back()
        with step("warehouse: one asks to give its money back, another approves"):
            self._give_back()

    def _enter(self, sale: int) -> int:
        """Fill the wizard in for one unit of an order; return the return."""
        context = self.hub.own.context
        wizard = self.odoo.create("retail.return.entry", {"order_id": sale}, **context)
        lines = self.odoo.search("retail.return.entry.line", [("wizard_id", "=", wizard)])
        self.odoo.write("retail.return.entry.line", lines, {"quantity": BACK})
        shown = self.odoo.call("retail.return.entry", "action_enter", [wizard], context=context)
        return shown["res_id"]

    def _come_back(self) -> None:
        account = self.hub.account
        self.hands.wait("the announced return", lambda: len(account.returns) == 1)
        number = next(iter(account.returns))
        account.arrive_return(number)
        account.process_return(number, {LAMP: [("Dispose", "Damaged", BACK)]})
        self.hands.deliver()
        self.hands.poll("return")
        self.hands.wait("the return", lambda: self._is("disposed", "not_due"))

    def _give_back(self) -> None:
        """Ask; be refused one's own approval; let the controller approve, and the gateway give."""
        self.odoo.call("retail.return", "action_refund", [self.number])
        asked = self.odoo.search("retail.refund", [("return_id", "=", self.number)])
        self.hands.expect("one request", len(asked) == 1)
        for self.refund in asked:
            self.hub.broken += approve(self.odoo, self.hands.controller, self.refund)
        self.hands.wait("the money at the gateway", lambda: self.cards.given_back() > Decimal(0))
        self.cards.tell()
        self.hands.wait("the end of the return", lambda: self._is("completed", "refunded"))

    def _is(self, *states: str) -> bool:
        return self.hub.database.rows(RETURN, self.number) == [states]
