import base64
import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .access import create_user
from .common import BackendCase, create_backend


@tagged("post_install", "-at_install")
class TestConfigGovernance(BackendCase):
    """Versions with who and why, four eyes, and files between environments."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna = create_user(cls.env, "administrator", login="anna")
        cls.bert = create_user(cls.env, "administrator", login="bert")
        cls.uom = cls.env.ref("uom.product_uom_dozen")
        cls.mapping = cls.env["retail.mapping"].create(
            {"backend_id": cls.backend.id, "kind": "uom", "external_key": "DZ"}
        )
        cls.env.cr.precommit.clear()
        cls.env.cr.precommit.data.clear()

    def _commit(self):
        self.env.cr.flush()

    def _map(self, user, **values):
        mapping = self.mapping.with_user(user)
        mapping.write({"uom_id": self.uom.id, **values})
        self._commit()
        return mapping

    def _versions(self, backend=None):
        wanted = [("backend_id", "=", (backend or self.backend).id)]
        return self.env["retail.config.version"].search(wanted, order="number")

    def _exported(self, backend):
        wizard = self.env["retail.config.export"].create({"backend_id": backend.id})
        return json.loads(base64.b64decode(wizard.file))

    def _import(self, backend, content, user=None, reason="From test"):
        wizards = self.env["retail.config.import"].with_user(user or self.anna)
        wizard = wizards.create({"backend_id": backend.id, "reason": reason})
        wizard.file = base64.b64encode(
            content if isinstance(content, bytes) else json.dumps(content).encode()
        )
        wizard.action_compare()
        return wizard

    # Versions

    def test_a_change_is_a_version_with_who_and_why(self):
        self._map(self.anna, change_reason="The new supplier counts in dozens")
        found, version = self._versions()
        self.assertEqual(found.origin, "found")
        self.assertEqual(version.user_id, self.anna)
        self.assertEqual(version.reason, "The new supplier counts in dozens")
        self.assertEqual(version.change_count, 1)
        self.assertIn("mapping/uom/dz", version.changes_html)

    def test_what_changes_nothing_is_no_version(self):
        self._map(self.anna)
        before = len(self._versions())
        self._map(self.anna)
        self.assertEqual(len(self._versions()), before)

    def test_nobody_changes_or_deletes_a_version(self):
        self._map(self.anna)
        version = self._versions()[-1]
        with self.assertRaises(AccessError):
            version.reason = "Something else"
        with self.assertRaises(AccessError):
            version.unlink()

    def test_a_version_can_be_gone_back_to(self):
        self._map(self.anna)
        action = self._versions()[0].with_user(self.bert).action_restore()
        wizard = self.env["retail.config.import"].with_user(self.bert).browse(action["res_id"])
        self.assertEqual(wizard.line_ids.mapped("field"), ["uom_id"])
        wizard.action_apply()
        self._commit()
        self.assertFalse(self.mapping.uom_id)
        self.assertEqual(self._versions()[-1].origin, "import")

    def test_pausing_a_flow_is_no_change_of_configuration(self):
        self.backend.flow_ids[0].with_user(self.anna).paused = True
        self._commit()
        self.assertFalse(self._versions())

    # Reasons and approval

    def test_without_a_reason_nothing_is_changed_where_one_is_wanted(self):
        self.backend.config_policy = "reason"
        with self.assertRaises(UserError):
            self._map(self.anna)
        self._map(self.anna, change_reason="Because")
        self.assertTrue(self.mapping.uom_id)

    def test_settings_in_the_backends_form_are_changed_for_its_reason(self):
        self.backend.config_policy = "reason"
        setting = self.backend.setting_ids[0]
        self.backend.with_user(self.anna).write(
            {"change_reason": "Moved", "setting_ids": [(1, setting.id, {"value": "new"})]}
        )
        self.assertEqual(setting.value, "new")

    def test_a_change_waits_for_a_second_person(self):
        self.backend.config_policy = "approve"
        self._map(self.anna, change_reason="Dozens")
        self.assertFalse(self.mapping.uom_id)
        change = self.env["retail.config.change"].search([("backend_id", "=", self.backend.id)])
        with self.assertRaises(AccessError):
            change.with_user(self.anna).action_approve()
        change.with_user(self.bert).action_approve()
        self._commit()
        self.assertEqual(self.mapping.uom_id, self.uom)
        version = self._versions()[-1]
        self.assertEqual((version.user_id, version.approved_by_id), (self.anna, self.bert))
        self.assertEqual(version.origin, "approval")

    def test_the_policy_itself_cannot_be_softened_alone(self):
        self.backend.config_policy = "approve"
        self.backend.with_user(self.anna).write(
            {"config_policy": "open", "change_reason": "Quicker"}
        )
        self.assertEqual(self.backend.config_policy, "approve")

    def test_the_wizard_that_maps_waits_as_well(self):
        self.backend.config_policy = "approve"
        wizard = (
            self.env["retail.mapping.wizard"]
            .with_user(self.anna)
            .create({"mapping_id": self.mapping.id, "uom_id": self.uom.id, "reason": "Dozens"})
        )
        wizard.action_apply()
        self.assertFalse(self.mapping.uom_id)
        self.assertEqual(self.backend.config_waiting_count, 1)

    def test_a_change_that_starts_from_something_else_is_not_applied(self):
        self.backend.config_policy = "approve"
        self._map(self.anna, change_reason="Dozens")
        change = self.env["retail.config.change"].search([("backend_id", "=", self.backend.id)])
        self.mapping.sudo().uom_id = self.env.ref("uom.product_uom_kgm")
        with self.assertRaises(UserError):
            change.with_user(self.bert).action_approve()
        self.assertEqual(change.state, "proposed")
        change.with_user(self.bert).action_reject()
        self.assertEqual(change.state, "rejected")

    def test_operators_and_auditors_decide_nothing(self):
        self.backend.config_policy = "approve"
        self._map(self.anna, change_reason="Dozens")
        change = self.env["retail.config.change"].search([("backend_id", "=", self.backend.id)])
        for role in ("operator", "auditor"):
            user = create_user(self.env, role, login=f"{role}-config")
            with self.assertRaises(AccessError):
                change.with_user(user).action_approve()

    # Files

    def test_a_file_leads_another_backend_to_the_same_configuration(self):
        self._map(self.anna)
        self.backend.lane_count = 7
        twin = create_backend(self.env, name="Twin")
        wizard = self._import(twin, self._exported(self.backend))
        self.assertFalse(wizard.line_ids.filtered("problem"))
        wizard.action_apply()
        self._commit()
        self.assertEqual(twin.lane_count, 7)
        twin.invalidate_recordset()
        self.assertEqual(twin.mapping_ids.uom_id, self.uom)
        self.assertEqual(self._versions(twin)[-1].reason, "From test")
        again = self._import(twin, self._exported(self.backend))
        self.assertFalse(again.line_ids.filtered("chosen"))

    def test_a_file_holds_no_secret(self):
        self.backend.credential_ids[0].secret_input = "canary-of-exports-1234567890"
        text = json.dumps(self._exported(self.backend))
        self.assertNotIn("canary", text)
        self.assertNotIn("ciphertext", text)

    def test_settings_of_one_environment_are_not_taken_over_unasked(self):
        twin = create_backend(self.env, name="Twin")
        self.backend.setting_ids[0].value = "production"
        wizard = self._import(twin, self._exported(self.backend))
        line = wizard.line_ids.filtered(lambda each: each.item.startswith("setting/"))
        self.assertEqual((line.after, line.chosen), ("production", False))

    def test_what_does_not_exist_here_is_said_and_cannot_be_taken_over(self):
        content = self._exported(self.backend)
        unit = {"model": "uom.uom", "name": "Bushel"}
        content["items"]["mapping/uom/bu"] = {"uom_id": unit}
        content["items"]["flow/planets/in"] = {"interval": 5}
        wizard = self._import(self.backend, content)
        problems = dict(wizard.line_ids.mapped(lambda line: (line.item, line.problem)))
        self.assertIn("Bushel", problems["mapping/uom/bu"])
        self.assertTrue(problems["flow/planets/in"])
        wizard.line_ids.chosen = True
        with self.assertRaises(UserError):
            wizard.action_apply()

    def test_a_file_that_is_none_is_refused_in_words(self):
        for content in (b"", b"{", b"[]", b'{"format": "x"}', b"[" * 100_000, b"\xff\xfe"):
            with self.assertRaises(UserError, msg=content[:20]):
                self._import(self.backend, content)

    def test_only_what_is_configuration_can_be_imported(self):
        content = self._exported(self.backend)
        content["items"]["policy/backend"] = {"key": "mine", "user_id": None, "provider": "x"}
        wizard = self._import(self.backend, content)
        chosen = wizard.line_ids.filtered("chosen")
        self.assertFalse(chosen.filtered(lambda line: line.item == "policy/backend"))

    def test_an_operator_imports_nothing(self):
        operator = create_user(self.env, "operator", login="operator-import")
        with self.assertRaises(AccessError):
            self._import(self.backend, self._exported(self.backend), user=operator)
