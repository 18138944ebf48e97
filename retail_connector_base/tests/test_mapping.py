from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..decisions.problem import Problem
from ..providers.errors import ErrorClass
from .access import create_user
from .common import BackendCase
from .inbox import blocked_message


class MappingCase(BackendCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = cls.env["account.tax.group"].create({"name": "VAT"})
        cls.tax = cls.env["account.tax"].create(
            {"name": "VAT 19%", "amount": 19, "type_tax_use": "sale", "tax_group_id": group.id}
        )
        cls.mappings = cls.env["retail.mapping"]

    def problem(self, key="VAT 19 %", kind="tax", **context):
        return Problem(
            error_class=ErrorClass.MAPPING,
            code="unmapped",
            subject=f"{kind}:{key}",
            title=f"“{key}” is not mapped",
            cause="Map it.",
            fix="map_value",
            fix_values=self.mappings._problem_values(kind, key, **context),
        )

    def report(self, *args, messages=None, **kwargs):
        problem = self.problem(*args, **kwargs)
        exception = self.env["retail.exception"]._report(self.backend, problem, messages)
        return exception, self.mappings.browse(exception.res_id)

    def wizard(self, exception, user=None):
        action = exception.with_user(user or self.env.user).action_fix()
        model = self.env[action["res_model"]].with_user(user or self.env.user)
        return model.with_context(**action["context"]).create({})


@tagged("post_install", "-at_install")
class TestResolve(MappingCase):
    def test_batch_is_resolved_in_one_query(self):
        self.mappings.create(
            [
                {
                    "backend_id": self.backend.id,
                    "kind": "tax",
                    "external_key": f" VAT  {rate} ",
                    "tax_id": self.tax.id,
                }
                for rate in range(5)
            ]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        keys = [f"vat {rate}" for rate in range(9)]
        with self.assertQueryCount(2):  # the ids, then their fields in one fetch
            found = self.mappings._resolve(self.backend, "tax", keys)
        self.assertEqual(set(found), set(keys[:5]))
        self.assertEqual(found["vat 0"], self.tax)

    def test_ignored_is_empty_and_unmapped_is_absent(self):
        self.mappings.create(
            [
                {
                    "backend_id": self.backend.id,
                    "kind": "tax",
                    "external_key": "a",
                    "ignored": True,
                },
                {"backend_id": self.backend.id, "kind": "tax", "external_key": "b"},
            ]
        )
        found = self.mappings._resolve(self.backend, "tax", ["A", "b", "c"])
        self.assertEqual(found, {"A": self.env["account.tax"]})

    def test_codes_keep_their_case(self):
        self.assertEqual(self.mappings._normalised("product", " ab "), "ab")
        self.assertNotEqual(
            self.mappings._normalised("product", "AB"), self.mappings._normalised("product", "ab")
        )

    def test_target_of_another_company_is_refused(self):
        other = self.env["res.company"].create({"name": "Other"})
        journal = self.env["account.journal"].create(
            {"name": "Bank", "type": "bank", "code": "OB1", "company_id": other.id}
        )
        with self.assertRaises(UserError):
            self.mappings.create(
                {
                    "backend_id": self.backend.id,
                    "kind": "payment_method",
                    "external_key": "card",
                    "journal_id": journal.id,
                }
            )

    def test_changes_are_audited(self):
        _exception, mapping = self.report()
        mapping.tax_id = self.tax
        entry = self.env["retail.audit"].search([("action", "=", "mapping.changed")], limit=1)
        self.assertEqual((entry.res_model, entry.res_id), ("retail.mapping", mapping.id))
        self.assertEqual(entry.detail["to"], "VAT 19%")


@tagged("post_install", "-at_install")
class TestMapAValue(MappingCase):
    def test_unknown_value_is_listed_once(self):
        _one, mapping = self.report()
        _two, again = self.report("vat  19 %")
        self.assertEqual(mapping, again)
        self.assertEqual((mapping.state, mapping.origin), ("unmapped", "automatic"))
        self.assertEqual(mapping.external_label, "VAT 19 %")
        self.assertEqual(mapping.company_id, self.backend.company_id)

    def test_hostile_value_is_stored(self):
        _exception, mapping = self.report("\0<script>\ud800" + "x" * 999, note="\0\ud800")
        self.assertTrue(mapping.exists())

    def test_an_import_that_did_not_see_the_mapping_is_retried_by_the_sweep(self):
        _exception, mapping = self.report()
        mapping.tax_id = self.tax
        message = blocked_message(self.backend)
        exception, _mapping = self.report(messages=message)
        self.assertEqual((exception.state, message.state), ("open", "blocked"))
        self.env["retail.exception"]._sweep()
        self.assertEqual(message.state, "received")

    def test_mapping_retries_what_waited(self):
        message = blocked_message(self.backend)
        exception, mapping = self.report(messages=message)
        wizard = self.wizard(exception)
        self.assertEqual((wizard.kind, wizard.waiting_count), ("tax", 1))
        wizard.tax_id = self.tax
        wizard.action_apply()
        self.assertEqual(mapping.state, "mapped")
        self.assertEqual(message.state, "received")
        self.assertEqual(exception.state, "open")  # until the message came through
        message._finish("done", "")
        self.env["retail.exception"]._resolve_for(message)
        self.assertEqual(exception.state, "resolved")

    def test_mapping_in_the_table_retries_as_well(self):
        message = blocked_message(self.backend)
        _exception, mapping = self.report(messages=message)
        with Form(mapping) as form:
            form.tax_id = self.tax
        self.assertEqual(message.state, "received")

    def test_missing_tax_is_created_from_what_the_channel_said(self):
        exception, mapping = self.report("VAT 7%", rate="0.07", included=True)
        self.env["account.tax.group"].search(
            []
        ).country_id = self.env.company.account_fiscal_country_id
        self.wizard(exception).action_create_target()
        self.assertEqual(mapping.tax_id.amount, 7)
        self.assertEqual(mapping.tax_id.price_include_override, "tax_included")

    def test_a_tax_that_another_shop_needed_before_is_taken(self):
        groups = self.env["account.tax.group"].search([])
        groups.country_id = self.env.company.account_fiscal_country_id
        exception, mapping = self.report("VAT 7%", rate="0.07", included=True)
        self.wizard(exception).action_create_target()
        made = mapping.tax_id
        mapping.unlink()
        exception, mapping = self.report("VAT 7%", rate="0.07", included=True)
        self.wizard(exception).action_create_target()
        self.assertEqual(mapping.tax_id, made)

    def test_nothing_chosen_is_refused(self):
        exception, mapping = self.report()
        with self.assertRaises(UserError):
            self.wizard(exception).action_apply()
        self.assertEqual(mapping.state, "unmapped")

    def test_rate_that_was_not_told_is_refused(self):
        exception, _mapping = self.report()
        with self.assertRaises(UserError):
            self.wizard(exception).action_create_target()

    def test_deleted_row_comes_back(self):
        exception, mapping = self.report()
        mapping.unlink()
        self.assertEqual(self.wizard(exception).external_label, "VAT 19 %")


@tagged("post_install", "-at_install")
class TestWhoMaps(MappingCase):
    def test_accountant_maps_a_tax(self):
        accountant = create_user(self.env, "accountant")
        exception, mapping = self.report()
        wizard = self.wizard(exception, accountant)
        wizard.sudo().tax_id = self.tax
        wizard.action_apply()
        self.assertEqual(mapping.tax_id, self.tax)
        with self.assertRaises(AccessError):
            mapping.with_user(accountant).write({"ignored": True})

    def test_accountant_maps_no_product(self):
        exception, _mapping = self.report("SKU-1", "product")
        wizard = self.wizard(exception, create_user(self.env, "accountant"))
        wizard.ignored = True
        with self.assertRaises(AccessError):
            wizard.action_apply()

    def test_operator_and_auditor_map_nothing(self):
        exception, mapping = self.report()
        for role in ("operator", "auditor"):
            user = create_user(self.env, role)
            with self.assertRaises(AccessError):
                exception.with_user(user).action_fix()
            with self.assertRaises(AccessError):
                mapping.with_user(user).ignored = True
