from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import WarehouseCase
from .messages import left


@tagged("post_install", "-at_install")
class TestReleaseByHand(WarehouseCase):
    """What a warehouse has leaves once: there, or here by somebody's decision."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._user("clerk", "stock.group_stock_user")
        cls.operator = cls._user(
            "operator", "stock.group_stock_user,retail_connector_base.group_operator"
        )

    @classmethod
    def _user(cls, login, groups):
        ids = cls.company.ids
        values = {"company_id": cls.company.id, "company_ids": [(6, 0, ids)]}
        return new_test_user(cls.env, f"hand_{login}", groups, **values)

    def validate(self, picking, user=None, quantity=None, **context):
        """Validate a delivery as a person does; a part of it leaves a backorder."""
        picking.move_ids.filtered(lambda move: move.state != "done").picked = True
        if quantity is not None:
            picking.move_ids.quantity = quantity
        quiet = {"skip_backorder": True, "skip_sms": True, **context}
        return picking.with_user(user or self.clerk).with_context(**quiet).button_validate()

    def run_lane(self):
        self.env.flush_all()
        while self.env["retail.releaser"]._try_chunk(self.warehouse.id):
            self.env.flush_all()

    def test_what_a_warehouse_has_is_not_validated_by_hand(self):
        order = self.sell(A=2)
        release = self.accepted(order)
        for context in ({}, {"retail_left_already": True}):
            with self.assertRaises(UserError) as refused:
                self.validate(order.picking_ids, **context)
            for words in ("Sample Warehouse 1", release.name, "Withdraw", "Allow Validation"):
                self.assertIn(words, str(refused.exception))
        with self.assertRaises(UserError):
            order.picking_ids._action_done()
        self.assertEqual((order.picking_ids.state, self.on_hand("A")), ("assigned", 100))

    def test_the_warehouses_own_word_passes_in_parts_too(self):
        order = self.sell(A=3)
        release = self.accepted(order)
        self.happen(left(release, "S1", A=1))
        rest = release.picking_id
        self.assertEqual((release.state, rest.state), ("partly_shipped", "assigned"))
        with self.assertRaises(UserError):
            self.validate(rest)
        self.happen(left(release, "S2", A=2))
        self.assertEqual((release.state, self.on_hand("A")), ("shipped", 97))

    def test_a_withdrawal_has_to_be_agreed_on_first(self):
        order = self.sell(A=1)
        release = self.accepted(order)
        release.action_withdraw()
        with self.assertRaises(UserError):
            self.validate(order.picking_ids)
        release.request_ids._answer(True, "Fine")
        self.assertEqual((release.state, order.picking_ids.state), ("cancelled", "cancel"))

    def test_what_the_warehouse_gave_back_may_be_validated(self):
        order = self.sell(A=1)
        release = self.accepted(order)
        self.say(release, "cancelled", reason="We lost it")
        self.validate(order.picking_ids)
        self.assertEqual((order.picking_ids.state, self.on_hand("A")), ("done", 99))

    def test_an_operators_decision_lets_it_pass_once_and_is_kept(self):
        order = self.sell(A=3)
        release = self.accepted(order)
        release.with_user(self.operator).action_allow_by_hand()
        self.validate(order.picking_ids, quantity=1)
        self.assertFalse(release.by_hand)
        rest = order.picking_ids.filtered(lambda one: one.state != "done")
        self.assertEqual((release.picking_id, self.on_hand("A")), (rest, 99))
        with self.assertRaises(UserError):
            self.validate(rest)
        logged = self.env["retail.audit"].search(
            [("res_model", "=", release._name), ("res_id", "=", release.id)]
        )
        self.assertLessEqual(
            {"release.by_hand_allowed", "release.validated_by_hand"}, set(logged.mapped("action"))
        )
        # What the warehouse tells of it later does not move goods twice, nor is it asked back.
        self.run_lane()
        self.assertFalse(release.request_ids)
        self.happen(left(release, "S0", A=2))
        self.run_lane()
        self.assertFalse(release.request_ids)
        self.assertEqual((release.state, self.on_hand("A")), ("partly_shipped", 98))
        self.happen(left(release, "S1", A=1))
        self.assertEqual((release.state, self.on_hand("A")), ("shipped", 97))

    def test_only_an_operator_decides_that_and_only_of_what_is_there(self):
        release = self.accepted(self.sell(A=1))
        with self.assertRaises(AccessError):
            release.with_user(self.clerk).action_allow_by_hand()
        ready = self.release(self.sell(A=1))
        with self.assertRaises(UserError):
            ready.with_user(self.operator).action_allow_by_hand()
        self.assertFalse((release | ready).filtered("by_hand"))

    def test_what_no_warehouse_was_told_leaves_by_hand_and_is_not_told_any_more(self):
        order = self.sell(A=1)
        release = self.release(order)
        release._send()
        self.validate(order.picking_ids)
        self.run_lane()
        self.send()
        self.assertEqual((release.state, self.on_hand("A")), ("cancelled", 99))
        self.assertIn("by hand", release.reason)
        self.assertFalse(self.provider.sent)
        self.assertEqual(self.problems(), [])

    def test_the_rest_of_what_left_by_hand_is_told(self):
        order = self.sell(A=3)
        release = self.release(order)
        release._send()
        self.validate(order.picking_ids, quantity=1)
        self.run_lane()
        self.send()
        (told,) = self.asked("release_order")
        self.assertEqual([line.quantity for line in told.lines], [2])
        self.assertEqual(release.state, "sent")

    def test_what_may_be_on_its_way_is_not_validated(self):
        order = self.sell(A=1)
        release = self.release(order)
        release._send()
        release.command_id.state = "leased"
        with self.assertRaises(UserError):
            self.validate(order.picking_ids)

    def test_what_the_warehouse_rejected_leaves_by_hand_and_the_matter_is_closed(self):
        order = self.sell(A=1)
        release = self.sent(order)
        self.say(release, "rejected", reason="No such street")
        self.assertEqual(self.problems(), ["release_rejected"])
        self.validate(order.picking_ids)
        self.assertEqual((release.state, self.problems()), ("cancelled", []))

    def test_deliveries_of_our_own_warehouses_are_validated_as_ever(self):
        own = self._make_stock("Own")
        self.env["stock.quant"]._update_available_quantity(self.products["A"], own.lot_stock_id, 5)
        order = self.sell(warehouse=own, A=1)
        self.validate(order.picking_ids)
        self.assertEqual(order.picking_ids.state, "done")
