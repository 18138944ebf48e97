from odoo.exceptions import AccessError
from odoo.tests import tagged

from .access import create_user
from .common import BackendCase


@tagged("post_install", "-at_install")
class TestAudit(BackendCase):
    def test_entry_tells_who_did_what_to_which_document(self):
        user = create_user(self.env, "administrator")
        audit = self.env["retail.audit"].with_user(user)
        entry = audit._log("backend.paused", self.backend, detail={"why": "stock count"})
        self.assertEqual(entry.user_id, user)
        self.assertEqual(entry.backend_id, self.backend)
        self.assertEqual(entry.company_id, self.backend.company_id)
        self.assertEqual((entry.res_model, entry.res_id), ("retail.backend", self.backend.id))
        self.assertEqual(entry.res_display, self.backend.display_name)
        self.assertEqual(entry.detail_text, "why: stock count")

    def test_several_records_leave_an_entry_each(self):
        mappings = self.env["retail.mapping"].create(
            {"backend_id": self.backend.id, "kind": "tax", "external_key": key} for key in "ab"
        )
        self.assertEqual(len(self.env["retail.audit"]._log("x", mappings)), 2)

    def test_secrets_do_not_enter(self):
        detail = {"token": "abcdefgh", "header": "Bearer abcdefgh", "label": "Alice"}
        entry = self.env["retail.audit"]._log("x", self.backend, detail=detail)
        self.assertNotIn("abcdefgh", str(entry.detail))
        self.assertEqual(entry.detail["label"], "Alice")

    def test_nobody_writes_it_not_even_the_superuser(self):
        entry = self.env["retail.audit"]._log("x", self.backend)
        values = {"action": "forged", "user_id": 1, "company_id": self.env.company.id}
        for audit in (entry, entry.sudo(), entry.with_user(create_user(self.env, "administrator"))):
            with self.assertRaises(AccessError):
                audit.create(values)
            with self.assertRaises(AccessError):
                audit.write({"action": "forged"})
            with self.assertRaises(AccessError):
                audit.unlink()
            with self.assertRaises(AccessError):
                audit.copy()

    def test_auditors_read_and_operators_do_not(self):
        entry = self.env["retail.audit"]._log("x", self.backend)
        entry.with_user(create_user(self.env, "auditor")).read(["action"])
        for role in ("operator", "accountant"):
            with self.assertRaises(AccessError):
                entry.with_user(create_user(self.env, role)).read(["action"])
