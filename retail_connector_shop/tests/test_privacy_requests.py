import base64
from datetime import timedelta
from uuid import uuid4

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.retail_connector_base.canonical import PrivacyRequest
from odoo.addons.retail_connector_base.decisions.outcome import InboundItem
from odoo.addons.retail_connector_base.tests.privacy import where_found

from .erasure import EMAIL, NAME, WORDS, ErasureCase


@tagged("post_install", "-at_install")
class TestDuties(ErasureCase):
    def test_nobody_approves_his_own_request(self):
        wizard = self.env["retail.erasure.request"].with_user(self.administrator)
        action = wizard.create(
            {"reason": "x", "company_id": self.company.id, "email": EMAIL}
        ).action_request()
        request = self.env["retail.erasure"].browse(action["res_id"])
        self.assertFalse(request.with_user(self.administrator).may_approve)
        with self.assertRaises(AccessError):
            request.with_user(self.administrator).action_approve()
        self.assertEqual(request.state, "requested")

    def test_operators_and_auditors_do_not_decide(self):
        request = self.request()
        for user in (self.operator, self.auditor):
            for act in ("action_approve", "action_refuse", "action_run_again", "action_download"):
                with self.subTest(login=user.login, act=act), self.assertRaises(AccessError):
                    getattr(request.with_user(user), act)()
        with self.assertRaises(AccessError):
            self.env["retail.erasure.request"].with_user(self.auditor).create({"reason": "x"})

    def test_nobody_writes_a_request_by_hand(self):
        request = self.request()
        for user in (self.operator, self.administrator, self.auditor):
            with self.assertRaises(AccessError):
                request.with_user(user).write({"state": "approved"})
            with self.assertRaises(AccessError):
                request.with_user(user).unlink()
            with self.assertRaises(AccessError):
                request.with_user(user).create({"type": "erase", "company_id": self.company.id})

    def test_operators_see_the_person_masked(self):
        request = self.request().with_user(self.operator)
        self.assertNotIn(EMAIL, request.subject_masked)
        for name in ("email", "found", "found_text", "export_file"):
            with self.assertRaises(AccessError):
                request.read([name])
        self.assertNotIn(EMAIL, str(request.read()))

    def test_what_was_typed_is_forgotten(self):
        request = self.request()
        self.assertFalse(self.env["retail.erasure.request"].sudo().search([]))
        request.with_user(self.administrator).action_refuse()
        self.assertEqual(request.state, "refused")
        self.assertFalse(request.email)

    def test_the_approver_sees_what_was_found(self):
        self.receive(self.his_order())
        request = self.request()
        self.assertIn(NAME, request.with_user(self.administrator).found_text)

    def test_ids_need_their_backend(self):
        with self.assertRaises(UserError):
            self.request(email=False, customer_external_id="C77")
        with self.assertRaises(UserError):
            self.request(email=False)

    def test_data_are_handed_over_to_administrators_only(self):
        self.receive(self.his_order())
        request = self.request(type="access")
        request.with_user(self.administrator).action_approve()
        request._carry_out()
        self.assertEqual(request.state, "done")
        text = base64.b64decode(request.with_user(self.administrator).export_file).decode()
        self.assertIn(NAME, text)
        request.with_user(self.administrator).action_download()
        self.assertFalse(request.email)
        with self.assertRaises(AccessError):
            request.with_user(self.operator).read(["export_file"])
        file = self.env["ir.attachment"].search(
            [("res_model", "=", "retail.erasure"), ("res_field", "=", "export_file"),
             ("res_id", "=", request.id)]
        )  # fmt: skip
        for user in (self.operator, self.auditor):
            with self.assertRaises(AccessError):
                file.with_user(user).read(["raw"])


@tagged("post_install", "-at_install")
class TestChannelRequest(ErasureCase):
    def ask(self, type="redact", **values):
        message = PrivacyRequest(
            external_id=str(uuid4()), type=type,
            **{"customer_external_id": "C77", "email": EMAIL, **values},
        )  # fmt: skip
        stored = self.receive(message)
        self.assertEqual(stored.state, "done", stored.error)
        return self.env["retail.erasure"].search([("message_id", "=", stored.id)])

    def test_a_person_is_erased_without_an_approval(self):
        message = self.his_order()
        self.receive(message)
        self.finish(self.sale_of(message))
        request = self.ask()
        self.assertEqual((request.state, request.approved_how), ("approved", "backend"))
        request._carry_out()
        self.assertEqual(request.state, "done", request.waits_for)
        self.assertEqual(where_found(self.env, *WORDS), [])

    def test_a_policy_lets_it_rest_or_asks_a_person(self):
        self.backend.erasure_after_days = 5
        request = self.ask()
        self.assertEqual(request.state, "approved")
        self.assertGreater(request.next_run_at, fields.Datetime.now() + timedelta(days=4))
        self.backend.erasure_by_itself = False
        request = self.ask()
        self.assertEqual(request.state, "requested")
        self.assertTrue(request.activity_ids)
        request.with_user(self.administrator).action_approve()
        self.assertEqual(request.state, "approved")

    def test_a_shop_is_never_erased_by_itself(self):
        request = self.ask("shop_redact", customer_external_id=None, email=None)
        self.assertEqual((request.type, request.state), ("shop", "requested"))

    def test_a_shop_that_is_erased_has_no_customers(self):
        message = self.his_order()
        stored = self.receive(message)
        self.finish(self.sale_of(message))
        request = self.ask("shop_redact", customer_external_id=None, email=None)
        request.with_user(self.administrator).action_approve()
        request._carry_out()
        self.assertEqual(request.state, "done", request.waits_for)
        self.assertTrue(stored.payload_dropped_at)
        self.assertEqual(where_found(self.env, *WORDS), [])

    def test_a_customer_whom_another_channel_knows_is_kept(self):
        message = self.his_order()
        self.receive(message)
        self.finish(self.sale_of(message))
        partner = self.sale_of(message).partner_id
        other = self.backend.copy({"name": "Other"})
        self.env["retail.partner.binding"].create(
            {"backend_id": other.id, "external_id": "X", "odoo_id": partner.id, "email": EMAIL}
        )
        partner.message_post(body="Wants his parcels on Mondays", email_from=EMAIL)
        request = self.ask()
        request._carry_out()
        self.assertEqual(partner.email, EMAIL)
        self.assertEqual(
            partner.retail_binding_ids.filtered(lambda b: b.external_id == "X").email, EMAIL
        )
        self.assertIn("Mondays", str(partner.message_ids.mapped("body")))
        self.assertIn("Another channel", str(request.line_ids.mapped("note")))
        self.assertFalse(self.binding(message).snapshot["email"])

    def test_the_same_message_makes_one_request(self):
        request = self.ask()
        importer = self.env["retail.importer.privacy_request"]
        stored = request.message_id
        item = InboundItem(
            stored.id, PrivacyRequest(external_id="1", type="redact"), "t", 0, "h", "c"
        )
        importer._import_batch(self.backend, [item])
        self.assertEqual(
            self.env["retail.erasure"].search_count([("message_id", "=", stored.id)]), 1
        )
