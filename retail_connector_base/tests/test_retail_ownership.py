from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..decisions.ownership import Owner, Policy
from ..decisions.ownership_table import GROUPS, PRESETS
from .access import create_user
from .common import BackendCase, create_backend


@tagged("post_install", "-at_install")
class TestRetailOwnership(BackendCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pim = create_backend(cls.env, name="PIM")
        cls.other = create_backend(cls.env, name="Other PIM")

    def preset(self, backend, code):
        wizard = self.env["retail.ownership.preset"].create(
            {"backend_id": backend.id, "preset": code}
        )
        return wizard

    def rule(self, backend, domain, group, field=""):
        return self.env["retail.ownership"]._rules(backend, domain)(group, field)

    def test_a_new_backend_owns_nothing(self):
        rows = self.pim.ownership_ids
        self.assertEqual(len(rows), len(GROUPS))
        self.assertEqual(set(rows.mapped("owner")), {"odoo"})
        self.assertFalse(any(row.problem for row in rows))

    def test_missing_rows_are_added_once(self):
        self.pim.ownership_ids[0].unlink()
        self.env["retail.ownership"]._add_missing(self.pim)
        self.env["retail.ownership"]._add_missing(self.pim)
        self.assertEqual(len(self.pim.ownership_ids), len(GROUPS))

    def test_two_owners_are_an_error_that_names_both(self):
        self.pim._set_owner("product", "content", "channel")
        with self.assertRaisesRegex(ValidationError, "Other PIM and PIM"):
            self.other._set_owner("product", "content", "channel")

    def test_two_owners_with_an_order_are_no_error(self):
        self.pim._set_owner("product", "content", "channel")
        self.pim._ownership("product", "content").rank = 1
        self.other._ownership("product", "content").write({"owner": "channel", "rank": 2})
        superiors = self.env["retail.ownership"]._superiors(self.other, "product")
        self.assertEqual(superiors["content"], self.pim)
        self.assertFalse(self.env["retail.ownership"]._superiors(self.pim, "product")["content"])
        with self.assertRaises(ValidationError):
            self.other._ownership("product", "content").rank = 1

    def test_another_company_has_owners_of_its_own(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        theirs = create_backend(self.env, name="Theirs", company_id=company.id)
        self.pim._set_owner("product", "content", "channel")
        theirs._set_owner("product", "content", "channel")
        self.assertIs(self.rule(theirs, "product", "content").owner, Owner.CHANNEL)

    def test_an_archived_owner_owns_nothing_and_comes_back_only_when_nobody_else_does(self):
        self.pim._set_owner("product", "content", "channel")
        self.pim.active = False
        self.assertIs(self.rule(self.other, "product", "content").owner, Owner.ODOO)
        self.other._set_owner("product", "content", "channel")
        with self.assertRaises(ValidationError):
            self.pim.active = True

    def test_what_another_system_owns_is_owned_elsewhere(self):
        self.pim._set_owner("product", "content", "channel")
        self.assertIs(self.rule(self.other, "product", "content").owner, Owner.ELSEWHERE)
        self.assertIs(self.rule(self.other, "product", "identity").owner, Owner.ODOO)
        self.assertIs(self.rule(self.pim, "product", "content").owner, Owner.CHANNEL)

    def test_one_field_may_have_another_owner(self):
        self.pim._set_owner("product", "content", "channel")
        row = self.pim._ownership("product", "content")
        row.action_split()
        self.assertTrue(row.is_split)
        self.pim._ownership("product", "content", "tags").owner = "odoo"
        self.assertIs(self.rule(self.pim, "product", "content", "tags").owner, Owner.ODOO)
        self.assertIs(self.rule(self.pim, "product", "content", "title").owner, Owner.CHANNEL)
        row.action_join()
        self.assertFalse(row.is_split)
        self.assertIs(self.rule(self.pim, "product", "content", "tags").owner, Owner.CHANNEL)

    def test_a_change_is_in_the_audit_trail(self):
        self.pim._set_owner("price", "price", "channel", "ask")
        entry = self.env["retail.audit"].search([("action", "=", "ownership.changed")], limit=1)
        self.assertEqual(entry.backend_id, self.pim)
        self.assertEqual(entry.detail["from"], "odoo / owner_wins")
        self.assertEqual(entry.detail["to"], "channel / ask")

    # Presets

    def test_a_preset_shows_what_would_change_before(self):
        wizard = self.preset(self.pim, "pim")
        self.assertIn("Products: Content", wizard.changes_html)
        self.assertNotIn("Prices", wizard.changes_html)
        self.assertFalse(self.pim._owns("product", "content"))
        wizard.action_apply()
        self.assertTrue(self.pim._owns("product", "content"))
        self.assertFalse(self.pim._owns("price", "price"))
        self.assertFalse(wizard._changes())
        with self.assertRaises(UserError):
            wizard.action_apply()

    def test_every_preset_can_be_applied_and_taken_back(self):
        for preset in PRESETS:
            wizard = self.preset(self.pim, preset.code)
            if wizard.has_changes:
                wizard.action_apply()
            for row in self.pim.ownership_ids:
                owner, policy = preset.entry((row.domain, row.field_group))
                self.assertEqual((row.owner, row.policy), (owner.value, policy.value))

    def test_a_preset_that_makes_two_owners_says_so_and_changes_nothing(self):
        self.preset(self.pim, "pim").action_apply()
        wizard = self.preset(self.other, "pim")
        self.assertIn("PIM owns it", wizard.conflict)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            wizard.action_apply()
        self.other.invalidate_recordset()
        self.assertFalse(self.other._owns("product", "content"))

    # People

    def test_only_an_administrator_decides(self):
        row = self.pim._ownership("product", "content")
        for role in ("operator", "accountant", "auditor"):
            user = create_user(self.env, role)
            with self.subTest(role=role):
                with self.assertRaises(AccessError):
                    row.with_user(user).write({"owner": "channel"})
                with self.assertRaises(AccessError):
                    row.with_user(user).action_split()
                with self.assertRaises(AccessError):
                    self.pim.with_user(user).action_open_presets()

    def test_nobody_moves_a_row_to_another_group(self):
        administrator = create_user(self.env, "administrator")
        row = self.pim._ownership("product", "content").with_user(administrator)
        row.owner = "channel"
        with self.assertRaises(AccessError):
            row.write({"field_group": "identity"})

    def test_a_policy_of_a_group_is_what_its_domain_starts_with(self):
        self.assertIs(self.rule(self.pim, "customer", "contact").policy, Policy.NEWEST_WINS)
        self.assertIs(self.rule(self.pim, "product", "content").policy, Policy.OWNER_WINS)

    # Governance

    def test_a_change_waits_for_a_second_person_where_the_backend_says_so(self):
        self.pim.config_policy = "approve"
        administrator = create_user(self.env, "administrator")
        row = self.pim._ownership("product", "content").with_user(administrator)
        with self.assertRaises(UserError):
            row.write({"owner": "channel"})
        row.write({"owner": "channel", "change_reason": "We have a PIM now."})
        self.assertEqual(row.owner, "odoo")
        self.assertTrue(self.pim.config_change_ids)

    def test_a_preset_waits_as_well(self):
        self.pim.config_policy = "approve"
        administrator = create_user(self.env, "administrator")
        wizard = self.preset(self.pim, "pim").with_user(administrator)
        wizard.reason = "We have a PIM now."
        wizard.action_apply()
        self.assertFalse(self.pim._owns("product", "content"))

    def test_ownership_is_exported_and_taken_over_elsewhere(self):
        config = self.env["retail.config"]
        self.pim._set_owner("product", "content", "channel")
        row = self.pim._ownership("product", "content")
        row.action_split()
        self.pim._ownership("product", "content", "tags").owner = "odoo"
        content = config._snapshot(self.pim)
        self.assertEqual(content["ownership/product/content/all"]["owner"], "channel")
        self.assertEqual(content["ownership/product/content/tags"]["owner"], "odoo")
        records = self.env["retail.ownership"]
        made = records._governed_record(self.other, "ownership/product/content/tags")
        self.assertEqual((made.backend_id, made.field), (self.other, "tags"))
        self.assertFalse(records._can_be_made("ownership/product/content/colour"))
