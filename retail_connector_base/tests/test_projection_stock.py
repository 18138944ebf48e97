from datetime import timedelta
from uuid import uuid4

from odoo import fields
from odoo.tests import tagged

from ..providers import (
    AuthenticationError,
    Capability,
    Direction,
    FlowSpec,
    Mode,
    RateLimitedError,
    Verdict,
)
from .common import CommittedCase, create_backend, offer_sample_provider
from .sample_provider import SampleProvider
from .sample_stock import SampleStock, SampleStockProvider
from .stock import demand


class StockVendor(SampleStockProvider, SampleProvider):
    """The sample vendor, with stock."""

    capabilities = SampleProvider.capabilities | {Capability.STOCK_OUT}
    flows = (
        *SampleProvider.flows,
        FlowSpec("stock_level", Direction.OUT, Mode.BATCH, interval=60),
    )


class StockCase(CommittedCase):
    """One channel with one location, really committed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(offer_sample_provider(cls.registry, StockVendor))

    def setUp(self):
        super().setUp()
        self.channel = StockVendor.stock = SampleStock()
        with self.committed() as env:
            self.place_id = self._place(env, self.backend_id)

    def _place(self, env, backend_id):
        warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
        return (
            env["retail.location.binding"]
            .create(
                {
                    "backend_id": backend_id,
                    "external_id": "main",
                    "name": "Main",
                    "odoo_id": warehouse.lot_stock_id.id,
                }
            )
            .id
        )

    def _clean_up(self):
        with self.registry.cursor() as cr:
            for table in ("stock_state", "channel_sale", "change", "product_binding"):
                cr.execute(f"DELETE FROM retail_{table} WHERE backend_id = %s", [self.backend_id])
            cr.execute(
                "DELETE FROM retail_location_binding WHERE backend_id = %s", [self.backend_id]
            )
        return super()._clean_up()

    # What tests do

    def listed(self, stock, **values):
        """Create a product with stock that the channel sells; return it."""
        item = f"item-{uuid4()}"
        with self.committed() as env:
            product = env["product.product"].create(
                {"name": "Thing", "is_storable": True, "default_code": item, **values}
            )
            if stock:
                self._add(env, product, stock)
            env["retail.product.binding"].create(
                {
                    "backend_id": self.backend_id,
                    "external_id": f"variant-{item}",
                    "odoo_id": product.id,
                    "inventory_item_external_id": item,
                    "sku": item,
                }
            )
        self.channel.quantities.setdefault((item, "main"), 0)
        return product.id, item

    def _add(self, env, product, quantity):
        place = env["retail.location.binding"].browse(self.place_id)
        env["stock.quant"]._update_available_quantity(product, place.odoo_id, quantity)

    def restock(self, product_id, quantity):
        """Let goods arrive, or vanish."""
        with self.committed() as env:
            self._add(env, env["product.product"].browse(product_id), quantity)

    def order(self, product_id, quantity):
        """Confirm a delivery of Odoo's own without reserving it."""
        with self.committed() as env:
            place = env["retail.location.binding"].browse(self.place_id)
            product = env["product.product"].browse(product_id)
            warehouse = place.odoo_id.warehouse_id
            return demand(env, warehouse, product, quantity, retail_defer_reservation=True).id

    def publish(self):
        """Run the projection as its job does."""
        with self.committed() as env:
            env["retail.projection.stock"]._run_chunks(self.backend_id)

    def state(self, product_id):
        """Return the state row's values."""
        names = ["acknowledged", "owed", "imported", "verdict", "pending", "attempt_key", "error"]
        with self.committed() as env:
            row = env["retail.stock.state"].search(
                [("backend_id", "=", self.backend_id), ("binding_id.odoo_id", "=", product_id)]
            )
            return row.read(names)[0]

    def held(self, item):
        """Return what the channel can sell."""
        return self.channel.quantities[item, "main"]


