from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.queue_job.job import Job

from ..canonical import CancelFulfillment
from .access import create_user
from .outbox import OutboxCase, fulfill
from .sample_provider import SendingProvider


@tagged("post_install", "-at_install")
class TestOutboxSender(OutboxCase):
    """What becomes of a command, with real cursors."""

    def jobs_of_sender(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT state FROM queue_job WHERE identity_key LIKE %s",
                [f"retail.outbox.sender:{self.backend_id}:%"],
            )
            return [row[0] for row in cr.fetchall()]

    def test_what_is_owed_is_sent_once_and_its_ids_are_kept(self):
        self.put()
        self.assertEqual(self.jobs_of_sender(), ["pending"])
        self.send()
        self.send()
        self.assertEqual(self.command_states(), ["done"])
        self.assertEqual(self.value("external_ids"), [["F1"]])
        self.assertEqual(self.ledger.effects(), [("k1", "F1")])

    def test_the_job_that_is_enqueued_does_the_work(self):
        self.put()
        with self.committed() as env:
            (record,) = env["queue.job"].search([("model_name", "=", "retail.outbox.sender")])
            self.assertEqual(record.channel, "root.retail.send")
            Job.load(env, record.uuid).perform()
        self.assertEqual(self.command_states(), ["done"])

    def test_the_same_key_is_the_same_row(self):
        first = self.put("k1", fulfill(quantity=1))
        self.assertEqual(self.put("k1", fulfill(quantity=2)), first)
        self.assertEqual(len(self.command_states()), 1)

    def test_a_rolled_back_change_owes_nothing(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            backend = env["retail.backend"].browse(self.backend_id)
            env["retail.outbox.command"]._put(backend, fulfill(), "k1")
            cr.rollback()
        self.assertEqual(self.command_states(), [])
        self.assertEqual(self.jobs_of_sender(), [])

    def test_a_paused_flow_keeps_commands_and_wakes_nobody(self):
        with self.committed() as env:
            flows = env["retail.backend"].browse(self.backend_id).flow_ids
            flows.filtered(lambda flow: flow.direction == "out").paused = True
        self.put()
        self.assertEqual(self.jobs_of_sender(), [])
        self.send()
        self.assertEqual(self.command_states(), ["pending"])

    def test_a_paused_backend_sends_nothing(self):
        self.put()
        self.execute("UPDATE retail_backend SET paused = true WHERE id = %s", self.backend_id)
        self.send()
        self.assertEqual((self.command_states(), SendingProvider.calls), (["pending"], []))

    def test_an_unknown_outcome_is_looked_up_before_anything_is_sent_again(self):
        self.put()
        SendingProvider.manners = ["lose"]
        self.send()
        self.assertEqual(self.command_states(), ["unknown"])
        self.send()
        self.assertEqual(self.command_states(), ["done"])
        self.assertEqual([call[0] for call in SendingProvider.calls], ["lose", "look_up:tell"])
        self.assertEqual(self.value("asked_count"), [1])

    def test_what_had_no_effect_is_sent_again(self):
        self.put()
        SendingProvider.manners = ["drop"]
        self.send()
        self.send()
        calls = [call[0] for call in SendingProvider.calls]
        self.assertEqual(calls, ["drop", "look_up:tell", "accept"])
        self.assertEqual((self.command_states(), len(self.ledger.effects())), (["done"], 1))

    def test_an_answer_nobody_understands_is_an_unknown_outcome(self):
        self.put()
        SendingProvider.manners = ["garble"]
        self.send()
        self.send()
        self.assertEqual((self.command_states(), len(self.ledger.effects())), (["done"], 1))

    def test_a_gate_that_is_closed_consumes_no_attempt(self):
        self.put()
        SendingProvider.manners = ["gate"]
        self.send()
        self.assertEqual((self.command_states(), self.value("attempts")), (["retry"], [0]))
        self.assertNotEqual(self.value("next_attempt_at"), [None])
        self.send()
        self.assertEqual(self.command_states(), ["done"])

    def test_what_waits_for_its_time_is_not_sent_before(self):
        self.put()
        SendingProvider.manners = ["fail"]
        self.send()
        self.send(wait=False)
        self.assertEqual((self.command_states(), len(SendingProvider.calls)), (["retry"], 1))

    def test_order_is_kept_within_an_entity_and_entities_do_not_wait_for_each_other(self):
        self.put("a1", fulfill("A"))
        self.put("a2", CancelFulfillment(order_external_id="A", fulfillment_external_id="F"))
        self.put("b1", fulfill("B"))
        SendingProvider.manners = ["reject"]
        self.send()
        self.assertEqual(self.command_states(), ["blocked", "pending", "done"])
        with self.commands() as commands:
            commands[0].exception_id.action_retry()
        self.send()
        self.assertEqual(self.command_states(), ["done"] * 3)
        self.assertEqual([key for key, _id in self.ledger.effects()], ["b1", "a1", "a2"])

    def test_a_rejection_is_shown_and_resolves_itself(self):
        self.put()
        SendingProvider.manners = ["reject"]
        self.send()
        self.assertEqual(self.exceptions(), [("fulfill_data", "open", 1)])
        with self.commands() as commands:
            self.assertEqual(commands.exception_id.outbox_command_count, 1)
            commands.exception_id.action_fix()
        self.send()
        self.assertEqual(self.command_states(), ["done"])
        self.assertEqual(self.exceptions(), [("fulfill_data", "resolved", 1)])

    def test_commands_that_fail_for_one_reason_share_an_exception(self):
        self.put("a", fulfill("A"))
        self.put("b", fulfill("B"))
        SendingProvider.manners = ["reject", "reject"]
        self.send()
        with self.committed() as env:
            env["retail.exception"]._sweep()
        self.assertEqual(self.exceptions(), [("fulfill_data", "open", 2)])

    def test_a_rejection_of_what_was_done_already_is_done(self):
        self.put()
        self.ledger.note("k1")
        SendingProvider.manners = ["reject"]
        self.send()
        self.assertEqual((self.command_states(), self.value("external_ids")), (["done"], [["F1"]]))

    def test_out_of_attempts_a_person_is_asked(self):
        self.put()
        SendingProvider.manners = ["bug"]
        SendingProvider.replies = ["fail"] * 40
        for _attempt in range(35):
            self.send()
        self.assertEqual(self.command_states(), ["blocked"])
        self.assertEqual(self.exceptions(), [("outcome_unknown", "open", 1)])

    def test_nobody_knows_for_a_day_then_a_person_is_asked(self):
        self.put()
        SendingProvider.manners, SendingProvider.replies = ["drop"], ["unsure"] * 2
        self.send()
        self.send()
        self.assertEqual(self.command_states(), ["unknown"])
        self.execute("UPDATE retail_outbox_command SET failing_since = now() - interval '25 hours'")
        self.send()
        self.assertEqual(self.command_states(), ["blocked"])
        self.send()
        self.assertEqual(self.command_states(), ["blocked"])

    def test_a_person_who_looked_may_send_what_nobody_can_tell_about(self):
        self.put()
        SendingProvider.manners, SendingProvider.replies = ["drop"], ["unable"]
        self.send()
        self.send()
        self.assertEqual((self.command_states(), self.value("in_doubt")), (["blocked"], [True]))
        with self.commands() as commands:
            commands.action_send_unseen()
        self.send()
        self.assertEqual((self.command_states(), len(self.ledger.effects())), (["done"], 1))

    def test_cancelled_with_a_reason_lets_the_next_one_go(self):
        self.put("a1", fulfill("A"))
        self.put("a2", fulfill("A"))
        SendingProvider.manners = ["reject"]
        self.send()
        with self.commands() as commands:
            with self.assertRaises(UserError):
                commands[0].action_cancel(" ")
            operator = create_user(commands.env, "operator", login="retail-operator-outbox")
            self.addCleanup(self._drop_user, operator.id)
            commands[0].with_user(operator).action_cancel("entered by hand")
            audit = commands.env["retail.audit"].search(
                [("backend_id", "=", self.backend_id), ("action", "=", "outbox.cancel")]
            )
            self.assertEqual(audit.detail["reason"], "entered by hand")
            audit_ids = audit.ids
        self.send()
        self.assertEqual(self.command_states(), ["cancelled", "done"])
        self.assertEqual(self.exceptions()[0][1], "resolved")
        self.assertTrue(audit_ids)

    def _drop_user(self, user_id):
        with self.committed() as env:
            env.cr.execute("DELETE FROM retail_audit WHERE user_id = %s", [user_id])
            env["res.users"].browse(user_id).unlink()

    def test_what_is_not_wanted_any_more_is_cancelled_before_it_leaves(self):
        exporter = self.registry["retail.exporter.fulfill"]
        original = exporter._is_wanted
        self.addCleanup(setattr, exporter, "_is_wanted", original)
        exporter._is_wanted = lambda model, command: False
        self.put()
        self.send()
        self.assertEqual((self.command_states(), SendingProvider.calls), (["cancelled"], []))

    def test_a_failure_after_the_effect_keeps_the_effect(self):
        exporter = self.registry["retail.exporter.fulfill"]
        original = exporter._on_done
        self.addCleanup(setattr, exporter, "_on_done", original)

        def fail(model, command, result):
            raise ZeroDivisionError

        exporter._on_done = fail
        self.put()
        self.send(wait=False)
        self.assertEqual((self.command_states(), self.value("in_doubt")), (["unknown"], [True]))
        exporter._on_done = original
        self.send()
        self.assertEqual((self.command_states(), len(self.ledger.effects())), (["done"], 1))

    def test_the_sweeper_wakes_what_is_due_and_running_only(self):
        self.put()
        self.execute("DELETE FROM queue_job")
        with self.committed() as env:
            env["retail.inbox.sweeper"]._sweep()
        self.assertEqual(self.jobs_of_sender(), ["pending"])
        self.execute("DELETE FROM queue_job")
        self.execute("UPDATE retail_flow SET paused = true WHERE backend_id = %s", self.backend_id)
        with self.committed() as env:
            env["retail.inbox.sweeper"]._sweep()
        self.assertEqual(self.jobs_of_sender(), [])
