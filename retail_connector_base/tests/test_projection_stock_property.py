from random import Random

from odoo import fields
from odoo.tests import tagged

from ..providers import TransientError
from .test_projection_stock import StockCase

SEEDS = 12
STEPS = 30


@tagged("post_install", "-at_install")
class TestStockAgainstOracle(StockCase):
    """Sales on both sides, lost requests and lost answers, in any order: the truth comes out.

    The oracle knows what lies on the shelf and what the channel sold; the projection knows only
    what it was told.
    """

    def test_nothing_is_sold_twice_and_all_converges(self):
        for seed in range(SEEDS):
            with self.subTest(seed=seed):
                self._history(Random(seed))

    def _history(self, random):
        self.product, self.item = self.listed(random.randint(0, 8))
        self.channel.sold.clear()
        self.shelf = self._on_hand()
        self.imported = 0
        for _step in range(STEPS):
            self._one_step(random)
            self.assertGreaterEqual(self.shelf - self._in_flight(), 0, "sold what is not there")
        self.channel.failures = []
        self._import(self._in_flight())
        for _pass in range(3):
            self._publish_now()
        self.assertEqual(self.held(self.item), self.shelf)
        self.assertEqual(self.state(self.product)["acknowledged"], self.shelf)

    def _one_step(self, random):
        step = random.choice(
            ("channel sells", "channel sells", "import", "store sells", "goods arrive", "publish",
             "publish", "look again", "trouble")
        )  # fmt: skip
        if step == "channel sells":
            self.channel.sell(self.item, random.randint(1, 3))
        elif step == "import":
            self._import(random.randint(0, self._in_flight()))
        elif step == "store sells":
            # A store sells what no channel was promised.
            free = self.shelf - self._in_flight() - self.held(self.item)
            self._move(-random.randint(0, max(0, free)))
        elif step == "goods arrive":
            self._move(random.randint(1, 5))
        elif step == "look again":
            self._look_again()
        elif step == "trouble":
            kinds = ("before", "after", TransientError("No connection."))
            self.channel.failures.append(random.choice(kinds))
        else:
            self._publish_now()

    def _in_flight(self):
        sold = sum(units for item, units in self.channel.sold if item == self.item)
        return sold - self.imported

    def _move(self, units):
        if units:
            self.restock(self.product, units)
            self.shelf += units

    def _import(self, units):
        """What an import of an order does: goods leave, and the ledger says why, together."""
        if not units:
            return
        with self.committed() as env:
            product = env["product.product"].browse(self.product)
            self._add(env, product, -units)
            env["retail.channel.sale"].create(
                {"backend_id": self.backend_id, "product_id": product.id, "quantity": units}
            )
            env["retail.change"]._note("stock_level", product.ids)
        self.imported += units
        self.shelf -= units

    def _look_again(self):
        """What the channel holds may be asked for at any moment, in the midst of its sales."""
        with self.registry.cursor() as cr:
            cr.execute(
                "UPDATE retail_stock_state SET read_due_at = now() AT TIME ZONE 'UTC' "
                "- interval '5 seconds' WHERE backend_id = %s",
                [self.backend_id],
            )

    def _publish_now(self):
        with self.committed() as env:
            flows = env["retail.backend"].browse(self.backend_id).flow_ids
            flows.filtered(lambda f: f.kind == "stock_level").write(
                {"retry_at": False, "last_success_at": fields.Datetime.now()}
            )
        self.publish()

    def _on_hand(self):
        with self.committed() as env:
            return int(env["product.product"].browse(self.product).qty_available)
