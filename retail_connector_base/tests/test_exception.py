from decimal import Decimal

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..decisions.problem import Problem
from ..models.retail_exception_settle import WAITED_FOR, WAITED_FOR_AT_ALL
from ..providers.errors import ErrorClass
from .access import create_user
from .common import BackendCase
from .inbox import blocked_message


def problem(subject="1", error_class=ErrorClass.DATA, **values):
    """Return a problem that differs from others by its subject."""
    texts = {"code": "total_mismatch", "title": "Totals differ", "cause": "Look at the taxes."}
    return Problem(
        **{"error_class": error_class, "subject": subject, "fix": "retry", **texts, **values}
    )


class ExceptionCase(BackendCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = create_user(cls.env, "operator", login="retail-owner")
        cls.backend.owner_id = cls.owner
        cls.exceptions = cls.env["retail.exception"]

    def report(self, *args, messages=None, **values):
        return self.exceptions._report(self.backend, problem(*args, **values), messages)

    def finish(self, messages):
        messages._finish("done", "")
        self.exceptions._resolve_for(messages)


@tagged("post_install", "-at_install")
class TestReport(ExceptionCase):
    def test_same_problem_is_one_exception(self):
        currency = self.env.company.currency_id.name
        messages = [blocked_message(self.backend) for _ in range(3)]
        for message, amount in zip(messages, ("10.00", "20.00", "0.50"), strict=True):
            exception = self.report(messages=message, amount=Decimal(amount), currency=currency)
        self.assertEqual(exception.occurrence_count, 3)
        self.assertEqual(exception.inbox_message_count, 3)
        self.assertEqual(exception.amount_at_risk, 30.5)
        self.assertEqual(self.report("2").occurrence_count, 1)

    def test_problem_without_messages_counts_its_occurrences(self):
        self.report()
        self.assertEqual(self.report().occurrence_count, 2)

    def test_message_that_fails_again_counts_once(self):
        message = blocked_message(self.backend)
        for _ in range(3):
            exception = self.report(messages=message, amount=Decimal(5), currency="USD")
        self.assertEqual(exception.occurrence_count, 1)

    def test_amount_is_in_the_companys_currency(self):
        dinar = self.env.ref("base.BHD")
        rate = {"currency_id": dinar.id, "rate": 4, "name": fields.Date.today()}
        self.env["res.currency.rate"].create({**rate, "company_id": self.env.company.id})
        message = blocked_message(self.backend)
        exception = self.report(messages=message, amount=Decimal("10.000"), currency="BHD")
        self.assertEqual(exception.amount_at_risk, 2.5)

    def test_owner_is_told_once_and_without_mail(self):
        mails = self.env["mail.mail"].search_count([])
        exception = self.report()
        self.report()
        self.assertEqual(exception.owner_id, self.owner)
        self.assertEqual(exception.activity_ids.user_id, self.owner)
        self.assertEqual(len(exception.activity_ids), 1)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    def test_owner_without_a_role_does_not_stop_the_import(self):
        self.backend.owner_id = create_user(self.env, "internal")
        exception = self.report()
        self.assertEqual(exception.activity_ids.user_id, self.backend.owner_id)

    def test_number_of_queries_does_not_grow_with_the_messages(self):
        messages = self.env["retail.inbox.message"].union(
            *(blocked_message(self.backend) for _ in range(40))
        )
        self.report()
        self.env.flush_all()
        self.env.invalidate_all()
        reports = [(problem(), [message_id], Decimal(1)) for message_id in messages.ids]
        # Eight, and one of the payments where they are installed.
        with self.assertQueryCount(9):
            exceptions = self.exceptions._report_many(self.backend, reports)
            self.env.flush_all()
        self.assertEqual(exceptions[0].inbox_message_count, 40)

    def test_hostile_words_are_stored_and_escaped(self):
        script = "<script>alert(1)</script>\0\ud800"
        exception = self.report(
            script * 99,
            title=script * 99,
            cause=script * 999,
            comparison=((script, "<b>1</b>", "2"),),
            fix_values={script: [script, {"deep": script}]},
        )
        self.env.flush_all()
        self.assertNotIn("<script>", exception.comparison_html)
        self.assertNotIn("<b>1</b>", exception.comparison_html)
        self.assertIn("&lt;script&gt;", exception.comparison_html)

    def test_long_subjects_stay_apart(self):
        one, two = self.report("x" * 300 + "1"), self.report("x" * 300 + "2")
        self.assertNotEqual(one, two)


@tagged("post_install", "-at_install")
class TestResolve(ExceptionCase):
    def test_resolves_with_its_last_message_only(self):
        one, two = (blocked_message(self.backend) for _ in range(2))
        exception = self.report(messages=one | two)
        self.finish(one)
        self.assertEqual(exception.state, "open")
        self.finish(two)
        self.assertEqual(exception.state, "resolved")
        self.assertFalse(exception.activity_ids)

    def test_reopens_when_the_problem_comes_back(self):
        message = blocked_message(self.backend)
        exception = self.report(messages=message)
        self.finish(message)
        again = self.report(messages=blocked_message(self.backend), title="Totals differ again")
        self.assertEqual(again, exception)
        self.assertEqual((again.state, again.reopen_count), ("open", 1))
        self.assertEqual(again.title, "Totals differ again")
        self.assertFalse(again.resolution)

    def test_message_that_fails_for_another_reason_leaves_the_first(self):
        message = blocked_message(self.backend)
        first = self.report("first", messages=message)
        second = self.report("second", messages=message)
        self.assertEqual((first.state, second.state), ("resolved", "open"))

    def test_sweep_makes_good_what_transactions_did_not_see(self):
        message, other = (blocked_message(self.backend) for _ in range(2))
        stale, solved = self.report("stale", messages=message), self.report("2", messages=other)
        message._finish("done", "")
        solved._close("resolved", "too early")
        self.exceptions._sweep()
        self.assertEqual((stale.state, solved.state), ("resolved", "open"))

    def test_problem_without_messages_is_solved_by_name(self):
        exception = self.report("poll")
        self.exceptions._sweep()
        self.assertEqual(exception.state, "open")
        self.exceptions._solved(self.backend, [exception.fingerprint])
        self.assertEqual(exception.state, "resolved")


@tagged("post_install", "-at_install")
class TestDecide(ExceptionCase):
    def test_operator_retries(self):
        message = blocked_message(self.backend)
        exception = self.report(messages=message, error_class=ErrorClass.FINANCE)
        exception.with_user(self.owner).action_retry()
        self.assertEqual(message.state, "received")
        entry = self.env["retail.audit"].search([("action", "=", "exception.retried")], limit=1)
        self.assertEqual((entry.user_id, entry.res_id), (self.owner, exception.id))

    def test_finished_messages_are_not_replayed(self):
        done, blocked = blocked_message(self.backend), blocked_message(self.backend)
        exception = self.report(messages=done | blocked)
        done._finish("done", "")
        exception.action_retry()
        self.assertEqual((done.state, blocked.state), ("done", "received"))

    def test_dismissal_ignores_the_messages_and_keeps_the_reason(self):
        message = blocked_message(self.backend)
        exception = self.report(messages=message)
        exception.with_user(self.owner).action_dismiss(" test order ")
        self.assertEqual((exception.state, message.state), ("dismissed", "ignored"))
        self.assertEqual(exception.resolution, "test order")
        self.assertEqual(exception.resolved_by_id, self.owner)
        entry = self.env["retail.audit"].search([("action", "=", "exception.dismissed")], limit=1)
        self.assertEqual(entry.detail["note"], "test order")

    def test_dismissal_needs_a_reason(self):
        exception = self.report()
        for reason in ("", "  ", None, False):
            with self.assertRaises(UserError):
                exception.action_dismiss(reason)

    def test_finance_is_decided_by_accountants_alone(self):
        exception = self.report(error_class=ErrorClass.FINANCE, fix="open_backend")
        for role in ("operator", "administrator", "auditor"):
            found = exception.with_user(create_user(self.env, role))
            with self.assertRaises(AccessError):
                found.action_fix()
            with self.assertRaises(AccessError):
                found.action_dismiss("go away")
            self.assertFalse(found.may_fix or found.may_dismiss)
        found = exception.with_user(create_user(self.env, "accountant"))
        self.assertTrue(found.may_fix and found.may_dismiss)
        self.assertEqual(found.action_fix()["res_model"], "retail.backend")

    def test_money_at_risk_takes_more_than_an_operator(self):
        message = blocked_message(self.backend)
        currency = self.env.company.currency_id.name
        exception = self.report(messages=message, amount=Decimal(99), currency=currency)
        with self.assertRaises(AccessError):
            exception.with_user(self.owner).action_dismiss("go away")
        exception.with_user(create_user(self.env, "accountant")).action_dismiss("paid in cash")

    def test_auditor_changes_nothing(self):
        exception = self.report().with_user(create_user(self.env, "auditor"))
        self.assertTrue(exception.title)
        for act in (exception.action_retry, exception.action_take, exception.action_open_dismiss):
            with self.assertRaises(AccessError):
                act()
        with self.assertRaises(AccessError):
            exception.write({"state": "resolved"})

    def test_operator_takes_it_and_talks_about_it(self):
        exception = self.report().with_user(self.owner)
        exception.action_take()
        exception.message_post(body="I ask the shop.")
        self.assertEqual(exception.owner_id, self.owner)

    def test_unknown_fix_says_so(self):
        exception = self.report(fix="unlink")
        with self.assertRaises(UserError):
            exception.action_fix()
        self.assertTrue(exception.exists())

    def test_credential_fix_opens_its_form(self):
        exception = self.report(fix="set_credential", fix_values={"name": "secret"})
        self.assertEqual(exception.action_fix()["res_model"], "retail.credential")

    def test_dismissed_problem_comes_back_with_the_next_message(self):
        exception = self.report()
        exception.action_dismiss("once")
        self.report(messages=blocked_message(self.backend))
        self.assertEqual(exception.state, "open")


@tagged("post_install", "-at_install")
class TestHistory(ExceptionCase):
    def test_history_does_not_slow_down_the_question_what_waits(self):
        """A thousand messages that came through, one that waits: the index holds the one."""
        exception = self.report(messages=blocked_message(self.backend))
        self.env.flush_all()
        self.env.cr.execute(
            """
            INSERT INTO retail_inbox_message (backend_id, company_id, source, topic, event_id,
                   entity_key, lane, state, body_hash, received_at, correlation_id, exception_id)
            SELECT %s, %s, 'webhook', 't', n::text, n::text, 0, 'done', '', now(), n::text, %s
              FROM generate_series(1, 1000) n
            """,
            [self.backend.id, self.backend.company_id.id, exception.id],
        )
        self.env.cr.execute("ANALYZE retail_inbox_message")
        for query, parameters in ((WAITED_FOR, [exception.ids]), (WAITED_FOR_AT_ALL, None)):
            self.env.cr.execute("EXPLAIN " + query, parameters)
            plan = "\n".join(row[0] for row in self.env.cr.fetchall())
            self.assertIn("retail_inbox_message_open_exception_index", plan)
