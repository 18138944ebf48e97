import time
from datetime import timedelta
from unittest.mock import patch

from standardwebhooks import Webhook

from odoo.tests import tagged

from ..decisions.event_retry import FAILURES, SCHEDULE
from ..providers import event_delivery
from .subscription import SubscriptionCase, subscribe


@tagged("post_install", "-at_install")
class TestDelivery(SubscriptionCase):
    """Events reach a receiver that answers as it likes."""

    def test_a_delivery_is_a_signed_cloud_event(self):
        self.tell("S1")
        self.send()
        (event,) = self.receiver.verified(self.secret)
        self.assertEqual(
            (event["specversion"], event["type"], event["subject"], event["data"]["order"]),
            ("1.0", "retail.order.cancelled.v1", "S1", "S1"),
        )
        self.assertTrue(event["dataschema"].endswith("/retail.order.cancelled.v1/1.0.json"))
        self.assertEqual(self.receiver.delivery_ids(), self.value("idempotency_key"))
        self.assertEqual(self.command_states(), ["done"])
        self.assertEqual(self.value("last_status"), [200])

    def test_a_signature_covers_the_bytes_that_came(self):
        self.tell("S1")
        self.send()
        _path, headers, body = self.receiver.seen[0]
        with self.assertRaisesRegex(Exception, "No matching signature"):
            Webhook(self.secret).verify(body + b" ", headers)

    def test_while_a_secret_rotates_both_verify(self):
        new = self.act("_new_secret")
        self.tell("S1")
        self.send()
        self.assertEqual(len(self.receiver.verified(self.secret)), 1)
        self.assertEqual(len(self.receiver.verified(new)), 1)
        self.execute("UPDATE retail_credential SET previous_until = now() - interval '1 hour'")
        self.registry.clear_cache()
        self.receiver.seen.clear()
        self.tell("S2")
        self.send()
        self.assertEqual(len(self.receiver.verified(new)), 1)
        with self.assertRaisesRegex(Exception, "No matching signature"):
            self.receiver.verified(self.secret)

    def test_without_a_secret_nothing_leaves(self):
        self.execute("UPDATE retail_credential SET ciphertext = NULL")
        self.registry.clear_cache()
        self.tell("S1")
        self.send()
        self.assertEqual((self.receiver.seen, self.command_states()), ([], ["retry"]))

    def test_a_secret_that_is_none_is_not_signed_with(self):
        with self.committed() as env:
            subscription = env["retail.subscription"].browse(self.subscription_id)
            subscription.credential_id.secret_input = "a"
        self.tell("S1")
        self.send()
        self.assertEqual((self.receiver.seen, self.command_states()), ([], ["retry"]))
        self.assertEqual(self.value("error_class"), ["configuration"])

    def test_whatever_is_answered_it_is_sent_again(self):
        for manner in (500, 400, 401, 404, 409, "redirect", "drop"):
            with self.subTest(manner=manner):
                self.receiver.misbehave(manner)
                self.tell(f"S{manner}")
                self.send()
                self.assertEqual(self.command_states()[-1], "retry")
                self.send()
                self.assertEqual(self.command_states()[-1], "done")
        ids = self.receiver.delivery_ids()
        self.assertEqual(ids[0::2], ids[1::2])
        self.assertNotIn("/elsewhere", [path for path, _headers, _body in self.receiver.seen])

    def test_a_receiver_that_hangs_is_told_again_without_a_question(self):
        self.receiver.misbehave("hang")
        self.tell("S1")
        with patch.object(event_delivery, "READ", 0.2):
            self.send()
        self.assertEqual(self.command_states(), ["retry"])
        self.assertEqual(self.value("in_doubt"), [False])
        self.send()
        self.assertEqual(self.command_states(), ["done"])

    def test_an_answer_that_drips_in_is_cut(self):
        self.receiver.misbehave("drip")
        self.tell("S1")
        with patch.object(event_delivery, "DEADLINE", 0.4):
            started = time.monotonic()
            self.send()
        self.assertLess(time.monotonic() - started, 5)
        self.assertEqual(self.command_states(), ["retry"])

    def test_an_endless_answer_is_cut(self):
        self.receiver.misbehave("endless")
        self.tell("S1")
        self.send()
        self.assertEqual(self.command_states(), ["retry"])

    def test_a_receiver_may_ask_for_time(self):
        self.receiver.misbehave("busy")
        self.tell("S1")
        self.send()
        with self.commands() as (command,):
            wait = command.next_attempt_at - command.failing_since
            self.assertEqual((wait >= timedelta(seconds=1200), command.last_status), (True, 429))

    def test_the_first_retry_comes_in_seconds(self):
        self.receiver.misbehave(500)
        self.tell("S1")
        self.send()
        with self.commands() as (command,):
            wait = command.next_attempt_at - command.failing_since
            self.assertLess(wait, timedelta(seconds=2 * SCHEDULE[0]))

    def test_what_a_lost_worker_was_sending_is_sent_again(self):
        self.tell("S1")
        self.send()
        self.execute("UPDATE retail_outbox_command SET state = 'leased', leased_until = now()")
        self.lose_leases()
        self.send()
        self.assertEqual(self.command_states(), ["done"])
        self.assertEqual(len(set(self.receiver.delivery_ids())), 1)
        self.assertEqual(len(self.receiver.seen), 2)

    def test_one_entity_keeps_its_order_and_hinders_no_other(self):
        self.receiver.misbehave(500)
        self.tell("S1", "S1", "S2")
        self.send(wait=False)
        self.assertEqual(self.told(), ["S1", "S2"])
        self.send()
        self.assertEqual(self.told(), ["S1", "S2", "S1", "S1"])
        first, second = self.value("event_id")[:2]
        came = [event["id"] for event in self.receiver.verified(self.secret)]
        self.assertEqual([came[2], came[3]], [first, second])

    def test_a_new_address_holds_for_what_waits(self):
        self.receiver.misbehave(500)
        self.tell("S1")
        self.send()
        with self.committed() as env:
            subscription = env["retail.subscription"].browse(self.subscription_id)
            subscription.url = self.receiver.url + "/new"
        self.send()
        self.assertEqual(self.receiver.seen[-1][0], "/events/new")

    def test_what_is_never_taken_becomes_a_dead_letter_of_its_subscription(self):
        self.tell("S1", "S2")
        self.execute("UPDATE retail_outbox_command SET attempts = %s", len(SCHEDULE))
        self.receiver.misbehave(500, 500)
        self.send()
        self.assertEqual(self.command_states(), ["blocked", "blocked"])
        self.assertEqual(
            [found[:2] for found in self.exceptions()], [("event_dead_letter", "open")]
        )
        with self.committed() as env:
            exception = env["retail.exception"].search([("backend_id", "=", self.backend_id)])
            exception.action_fix()
        self.send()
        self.assertEqual(self.command_states(), ["done", "done"])
        self.assertEqual(self.exceptions()[0][:2], ("event_dead_letter", "resolved"))


