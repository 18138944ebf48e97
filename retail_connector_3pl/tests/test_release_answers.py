from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.retail_connector_base.decisions.order_process import Step, StepState

from .common import WarehouseCase
from .sample_warehouse import BatchingWarehouse


@tagged("post_install", "-at_install")
class TestReleaseAnswers(WarehouseCase):
    """What a warehouse makes of releases, at once or later."""

    def latest(self, order, step):
        """Return what was noted last of a step of an order."""
        binding = order.retail_binding_ids
        return binding._latest(binding.process_log, step)

    def test_a_refusal_is_shown_to_whoever_can_put_it_right(self):
        order = self.sell(bound=True, A=1)
        self.provider.manners = ["reject"]
        release = self.sent(order)
        self.assertEqual((release.state, release.reason), ("rejected", "We do not take this."))
        self.assertEqual(self.commands().state, "cancelled")
        self.assertEqual(self.problems(), ["release_rejected"])

    def test_a_rejection_by_message_takes_the_release_of_the_order_back(self):
        order = self.sell(bound=True, A=1)
        release = self.accepted(order)
        release._take_state("rejected", "The ZIP code is wrong")
        self.assertIs(self.latest(order, Step.RELEASED), StepState.COMPENSATED)
        problem = self.env["retail.exception"].search([("backend_id", "=", self.backend.id)])
        self.assertEqual(problem.error_class, "data")
        self.assertIn("Correct the address", problem.cause)
        release._take_state("accepted")
        self.assertEqual(problem.state, "resolved")
        self.assertFalse(release.reason)
        self.assertIs(self.latest(order, Step.RELEASED), StepState.DONE)

    def test_an_unknown_item_is_an_administrators_business(self):
        release = self.accepted(self.sell(A=1))
        release._take_state("rejected", "SKU A is unknown")
        problem = self.env["retail.exception"].search([("backend_id", "=", self.backend.id)])
        self.assertEqual(problem.error_class, "mapping")

    def test_what_was_rejected_is_sent_again_with_what_is_right_now(self):
        self.provider.manners = ["reject"]
        release = self.sent(self.sell(A=1))
        self.customer.street = "Other Street 9"
        release.action_send()
        self.send()
        first, second = self.asked("release_order")
        self.assertEqual(first.order_external_id, second.order_external_id)
        self.assertEqual(second.recipient.address.street, "Other Street 9")
        self.assertEqual((release.state, self.problems()), ("sent", []))

    def test_a_lost_answer_is_looked_up_not_sent_again(self):
        self.provider.manners = ["lose"]
        release = self.sent(self.sell(A=1))
        self.send()
        self.assertEqual(len(self.asked("release_order")), 1)
        self.assertEqual((release.state, release.external_id), ("sent", "W-1"))

    def test_a_duplicate_is_found_at_the_warehouse(self):
        release = self.release(self.sell(A=1))
        release._send()
        self.provider.effects[self.commands().idempotency_key] = "W-77"
        self.send()
        self.assertEqual((release.state, release.external_id), ("sent", "W-77"))

    def test_the_warehouse_may_answer_in_the_result(self):
        self.provider.details = {"release_order": {"state": "on_hold", "reason": "Call us"}}
        release = self.sent(self.sell(A=1))
        self.assertEqual((release.state, release.reason), ("on_hold", "Call us"))
        self.assertEqual(self.problems(), ["release_on_hold"])
        release._take_state("accepted")
        self.assertEqual(self.problems(), [])

    def test_late_and_doubled_words_change_nothing(self):
        release = self.accepted(self.sell(A=1))
        self.assertFalse(release._take_state("accepted"))
        self.assertFalse(release._take_state("sent"))
        release._take_state("shipped")
        self.assertFalse(release._take_state("accepted"))
        self.assertEqual(release.state, "shipped")
        self.assertFalse(release._take_state("cancelled", "Oops"))
        self.assertEqual(self.problems(), ["release_contradiction"])

    def test_a_cancellation_that_nobody_asked_for_is_shown(self):
        order = self.sell(A=1)
        release = self.accepted(order)
        release._take_state("cancelled", "Out of business")
        self.assertEqual(order.picking_ids.state, "assigned")
        self.assertEqual(self.problems(), ["release_cancelled_there"])
        self.assertFalse(self.env["retail.releaser"]._ready(self.warehouse))

    def test_a_command_that_is_given_up_is_not_sent_by_itself(self):
        release = self.release(self.sell(A=1))
        release._send()
        self.commands()._cancel("Not now")
        self.assertEqual((release.state, release.reason), ("rejected", "Not now"))
        self.assertEqual(self.problems(), [])
        self.assertFalse(self.env["retail.releaser"]._send_due(self.warehouse))

    def test_only_operators_release(self):
        release = self.release(self.sell(A=1))
        group = "retail_connector_base.group_auditor"
        companies = {"company_id": self.company.id, "company_ids": [(6, 0, self.company.ids)]}
        user = new_test_user(self.env, login="release-auditor", groups=group, **companies)
        for name in ("action_send", "action_withdraw", "action_ask_again"):
            with self.assertRaises(AccessError):
                getattr(release.with_user(user), name)()

    def test_a_delivery_is_not_released_twice_by_hand(self):
        order = self.sell(A=1)
        self.accepted(order)
        with self.assertRaises(UserError):
            order.picking_ids.action_retail_release()


@tagged("post_install", "-at_install")
class TestReleaseBatch(WarehouseCase):
    """Releases that go out as one request."""

    provider = BatchingWarehouse

    def setUp(self):
        super().setUp()
        self.orders = [self.sell(A=1) for _ in range(4)]
        self.env["retail.releaser"]._make(self.warehouse)
        self.env["retail.releaser"]._send_due(self.warehouse)
        self.releases = self.env["retail.release"].search([], order="id")[-4:]

    def states(self):
        """Return the states of the releases in order."""
        return self.releases.mapped("state")

    def test_as_many_as_it_takes_go_out_together(self):
        self.send()
        self.assertEqual([len(call) for call in self.provider.calls], [3])
        self.assertEqual(len(self.asked("release_order")), 4)
        self.assertEqual(self.states(), ["sent"] * 4)
        self.assertEqual(self.releases.mapped("external_id"), ["W-1", "W-2", "W-3", "W-4"])

    def test_each_has_its_own_answer(self):
        self.provider.manners = ["accept", "reject", "fail"]
        self.send(all_due=False)
        self.assertEqual(self.states(), ["sent", "rejected", "ready", "sent"])
        self.assertEqual(self.commands().mapped("state"), ["done", "cancelled", "retry", "done"])

    def test_when_nobody_can_tell_each_is_looked_up(self):
        self.provider.manners = ["accept", "lose"]
        self.send(all_due=False)
        self.assertEqual(self.commands().mapped("state")[:3], ["unknown"] * 3)
        self.send()
        self.send()
        self.assertEqual(self.states(), ["sent"] * 4)
        # The third had no effect and was sent again, the first two were found.
        names = [told.order_external_id for told in self.asked("release_order")]
        self.assertEqual(sorted(names), sorted(self.releases.mapped("name")))
