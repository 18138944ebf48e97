from odoo.tests import tagged

from odoo.addons.retail_connector_base.canonical import RequestAnswer

from .common import WarehouseCase
from .messages import at, left, said


@tagged("post_install", "-at_install")
class TestWarehouseOrder(WarehouseCase):
    """What the warehouse says of orders moves their releases on, forwards only."""

    def test_an_order_is_accepted_under_its_own_number(self):
        release = self.sent(self.sell(A=1))
        [message] = self.say(release, "accepted", external_id="W-77", expected_ship_at=at(60))
        self.assertEqual((message.state, release.state), ("done", "accepted"))
        self.assertEqual(release.expected_ship_at, at(60).replace(tzinfo=None))

    def test_in_progress_is_accepted(self):
        release = self.sent(self.sell(A=1))
        self.say(release, "in_progress")
        self.assertEqual(release.state, "accepted")

    def test_a_rejection_says_why(self):
        release = self.sent(self.sell(A=1))
        self.say(release, "rejected", reason="Unknown SKU A")
        self.assertEqual((release.state, release.reason), ("rejected", "Unknown SKU A"))
        self.assertTrue(self.problems())

    def test_older_words_change_nothing(self):
        release = self.sent(self.sell(A=1))
        self.say(release, "accepted", 5)
        [message] = self.say(release, "on_hold", 3, reason="Checking")
        self.assertEqual((message.state, release.state), ("superseded", "accepted"))

    def test_a_hold_is_lifted_by_a_later_word(self):
        release = self.sent(self.sell(A=1))
        self.say(release, "on_hold", 3, reason="Checking")
        self.assertEqual((release.state, release.reason), ("on_hold", "Checking"))
        self.say(release, "accepted", 4)
        self.assertEqual((release.state, release.reason), ("accepted", False))

    def test_shipped_moves_no_goods(self):
        release = self.sent(self.sell(A=1))
        self.say(release, "shipped")
        self.assertEqual((release.state, self.on_hand("A")), ("accepted", 100))

    def test_delivered_comes_after_the_goods(self):
        release = self.accepted(self.sell(A=1))
        self.happen(left(release, A=1))
        self.say(release, "delivered", 9)
        self.assertEqual(release.state, "delivered")

    def test_a_late_acceptance_does_not_lead_back(self):
        release = self.accepted(self.sell(A=1))
        self.happen(left(release, A=1))
        self.say(release, "accepted", 9)
        self.assertEqual(release.state, "shipped")

    def test_an_answer_reaches_its_request(self):
        release = self.accepted(self.sell(A=1))
        release._stop("Changed his mind")
        request = release.request_ids
        answer = RequestAnswer(
            request_reference=request.name, accepted=False, reason="Packed already"
        )
        self.say(release, "in_progress", 5, answers=(answer,))
        self.assertEqual((request.state, request.answer), ("refused", "Packed already"))

    def test_a_cancellation_that_was_asked_for_ends_the_order(self):
        order = self.sell(A=1)
        release = self.accepted(order)
        release._stop("Changed his mind")
        self.say(release, "cancelled", 5)
        self.assertEqual((release.state, release.request_ids.state), ("cancelled", "accepted"))
        self.assertEqual(order.picking_ids.state, "cancel")

    def test_an_order_that_was_never_released_waits(self):
        [message] = self.receive(said("WH/OUT/404", "accepted"))
        self.assertEqual((message.state, message.waiting_key), ("waiting", "order:WH/OUT/404"))

    def test_a_state_that_is_not_known_is_shown(self):
        release = self.sent(self.sell(A=1))
        self.say(release, "unknown", reason="ZZ")
        self.assertEqual(release.state, "sent")
        self.assertEqual(self.problems(), ["warehouse_order_state_unknown"])
        self.say(release, "accepted", 2)
        self.assertEqual(self.problems(), [])

    def test_words_about_a_former_order_of_the_release_are_left_out(self):
        release = self.sent(self.sell(A=1))
        self.say(release, "accepted", 5, external_id="W-NEW")
        [message] = self.say(release, "cancelled", 3, external_id="W-OLD")
        self.assertEqual((message.state, release.state), ("superseded", "accepted"))
