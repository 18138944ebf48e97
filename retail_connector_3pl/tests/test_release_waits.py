from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import WarehouseCase
from .messages import left, said, shipment


@tagged("post_install", "-at_install")
class TestReleaseWaits(WarehouseCase):
    """What waits for a release goes on when it is there, and a release when it can be known."""

    def run_lane(self):
        """Run the release lane until nothing is left, then send."""
        lane = self.env["retail.releaser"]
        for _chunk in range(20):
            self.env.flush_all()
            if not lane._try_chunk(self.warehouse.id):
                break
        self.send()

    def woken(self, lane):
        """Record which lanes are woken."""
        keys = []
        model = self.registry[lane]
        self.startPatcher(
            patch.object(model, "_wake_after_commit", lambda _self, *key: keys.append(key))
        )
        return keys

    # Told before the release was there

    def test_a_shipment_told_before_its_release_goes_on_as_soon_as_that_is_made(self):
        order = self.sell(A=1)
        name = order.picking_ids.name
        told = shipment(name, "S1", lines=left(self.release_like(order), "S1", A=1).lines)
        (message,) = self.receive(told)
        self.assertEqual((message.state, message.waiting_key), ("waiting", f"order:{name}"))
        keys = self.woken("retail.inbox.drain")
        release = self.release(order)
        self.assertEqual((message.state, message.next_attempt_at), ("received", False))
        self.assertEqual(keys, [(self.backend.id, message.lane)])
        self.drain()
        self.assertEqual(message.state, "done")
        self.assertEqual(release.shipment_ids.external_id, "S1")

    def release_like(self, order):
        """Return a release that will never be: only its lines are of use."""
        lines = [(0, 0, {"external_id": "1", "product_id": order.order_line.product_id.id})]
        return self.env["retail.release"].new({"name": "x", "line_ids": lines})

    def test_what_waits_for_other_orders_or_in_other_accounts_goes_on_waiting(self):
        order = self.sell(A=1)
        name = order.picking_ids.name
        (other,) = self.receive(said("Nobody's", "accepted"))
        # Another account of a warehouse knows an order of the same name.
        twin = self.make_backend("Twin", self.provider.code)
        self.env["retail.warehouse"].create(
            {"backend_id": twin.id, "external_id": "X1", "name": "Twin"}
        )
        (elsewhere,) = self.receive(said(name, "accepted"), backend=twin)
        self.release(order)
        self.assertEqual((other | elsewhere).mapped("state"), ["waiting", "waiting"])

    def test_goods_that_left_before_the_acceptance_move_with_it(self):
        release = self.sent(self.sell(A=1))
        self.happen(left(release, "S1", A=1))
        self.assertEqual((release.state, self.on_hand("A")), ("sent", 100))
        keys = self.woken("retail.reservation")
        self.say(release, "accepted")
        self.assertIn((self.stock.id,), keys)
        self.move_goods()
        self.assertEqual((release.state, self.on_hand("A")), ("shipped", 99))

    def test_goods_of_a_release_that_will_never_be_accepted_do_not_wait_for_that(self):
        release = self.release(self.sell(A=1))
        self.happen(left(release, "S1", A=1))
        self.assertEqual(self.on_hand("A"), 100)
        release.action_withdraw()
        self.move_goods()
        self.assertEqual((release.state, self.on_hand("A")), ("cancelled", 99))

    # Held back until the warehouse can know the product

    def nameless(self):
        """Return the release of a product without a SKU, which was held back."""
        self.products["A"].default_code = False
        order = self.sell(A=1)
        self.run_lane()
        release = self.release_of(order)
        self.assertIn("no SKU", release.reason)
        self.assertEqual(self.problems(), ["release_held_back"])
        self.assertFalse(self.asked("release_order"))
        return release

    def assert_goes(self, release, sku):
        self.assertTrue(release.changed)
        self.run_lane()
        (told,) = self.asked("release_order")
        self.assertEqual([line.sku for line in told.lines], [sku])
        self.assertEqual((release.state, release.reason), ("sent", False))
        self.assertEqual(self.problems(), [])

    def test_a_release_without_a_sku_goes_by_itself_when_the_product_gets_one(self):
        release = self.nameless()
        keys = self.woken("retail.releaser")
        self.products["A"].product_tmpl_id.default_code = "NEW"
        self.assertIn((self.warehouse.id,), keys)
        self.assert_goes(release, "NEW")

    def test_a_barcode_will_do(self):
        release = self.nameless()
        self.products["A"].barcode = "4006381333931"
        self.assert_goes(release, "4006381333931")

    def test_it_goes_when_the_warehouses_item_is_bound(self):
        release = self.nameless()
        self.env["retail.product.binding"].create(
            {
                "backend_id": self.backend.id,
                "external_id": "I-1",
                "sku": "THEIRS",
                "odoo_id": self.products["A"].id,
            }
        )
        self.assert_goes(release, "THEIRS")

    def test_items_of_others_and_other_products_wake_nothing(self):
        release = self.nameless()
        self.env["retail.product.binding"].create(
            {
                "backend_id": self.shop.id,
                "external_id": "V-1",
                "sku": "SHOP",
                "odoo_id": self.products["A"].id,
            }
        )
        self.products["B"].default_code = "B2"
        self.products["A"].name = "Another name"
        self.assertFalse(release.changed)

    def test_what_is_wrong_still_stays_held_back_and_says_what(self):
        release = self.nameless()
        self.customer.street = False
        self.products["A"].default_code = "NEW"
        self.run_lane()
        self.assertEqual((release.state, self.problems()), ("ready", ["release_held_back"]))
        self.assertIn("street", release.reason)
        self.assertFalse(self.asked("release_order"))

    def test_a_release_that_was_told_is_not_looked_at_again(self):
        release = self.sent(self.sell(A=1))
        self.run_lane()
        self.products["A"].default_code = "NEW"
        self.assertFalse(release.changed)
        with self.assertRaises(UserError):
            release.action_send()