@tagged("post_install", "-at_install")
class TestProjectionStock(StockCase):
    """From a change of stock to the channel's acknowledgement."""

    def test_the_first_run_publishes_everything(self):
        (_first, a), (_second, b) = self.listed(7), self.listed(0)
        self.publish()
        self.assertEqual((self.held(a), self.held(b)), (7, 0))

    def test_only_what_changed_is_sent_afterwards(self):
        (first, a), (_second, _b) = self.listed(7), self.listed(3)
        self.publish()
        self.channel.calls.clear()
        self.restock(first, -2)
        self.publish()
        [(_key, changes)] = self.channel.calls
        self.assertEqual([(c.key.item, c.quantity, c.expected) for c in changes], [(a, 5, 7)])

    def test_what_is_confirmed_and_not_reserved_is_not_offered(self):
        product, item = self.listed(7)
        self.publish()
        self.order(product, 4)
        self.publish()
        self.assertEqual(self.held(item), 3)

    def test_more_demand_than_stock_offers_nothing(self):
        product, item = self.listed(2)
        self.order(product, 5)
        self.publish()
        self.assertEqual(self.held(item), 0)

    def test_the_buffer_is_kept_back(self):
        product, item = self.listed(7)
        with self.committed() as env:
            env["retail.backend"].browse(self.backend_id).stock_buffer = 2
        self.publish()
        self.assertEqual(self.held(item), 5)
        with self.committed() as env:
            binding = env["retail.product.binding"].search([("odoo_id", "=", product)])
            binding.write({"has_stock_buffer": True, "stock_buffer": 0})
        self.publish()
        self.assertEqual(self.held(item), 7)

    def test_half_a_unit_is_not_offered(self):
        _product, item = self.listed(2.5)
        self.publish()
        self.assertEqual(self.held(item), 2)

    def test_services_are_none_of_its_business(self):
        _product, item = self.listed(0, type="service", is_storable=False)
        self.publish()
        self.assertFalse([c for _key, changes in self.channel.calls for c in changes])
        self.assertEqual(self.held(item), 0)

    def test_a_sale_in_flight_is_not_sold_again(self):
        product, item = self.listed(10)
        self.publish()
        self.channel.sell(item, 2)
        self.restock(product, -7)
        self.publish()
        self.assertEqual(self.held(item), 1)
        self.assertEqual(self.state(product)["owed"], 2)

    def test_a_lost_answer_is_asked_with_the_same_key(self):
        product, item = self.listed(10)
        self.channel.failures = ["after"]
        self.publish()
        self.assertTrue(self.state(product)["attempt_key"])
        self._due_now()
        self.publish()
        first, second = self.channel.calls
        self.assertEqual(first, second)
        self.assertEqual((self.held(item), self.state(product)["acknowledged"]), (10, 10))

    def test_a_lost_refusal_is_no_effect_even_where_the_channel_holds_what_was_asked(self):
        product, item = self.listed(10)
        self.publish()
        self.channel.sell(item, 1)
        self.restock(product, -1)
        self.channel.failures = ["after"]
        self.publish()
        self._due_now()
        self.publish()
        self.assertEqual((self.held(item), self.state(product)["owed"]), (8, 1))

    def test_a_lost_request_is_sent_again_after_its_time(self):
        product, item = self.listed(10)
        self.channel.failures = ["before"]
        self.publish()
        self.assertEqual(self.held(item), 0)
        self.publish()
        self.assertFalse(self.channel.calls)
        self._due_now()
        self.publish()
        self.assertEqual(self.held(item), 10)
        self.assertFalse(self.state(product)["pending"])

    def test_a_refusal_is_shown_and_not_repeated(self):
        product, item = self.listed(10)
        self.channel.refused[item] = Verdict.REJECTED
        self.publish()
        self.publish()
        self._compare_all()
        self.publish()
        self.assertEqual(len(self.channel.calls), 1)
        self.assertEqual(self.state(product)["verdict"], "refused")
        with self.committed() as env:
            found = env["retail.exception"].search([("backend_id", "=", self.backend_id)])
            self.assertEqual(found.mapped("code"), ["stock_level_refused"])

    def test_a_refused_item_is_sent_again_once_its_quantity_differs(self):
        product, item = self.listed(10)
        self.channel.refused[item] = Verdict.REJECTED
        self.publish()
        self.channel.refused.clear()
        self.restock(product, 1)
        self.publish()
        self.assertEqual((self.held(item), self.state(product)["verdict"]), (11, "ok"))

    def test_a_wrong_credential_is_shown_and_heals(self):
        _product, item = self.listed(10)
        self.channel.failures = [AuthenticationError("No.")]
        self.publish()
        with self.committed() as env:
            found = env["retail.exception"].search([("backend_id", "=", self.backend_id)])
            self.assertEqual((found.code, found.state), ("projection_failed", "open"))
        self._due_now()
        self.publish()
        with self.committed() as env:
            found = env["retail.exception"].search([("backend_id", "=", self.backend_id)])
            self.assertEqual(found.state, "resolved")
        self.assertEqual(self.held(item), 10)

    def test_a_rate_limit_consumes_no_attempt(self):
        self.listed(10)
        self.channel.failures = [RateLimitedError("Slowly.", retry_after=7)]
        self.publish()
        with self.committed() as env:
            flow = self._flow(env)
            self.assertEqual(flow.attempts, 0)
            self.assertGreater(flow.retry_at, fields.Datetime.now() + timedelta(seconds=5))

    def test_an_increase_waits_for_orders_that_were_received(self):
        product, item = self.listed(5)
        self.publish()
        self._receive_order()
        self.restock(product, 5)
        self.publish()
        self.assertEqual(self.held(item), 5)
        self._import_orders()
        self._release_holds()
        self.publish()
        self.assertEqual(self.held(item), 10)

    def test_increases_that_wait_cost_no_work_each(self):
        products = [self.listed(5)[0] for _number in range(6)]
        self.publish()
        self._receive_order()
        for product in products:
            self.restock(product, 5)
        before = self._triggers()
        self.publish()
        self.assertLessEqual(self._triggers() - before, 1)
        self.assertTrue(all(self.state(product)["pending"] for product in products))

    def test_an_increase_does_not_wait_for_what_waits_for_a_person(self):
        product, item = self.listed(5)
        self.publish()
        self._receive_order("order-1", "blocked")
        self._receive_order("order-2", "received")
        self.restock(product, 5)
        self.publish()
        self.assertEqual(self.held(item), 10)

    def test_a_decrease_waits_for_nobody(self):
        product, item = self.listed(5)
        self.publish()
        self._receive_order()
        self.restock(product, -3)
        self.publish()
        self.assertEqual(self.held(item), 2)

    def test_a_paused_flow_says_nothing_and_catches_up(self):
        product, item = self.listed(5)
        self.publish()
        with self.committed() as env:
            self._flow(env).paused = True
        self.restock(product, 5)
        self.publish()
        self.assertEqual(self.held(item), 5)
        with self.committed() as env:
            self._flow(env).action_resume()
        self.publish()
        self.assertEqual(self.held(item), 10)

    def test_a_week_offline_changes_nothing(self):
        product, item = self.listed(5)
        self.publish()
        self.restock(product, 4)
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM retail_change")
        self._compare_all()
        self.publish()
        self.assertEqual(self.held(item), 9)

    def test_two_shops_share_one_shelf(self):
        product, item = self.listed(6)
        with self.committed() as env:
            other = create_backend(env, name=f"Other {uuid4()}")
            self._place(env, other.id)
            other_id = other.id
            env["retail.product.binding"].create(
                {
                    "backend_id": other_id,
                    "external_id": f"other-{item}",
                    "odoo_id": product,
                    "inventory_item_external_id": f"other-{item}",
                }
            )
        self.order(product, 2)
        self.publish()
        with self.committed() as env:
            env["retail.projection.stock"]._run_chunks(other_id)
        self.assertEqual((self.held(item), self.held(f"other-{item}")), (4, 4))
        first, self.backend_id = self.backend_id, other_id
        self._clean_up()
        self.backend_id = first

    # Helpers

    def _flow(self, env):
        flows = env["retail.backend"].browse(self.backend_id).flow_ids
        return flows.filtered(lambda flow: flow.kind == "stock_level")

    def _due_now(self):
        with self.committed() as env:
            self._flow(env).retry_at = False

    def _compare_all(self):
        with self.committed() as env:
            self._flow(env).full_at = False

    def _receive_order(self, event="order-1", state="received"):
        with self.registry.cursor() as cr:
            cr.execute(
                """
                INSERT INTO retail_inbox_message
                       (backend_id, company_id, lane, event_id, topic, kind, entity_key, state,
                        body_hash, priority, attempts, crashes, source, correlation_id,
                        received_at)
                SELECT id, company_id, 0, %s, 'orders/create', 'order', 'order:1',
                       %s, 'x', 10, 0, 0, 'webhook', 'test', now()
                  FROM retail_backend WHERE id = %s
                """,
                [event, state, self.backend_id],
            )

    def _triggers(self):
        with self.committed() as env:
            return env["ir.cron.trigger"].search_count([])

    def _import_orders(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "UPDATE retail_inbox_message SET state = 'done' WHERE backend_id = %s",
                [self.backend_id],
            )

    def _release_holds(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "UPDATE retail_stock_state SET held_until = NULL WHERE backend_id = %s",
                [self.backend_id],
            )
