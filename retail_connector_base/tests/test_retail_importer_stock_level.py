from datetime import datetime, timedelta, timezone
from uuid import uuid4

from odoo import fields
from odoo.tests import tagged

from ..canonical import StockLevel
from ..decisions.outcome import InboundItem, Outcome
from ..providers import Verdict
from .test_projection_stock_read import StockReadCase


@tagged("post_install", "-at_install")
class TestRetailImporterStockLevel(StockReadCase):
    """The channel tells that it holds another quantity."""

    def hear(self, item, said, location="main", at=None, connected=True):
        """Import the channel's word; return what became of it."""
        level = StockLevel(
            external_id=f"{item}:{location}",
            updated_at=at or datetime.now(timezone.utc),
            inventory_item_external_id=item,
            location_external_id=location,
            available=said,
            connected=connected,
        )
        inbound = InboundItem(1, level, "levels/update", 0, level.content_hash(), str(uuid4()))
        with self.committed() as env:
            backend = env["retail.backend"].browse(self.backend_id)
            return env["retail.importer.stock_level"]._import_batch(backend, [inbound])[1]

    def due(self, product):
        """Return when the product's quantity is to be read."""
        with self.committed() as env:
            states = env["retail.stock.state"]
            return states.search([("binding_id.odoo_id", "=", product)]).read_due_at

    def then_publish(self):
        """Let the flow run when the time has come."""
        self.mark_is_due()
        self.publish()

    def test_an_echo_costs_nothing(self):
        product, item = self.listed(5)
        self.publish()
        with self.committed() as env:
            before = env["retail.stock.state"].search([("binding_id.odoo_id", "=", product)])
            stamp = before.write_date
        result = self.hear(item, 5)
        self.assertIs(result.outcome, Outcome.DONE)
        with self.committed() as env:
            row = env["retail.stock.state"].search([("binding_id.odoo_id", "=", product)])
            self.assertEqual((row.read_due_at, row.write_date), (False, stamp))
        self.assertFalse(self.sweep())

    def test_an_echo_before_the_answer_costs_nothing_either(self):
        product, item = self.listed(5)
        self.publish()
        self.restock(product, 3)
        self.channel.failures = ["after"]
        self.publish()
        self.hear(item, 8)
        self.assertFalse(self.due(product))

    def test_the_echo_of_an_imported_sale_costs_nothing(self):
        product, item = self.listed(5)
        self.publish()
        self.channel.sell(item, 2)
        with self.committed() as env:
            self._add(env, env["product.product"].browse(product), -2)
            env["retail.channel.sale"].create(
                {"backend_id": self.backend_id, "product_id": product, "quantity": 2}
            )
            env["retail.change"]._note("stock_level", [product])
        self.publish()
        self.hear(item, 3)
        self.assertFalse(self.due(product))

    def test_a_raised_quantity_is_read_and_overwritten_at_once(self):
        product, item = self.listed(5)
        self.publish()
        self.by_hand(item, 50)
        result = self.hear(item, 50)
        self.assertEqual((result.outcome, result.record[0]), (Outcome.DONE, "retail.stock.state"))
        self.assertLessEqual(self.due(product), fields.Datetime.now())
        self.then_publish()
        self.assertEqual((self.held(item), self.to_read()), (5, 0))

    def test_a_lowered_quantity_waits_for_the_order_that_explains_it(self):
        product, item = self.listed(5)
        self.publish()
        self.by_hand(item, 2)
        self.hear(item, 2)
        self.assertGreater(self.due(product), fields.Datetime.now() + timedelta(seconds=30))
        self.assertFalse(self.sweep())
        self.then_publish()
        self.assertEqual((self.held(item), self.state(product)["owed"]), (2, 3))
        self.flight_is_over()
        self.sweep()
        self.publish()
        self.assertEqual(self.held(item), 5)

    def test_the_word_is_not_believed_but_read(self):
        product, item = self.listed(5)
        self.publish()
        self.hear(item, 50)
        self.channel.calls.clear()
        self.then_publish()
        self.assertFalse(self.channel.calls)
        self.assertEqual((self.held(item), self.state(product)["acknowledged"]), (5, 5))

    def test_a_raise_hurries_what_would_have_waited_and_is_not_put_off(self):
        product, item = self.listed(5)
        self.publish()
        self.hear(item, 2)
        self.hear(item, 9)
        hurried = self.due(product)
        self.assertLessEqual(hurried, fields.Datetime.now())
        self.hear(item, 1)
        self.assertEqual(self.due(product), hurried)

    def test_what_was_said_long_before_we_told_it_is_old(self):
        product, item = self.listed(5)
        self.publish()
        ago = datetime.now(timezone.utc) - timedelta(minutes=5)
        self.assertIs(self.hear(item, 9, at=ago).outcome, Outcome.SUPERSEDED)
        self.assertFalse(self.due(product))

    def test_what_we_do_not_publish_is_none_of_our_business(self):
        product, item = self.listed(5)
        self.publish()
        for unknown in (("nothing", "main"), (item, "elsewhere")):
            result = self.hear(unknown[0], 9, unknown[1])
            self.assertIs(result.outcome, Outcome.IGNORED)
        with self.committed() as env:
            env["retail.location.binding"].browse(self.place_id).odoo_id = False
        self.assertIs(self.hear(item, 9).outcome, Outcome.IGNORED)
        self.assertFalse(self.due(product))

    def test_a_paused_flow_does_not_listen(self):
        product, item = self.listed(5)
        self.publish()
        self.write_flow(paused=True)
        self.assertIs(self.hear(item, 9).outcome, Outcome.IGNORED)
        self.assertFalse(self.due(product))

    def test_what_was_never_told_is_read_anyway(self):
        product, item = self.listed(5)
        self.channel.failures = ["before"]
        self.publish()
        self.hear(item, 9)
        self.assertFalse(self.due(product))

    def test_a_deleted_product_stays_dead(self):
        product, item = self.listed(5)
        self.publish()
        with self.committed() as env:
            env["retail.product.binding"].search([("odoo_id", "=", product)]).write(
                {"product_external_id": f"dead-{item}"}
            )
            backend = env["retail.backend"].browse(self.backend_id)
            env["retail.tombstone"]._bury(backend, "product", {f"dead-{item}": 1})
        self.assertIs(self.hear(item, 9).outcome, Outcome.SUPERSEDED)
        self.assertFalse(self.due(product))

    def test_what_is_not_stocked_there_any_more_is_told_anew(self):
        product, item = self.listed(5)
        self.publish()
        del self.channel.quantities[item, "main"]
        self.hear(item, None, connected=False)
        self.then_publish()
        self.assertEqual((self.held(item), self.state(product)["verdict"]), (5, "ok"))

    def test_what_was_missing_and_is_there_again_is_told(self):
        product, item = self.listed(5)
        self.channel.refused[item] = Verdict.MISSING
        self.publish()
        self.assertEqual(self.state(product)["verdict"], "missing")
        self.channel.refused.clear()
        self.by_hand(item, 1)
        self.hear(item, 1)
        self.then_publish()
        self.assertEqual((self.held(item), self.state(product)["verdict"]), (5, "ok"))
