from lxml import etree

from odoo.tests import Form, tagged

from odoo.addons.retail_connector_base.tests.access import create_user

from .common import PaymentCase


@tagged("post_install", "-at_install")
class TestLedgerViews(PaymentCase):
    """What people see of entries, each with the rights of his role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator = create_user(cls.env, "operator", company=cls.company)
        cls.accountant = create_user(cls.env, "accountant", company=cls.company)

    def fields_of(self, arch):
        """Return the specification of a view's fields, as the web client asks for them."""
        return {node.get("name"): {} for node in etree.fromstring(arch).iter("field")}

    def seen(self, user, record, kind):
        """Return a record as a view shows it to a user."""
        model = record.with_user(user)
        arch = model.get_view(view_type=kind)["arch"]
        names = {name: {} for name in self.fields_of(arch) if name in model._fields}
        many = {name for name in names if model._fields[name].type == "many2one"}
        spec = {name: {"fields": {"display_name": {}}} if name in many else {} for name in names}
        return model.web_read(spec)[0]

    def test_an_operator_sees_entries_without_the_rights_of_accounting(self):
        entry = self.note(100, order=self.order())
        self.post()
        for kind in ("list", "form"):
            row = self.seen(self.operator, entry, kind)
            self.assertEqual((row["amount"], row["state"]), (100, "posted"))
        self.assertNotIn("clearing_line_id", self.seen(self.operator, entry, "form"))

    def test_unsettled_ones_are_summed_by_gateway_and_currency(self):
        self.note(100, order=self.order())
        self.note(-30, "refund", order=self.order())
        self.post()
        entries = self.env["retail.ledger.entry"].with_user(self.operator)
        found = entries._read_group(
            [("state", "=", "posted"), ("gateway_id.purpose", "=", "clearing")],
            ["gateway_id", "currency_id"],
            ["amount:sum"],
        )
        ours = [total for gateway, _currency, total in found if gateway == self.gateway]
        self.assertEqual(ours, [70])

    def test_only_an_accountant_is_offered_to_correct(self):
        entry = self.note(100)
        self.assertFalse(entry.with_user(self.operator).may_correct)
        self.assertTrue(entry.with_user(self.accountant).may_correct)
        self.assertFalse(self.note(-5, "dispute").with_user(self.accountant).may_correct)

    def test_the_correction_starts_from_the_entry(self):
        entry, right = self.note(100, order=self.order()), self.order()
        action = entry.with_user(self.accountant).action_correct()
        wizards = self.env[action["res_model"]].with_user(self.accountant)
        with Form(wizards.with_context(**action["context"])) as form:
            form.order_binding_id = right
            form.reason = "By phone"
        form.record.action_correct()
        self.assertEqual(entry.order_binding_id, right)

    def test_an_order_leads_to_what_was_booked_of_it(self):
        binding = self.order()
        entry = self.note(100, order=binding)
        self.note(50, order=self.order())
        binding = binding.with_user(self.operator)
        self.assertEqual(binding.ledger_entry_count, 1)
        action = binding.action_open_ledger_entries()
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), entry)

    def test_a_journal_entry_leads_to_what_happened(self):
        entry = self.note(100, order=self.order())
        self.post()
        action = entry.move_id.action_open_retail_ledger_entry()
        self.assertEqual((action["res_model"], action["res_id"]), (entry._name, entry.id))

    def test_the_invoice_policy_is_on_the_backends_form(self):
        with Form(self.backend) as form:
            form.invoice_policy = "consolidated"
            form.invoice_period = "week"
        self.assertEqual(self.backend.invoice_period, "week")
