import base64
import os
from datetime import datetime, timedelta, timezone
from unittest.mock import patch

from cryptography.fernet import Fernet
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass
from odoo.addons.retail_connector_base.tests.privacy import where_found

from .erasure import EMAIL, NAME, PHONE, WORDS, ErasureCase
from .orders import changed, customer, line, order


@tagged("post_install", "-at_install")
class TestErasure(ErasureCase):
    """Attack 18: a person is gone from every table, and nothing brings him back."""

    def leave_traces(self):
        """Let a customer leave what customers leave."""
        message = self.his_order()
        self.receive(self.person())
        self.receive(message)
        sale = self.sale_of(message)
        self.assertEqual(sale.partner_id.email, EMAIL)
        self.finish(sale)
        self.leave_words(sale)
        return message, sale

    def leave_words(self, sale):
        partner = sale.partner_id
        sale.message_post(body=f"{NAME} called", subject=NAME)
        partner.message_post(body="He is angry", author_id=partner.id, email_from=EMAIL)
        partner.write({"comment": f"<p>{NAME}</p>", "phone": PHONE})
        mail = {"email_to": EMAIL, "body_html": NAME, "subject": NAME, "email_from": EMAIL}
        self.env["mail.mail"].create(mail)
        for record in (sale, partner):
            self.env["ir.attachment"].create(
                {
                    "name": f"{NAME}.txt",
                    "raw": f"letter of {NAME}".encode(),
                    "res_model": record._name,
                    "res_id": record.id,
                }
            )
        problem = Problem(
            ErrorClass.DATA, "odd", NAME, title=f"{NAME} is odd", cause=f"Write to {EMAIL}",
            comparison=(("name", NAME, "x"),), fix_values={"name": NAME},
        )  # fmt: skip
        exception = self.env["retail.exception"]._report(self.backend, problem)
        exception.activity_schedule("mail.mail_activity_data_todo", summary=f"Call {NAME}")
        exception.message_post(body=f"It is {NAME} again")
        exception._close("resolved", "gone")  # its name goes into the audit
        self.env["retail.left.out"].create(
            {
                "backend_id": self.backend.id, "company_id": self.company.id, "kind": "customer",
                "external_id": EMAIL, "version": "1", "observed_at": "1", "content_hash": "x",
            }
        )  # fmt: skip
        self.env["retail.erasure"]._enqueue(self.env.user, "_job_carry_out", 0, description=NAME)
        self.env.cr.flush()
        self.env.cr.execute(
            "UPDATE queue_job SET state = 'failed', exc_info = %s WHERE name = %s", [EMAIL, NAME]
        )

    def test_no_table_holds_him_any_more(self):
        _message, sale = self.leave_traces()
        before = where_found(self.env, *WORDS)
        for place in ("res_partner.name", "retail_inbox_message.body", "mail_message.body",
                      "retail_exception.title", "retail_audit.res_display", "queue_job.exc_info",
                      "retail_order_binding.snapshot", "sale_order.note"):  # fmt: skip
            self.assertIn(place, before)
        request = self.erase()
        self.assertEqual(request.state, "done", request.waits_for)
        self.assertEqual(where_found(self.env, *WORDS), [])
        self.assertIn("Erased customer", sale.partner_id.name)
        self.assertFalse(sale.partner_id.active)
        self.assertEqual(sale.partner_id.country_id.code, "DE")
        self.assertEqual(sale.amount_total, 10)

    def test_replay_is_refused_and_a_late_copy_restores_nothing(self):
        message, sale = self.leave_traces()
        self.erase()
        stored = self.env["retail.inbox.message"].search([("entity_key", "=", message.entity_key)])
        with self.assertRaisesRegex(UserError, "cannot be replayed"):
            stored.with_user(self.operator).action_replay()
        for late in (message, changed(message, minutes=90_000), self.person(),
                     changed(self.person(), minutes=1, updated_at=message.updated_at)):  # fmt: skip
            again = self.receive(late)
            self.assertIn(again.state, ("done", "superseded", "ignored"))
            self.assertTrue(again.payload_dropped_at)
        self.assertEqual(where_found(self.env, *WORDS), [])
        self.assertEqual(self.sale_of(message), sale)

    def test_an_old_order_that_comes_for_the_first_time_has_no_person(self):
        self.leave_traces()
        self.erase()
        late = self.his_order()
        self.receive(late)
        sale = self.sale_of(late)
        self.assertTrue(sale)
        self.assertEqual(sale.partner_id, self.backend.guest_partner_id)
        self.assertEqual(sale.partner_shipping_id.country_id.code, "DE")
        self.assertEqual(where_found(self.env, *WORDS), [])

    def test_the_processor_treats_a_replay_of_a_blocked_copy(self):
        message = self.his_order()
        self.receive(self.person())
        blocked = self.store(message, state="blocked")
        request = self.erase()
        self.assertEqual(blocked.state, "ignored")
        self.assertTrue(blocked.payload_dropped_at)
        self.assertEqual(request.state, "done", request.waits_for)

    def test_who_buys_again_is_a_new_customer(self):
        _message, sale = self.leave_traces()
        self.erase()
        placed = datetime.now(timezone.utc) + timedelta(hours=1)
        new = self.his_order(placed_at=placed, updated_at=placed)
        self.receive(new)
        again = self.sale_of(new)
        self.assertEqual(again.partner_id.email, EMAIL)
        self.assertNotEqual(again.partner_id, sale.partner_id)
        told = changed(self.person(), updated_at=placed + timedelta(minutes=1))
        self.assertEqual(self.receive(told).state, "done")
        old = self.his_order()
        self.receive(old)
        self.assertEqual(self.sale_of(old).partner_id, self.backend.guest_partner_id)

    def test_a_message_in_the_queue_is_waited_for(self):
        self.leave_traces()
        late = self.store(self.his_order())
        request = self.erase()
        self.assertEqual(request.state, "waiting")
        self.assertIn("1", request.waits_for)
        self.process(late)
        request._carry_out()
        self.assertEqual(request.state, "done", request.waits_for)
        self.assertEqual(where_found(self.env, *WORDS), [])

    def test_goods_that_are_to_leave_are_waited_for(self):
        message = self.his_order()
        self.receive(message)
        request = self.erase()
        self.assertEqual(request.state, "waiting")
        self.assertIn(self.sale_of(message).name, request.waits_for)
        self.assertEqual(self.sale_of(message).partner_id.email, EMAIL)
        self.finish(self.sale_of(message))
        with freeze_time(fields.Datetime.now() + timedelta(days=2)):
            request._sweep()
            request._carry_out()
        self.assertEqual(request.state, "done")

    def test_what_nobody_reads_does_not_keep_him_either(self):
        self.leave_traces()
        self.erase()
        body = base64.b64encode(f'{{"contact": "{EMAIL.upper()}"}}'.encode())
        late = self.store(self.his_order(), state="unsupported", kind=False, body=body)
        other = self.store(
            self.his_order(), state="unsupported", kind=False, body=base64.b64encode(b"{}")
        )
        self.env["retail.erasure"]._sweep()
        self.assertEqual(late.state, "ignored")
        self.assertEqual((other.state, bool(other.body)), ("unsupported", True))
        self.assertEqual(where_found(self.env, EMAIL), [])

    def test_nothing_is_imported_while_nobody_can_tell_who_was_erased(self):
        self.leave_traces()
        self.erase()
        with patch.dict(os.environ, RETAIL_CONNECTOR_KEY=""):
            late = self.receive(self.his_order())
        self.assertEqual(late.state, "blocked")
        late._replay()
        self.process(late)
        self.assertEqual(late.state, "done", late.error)

    def test_the_marks_outlive_a_new_server_key(self):
        self.leave_traces()
        self.erase()
        old, new = os.environ["RETAIL_CONNECTOR_KEY"], Fernet.generate_key().decode()
        with patch.dict(os.environ, RETAIL_CONNECTOR_KEY=f"{new},{old}"):
            self.backend.credential_ids.action_reseal()
        with patch.dict(os.environ, RETAIL_CONNECTOR_KEY=new):
            self.assertEqual(self.receive(self.person()).state, "ignored")

    def test_strangers_keep_everything(self):
        self.leave_traces()
        person = customer("C78", email="other@example.org", last_name="Other")
        other = order(line("A"), total="10.00", customer=person, email="other@example.org")
        stored = self.receive(other)
        self.erase()
        self.assertEqual(self.sale_of(other).partner_id.email, "other@example.org")
        self.assertFalse(stored.payload_dropped_at and stored.payload_dropped_why == "erasure")

    def test_a_colleague_is_kept_and_told_of(self):
        _message, sale = self.leave_traces()
        self.operator.partner_id = sale.partner_id
        request = self.erase()
        self.assertEqual(sale.partner_id.email, EMAIL)
        self.assertIn("user of this database", str(request.line_ids.mapped("note")))

    def test_nothing_personal_enters_the_audit(self):
        self.leave_traces()
        self.erase()
        entries = self.env["retail.audit"].search([("action", "like", "privacy.")])
        self.assertTrue({"privacy.requested", "privacy.approved", "privacy.done"}
                        <= set(entries.mapped("action")))  # fmt: skip

    def test_an_unknown_person_is_done_at_once(self):
        request = self.erase(email="nobody@example.org")
        self.assertEqual(request.state, "done")
        self.assertEqual(where_found(self.env, "nobody@example.org"), [])
