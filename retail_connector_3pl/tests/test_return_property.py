from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from .returns import ReturnCase, coming, line


@tagged("post_install", "-at_install")
class TestReturnHistories(ReturnCase):
    """Whoever tells first, and however often: goods and state come out the same."""

    def messages(self, order):
        """Return (backend, message) of one return of two A: one is sellable, one damaged."""
        told = {"order": self.shop_id(order), "external_id": "T1", "name": "RMA-1"}
        house = {"external_id": "W1", "name": "RMA-1", "location_external_id": "W1"}
        good = {"condition": "sellable", "disposition": "restock", "external_id": "G"}
        bad = {"condition": "damaged", "disposition": "scrap", "external_id": "B"}
        return [
            (self.tool, coming("requested", line("A", 2), minutes=10, **told)),
            (self.tool, coming("authorized", line("A", 2), minutes=20, **told)),
            (self.tool, coming("in_transit", line("A", 2), minutes=30, **told)),
            (self.backend, coming("received", line("A", 1, 1, **good), minutes=40, **house)),
            (
                self.backend,
                coming(
                    "received", line("A", 1, 1, **good), line("A", 1, 1, **bad), minutes=50, **house
                ),
            ),
            (self.tool, coming("completed", line("A", 2), minutes=60, **told)),
        ]

    @settings(
        max_examples=8,
        deadline=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.permutations([0, 1, 2, 3, 4, 5, 3, 5, 0]), st.booleans())
    def test_any_history_ends_the_same(self, history, at_once):
        with self.env.cr.savepoint() as savepoint:
            order = self.delivered(A=2)
            messages = self.messages(order)
            for number in history:
                backend, message = messages[number]
                self.receive(message, backend=backend)
                if at_once:
                    self.move_goods()
            self.move_goods()
            self.assertEqual(len(self.returned()), 1)
            record = self.returned(order)
            self.assertEqual((self.came_back("A"), self.on_hand("A")), (2, 99))
            self.assertEqual(self.lies("A", "undecided"), 0)
            self.assertEqual(order.order_line.qty_delivered, 0)
            self.assertEqual(record.state, "refund_eligible")
            self.assertEqual(record.asked_amount, 20)
            bound = self.env["retail.move.binding"].search([("return_goods_id", "!=", False)])
            self.assertEqual(len(bound), len(bound.odoo_id))
            savepoint.rollback()
        self.env.invalidate_all()