@tagged("post_install", "-at_install")
class TestHealth(SubscriptionCase):
    """A dead endpoint costs nothing but its own events, and those wait."""

    def _fail(self, count=FAILURES):
        self.receiver.misbehave(*[500] * count)
        self.tell(*(f"F{number}" for number in range(count)))
        self.send()

    def test_after_some_failures_it_is_left_in_peace(self):
        self._fail()
        self.tell("S1")
        self.send()
        self.assertEqual(len(self.receiver.seen), FAILURES)
        self.assertTrue(all(self.value("held")))
        self.assertEqual(self.subscription("health"), "resting")

    def test_then_one_delivery_tries_it_and_all_follow(self):
        self._fail()
        self.end_rest()
        self.receiver.misbehave(500)
        self.let_time_pass()
        self.sweep()
        self.send()
        self.assertEqual(len(self.receiver.seen), FAILURES + 1)
        self.end_rest()
        self.sweep()
        self.send()
        self.send()
        self.assertEqual(self.command_states(), ["done"] * FAILURES)
        self.assertEqual(self.subscription("health", "failures"), ("ok", 0))

    def test_a_dead_endpoint_does_not_hinder_other_subscriptions_of_the_backend(self):
        self._fail()
        with self.committed() as env:
            backend = env["retail.backend"].browse(self.backend_id)
            other, secret = subscribe(backend, self.receiver.url, name="Other")
            other_id = other.id
        self.receiver.seen.clear()
        self.tell("S1", subscription_id=other_id)
        self.tell("S2")
        self.send()
        self.assertEqual([e["subject"] for e in self.receiver.verified(secret)], ["S1"])

    def test_gone_pauses_at_once(self):
        self.receiver.misbehave(410)
        self.tell("S1", "S2")
        self.send()
        self.assertEqual(self.subscription("state"), "dead")
        self.assertEqual(len(self.receiver.seen), 1 + 1)
        self.assertEqual(self.exceptions(), [("subscription_dead", "open", 1)])

    def test_silence_for_long_pauses_by_itself_and_resume_sends_in_order(self):
        self.receiver.misbehave(500)
        self.tell("S1")
        self.send()
        self.execute(
            "UPDATE retail_subscription SET failing_since = now() - interval '73 hours' "
            "WHERE id = %s",
            self.subscription_id,
        )
        self.receiver.misbehave(500)
        self.send()
        self.assertEqual(self.subscription("state"), "dead")
        self.assertEqual(self.exceptions(), [("subscription_dead", "open", 1)])
        self.tell("S1", "S3", "S1")
        self.receiver.seen.clear()
        self.send()
        self.assertEqual(self.receiver.seen, [])
        with self.committed() as env:
            exception = env["retail.exception"].search([("backend_id", "=", self.backend_id)])
            self.assertEqual(exception.fix_label, "Resume")
            exception.action_fix()
        self.send(wait=False)
        ids = self.value("event_id")
        came = [event["id"] for event in self.receiver.verified(self.secret)]
        entity = [ids[0], ids[1], ids[3]]
        self.assertEqual([found for found in came if found != ids[2]], entity)
        self.assertEqual(self.command_states(), ["done"] * 4)
        self.assertEqual(self.exceptions()[0][1], "resolved")

    def test_paused_by_hand_keeps_events(self):
        self.act("action_pause")
        self.tell("S1")
        self.send()
        self.assertEqual((self.receiver.seen, self.value("held")), ([], [True]))
        self.act("action_resume")
        self.send(wait=False)
        self.assertEqual(self.told(), ["S1"])

    def test_kept_events_are_given_up_in_the_end(self):
        self.act("action_pause")
        self.tell("S1", "S2")
        self.execute(
            "UPDATE retail_outbox_command SET create_date = now() - interval '15 days' "
            "WHERE event_subject = 'S1'"
        )
        with self.committed() as env:
            env["retail.outbox.command"]._gc_kept_events()
        self.assertEqual(self.command_states(), ["cancelled", "pending"])

    def test_what_was_held_while_it_was_resumed_is_not_forgotten(self):
        self.tell("S1")
        self.execute("UPDATE retail_outbox_command SET held = true")
        self.send()
        self.assertEqual(self.receiver.seen, [])
        self.sweep()
        self.send()
        self.assertEqual(self.told(), ["S1"])

    def test_replayed_events_keep_their_id_and_get_another_delivery(self):
        self.tell("S1", "S2", "S1")
        self.send()
        first = self.receiver.verified(self.secret)
        with self.committed() as env:
            wizard = env["retail.subscription.replay"].create(
                {"subscription_id": self.subscription_id}
            )
            wizard.happened_to = "2100-01-01"
            self.assertEqual(wizard.delivery_count, 3)
            wizard.action_replay()
        self.send()
        again = self.receiver.verified(self.secret)[3:]
        self.assertEqual(again, first)
        self.assertEqual(len(set(self.receiver.delivery_ids())), 6)

    def test_a_deleted_subscription_hears_nothing_more(self):
        self.tell("S1")
        self.act("unlink")
        self.send()
        self.assertEqual((self.receiver.seen, self.command_states()), ([], ["cancelled"]))
