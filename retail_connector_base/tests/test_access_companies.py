from odoo.exceptions import AccessError
from odoo.tests import tagged

from .access import ROLES, create_user, stored_models
from .common import BackendCase, create_backend
from .inbox import blocked_message
from .outbox import fulfill
from .test_exception import problem

# Vocabulary of the code itself: the same for all companies, and nobody changes it.
SHARED = ("retail.api.scope",)


@tagged("post_install", "-at_install")
class TestCompanies(BackendCase):
    """Attack 10: people of company A reach for what is company B's, on every model."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Company B"})
        cls.theirs = create_backend(cls.env, name="B", company_id=cls.other.id)
        cls.message = blocked_message(cls.theirs)
        exceptions = cls.env["retail.exception"]
        cls.exception = exceptions._report(cls.theirs, problem(), cls.message)
        cls.mapping = cls.env["retail.mapping"].create(
            {"backend_id": cls.theirs.id, "kind": "tax", "external_key": "VAT"}
        )
        cls.env["retail.tombstone"]._bury(cls.theirs, "order", {"1": 1})
        cls.env["retail.brand"].create({"name": "B", "company_id": cls.other.id})
        cls.env["retail.audit"]._log("x", cls.theirs)
        cls.command = cls.env["retail.outbox.command"]._put(cls.theirs, fulfill(), "k1")
        cls.users = [create_user(cls.env, role) for role in ROLES]

    def _company_models(self):
        return [name for name in stored_models(self.env) if "company_id" in self.env[name]._fields]

    def _their_records(self, name):
        return self.env[name].sudo().search([("company_id", "=", self.other.id)])

    def test_every_model_belongs_to_a_company(self):
        owned = [name for name in stored_models(self.env) if name not in SHARED]
        self.assertEqual(self._company_models(), owned)

    def test_every_model_has_a_company_rule(self):
        for name in self._company_models():
            rules = self.env["ir.rule"].search([("model_id.model", "=", name)])
            with self.subTest(model=name):
                self.assertTrue(
                    any(rule["global"] and "company" in rule.domain_force for rule in rules)
                )

    def test_nobody_sees_or_changes_another_companys_records(self):
        for name in self._company_models():
            records = self._their_records(name)
            for user in self.users:
                found = records.with_user(user)
                with self.subTest(model=name, login=user.login):
                    self.assertFalse(found.has_access("read") and found)
                    if found.browse().has_access("read"):
                        self.assertFalse(found.search([("id", "in", records.ids)]))

    def test_fixtures_cover_most_models(self):
        covered = [name for name in self._company_models() if self._their_records(name)]
        for name in (
            "backend",
            "brand",
            "credential",
            "exception",
            "flow",
            "inbox.message",
            "outbox.command",
            "mapping",
            "setting",
            "tombstone",
            "audit",
        ):
            self.assertIn(f"retail.{name}", covered)

    def test_their_buttons_are_refused(self):
        for user in self.users:
            exception, backend = self.exception.with_user(user), self.theirs.with_user(user)
            acts = [
                exception.action_fix,
                exception.action_retry,
                exception.action_take,
                lambda exception=exception: exception.action_dismiss("mine now"),
                backend.action_pause,
                self.command.with_user(user).action_send_again,
                lambda user=user: self.command.with_user(user).action_cancel("mine now"),
                self.mapping.with_user(user).action_map,
                self.theirs.credential_ids.with_user(user).action_forget_previous,
            ]
            for act in acts:
                with self.subTest(login=user.login, act=str(act)), self.assertRaises(AccessError):
                    act()
        self.assertEqual((self.exception.state, self.message.state), ("open", "blocked"))

    def test_their_chatter_and_attachments_are_refused(self):
        note = self.exception.message_post(body="B only")
        attachment = self.env["ir.attachment"].create(
            {
                "name": "b.txt",
                "raw": b"B",
                "res_model": "retail.exception",
                "res_id": self.exception.id,
            }
        )
        for user in self.users:
            for record in (note, attachment):
                with self.subTest(login=user.login), self.assertRaises(AccessError):
                    record.with_user(user).read()

    def test_their_exports_are_refused(self):
        for user in self.users:
            user.group_ids += self.env.ref("base.group_allow_export")
            with self.subTest(login=user.login), self.assertRaises(AccessError):
                self.exception.with_user(user).export_data(["title"])

    def test_wizards_do_not_show_their_words(self):
        user = self.users[ROLES.index("administrator")]
        with self.assertRaises(AccessError):
            wizard = (
                self.env["retail.mapping.wizard"]
                .with_user(user)
                .create({"mapping_id": self.mapping.id})
            )
            wizard.read(["external_label", "kind"])
        dismissals = self.env["retail.exception.dismiss"].with_user(user)
        with self.assertRaises(AccessError):
            dismissals.create({"exception_ids": [(6, 0, self.exception.ids)], "reason": "mine"})
