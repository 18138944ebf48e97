import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.retail_connector_base.tests.access import create_user

from .bank_common import BankCase, bank_file, camt, entry_xml


@tagged("post_install", "-at_install")
class TestBankImport(BankCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = create_user(cls.env, "accountant", company=cls.company)

    def wizard(self, content, user=None, **values):
        """Return the wizard with a file, of an accountant who has no other rights."""
        wizards = self.env["retail.bank.statement.import"].with_user(user or self.accountant)
        return wizards.with_company(self.company).create(
            {"file": base64.b64encode(content), "file_name": "may.xml", **values}
        )

    def run_wizard(self, content, **values):
        """Read and import a file; return the wizard."""
        wizard = self.wizard(content, **values)
        wizard.action_read()
        wizard.action_import()
        return wizard

    def lines(self):
        """Return the lines of the bank journal in order of making."""
        domain = [("journal_id", "=", self.journal.id)]
        return self.env["account.bank.statement.line"].search(domain, order="id")

    def test_what_is_read_is_shown_and_then_imported(self):
        wizard = self.wizard(
            camt(entry_xml("100.00", text="PO-123456"), entry_xml("5.00", uid="R2"))
        )
        wizard.action_read()
        self.assertEqual(wizard.new_count, 2)
        self.assertEqual(wizard.line_ids.journal_id.ids, self.journal.ids)
        self.assertFalse(self.lines())
        wizard.action_import()
        self.assertEqual(self.lines().mapped("amount"), [100.0, 5.0])
        first = self.lines()[0]
        self.assertEqual((first.payment_ref, first.retail_import_uid), ("PO-123456", "R1"))
        self.assertEqual(str(first.date), "2026-05-06")
        self.assert_balanced(self.lines())

    def test_a_file_that_is_read_again_makes_nothing_new(self):
        content = camt(entry_xml(), entry_xml("5.00", uid="R2"))
        self.run_wizard(content)
        again = self.wizard(content)
        again.action_read()
        self.assertEqual((again.new_count, again.known_count), (0, 2))
        with self.assertRaises(UserError):
            again.action_import()
        longer = camt(entry_xml(), entry_xml("5.00", uid="R2"), entry_xml("7.00", uid="R3"))
        self.run_wizard(longer)
        self.assertEqual(self.lines().mapped("retail_import_uid"), ["R1", "R2", "R3"])

    def test_who_imports_at_the_same_time_makes_nothing_twice(self):
        wizard = self.wizard(camt(entry_xml()))
        wizard.action_read()
        self.run_wizard(camt(entry_xml()))
        wizard.action_import()
        self.assertEqual(len(self.lines()), 1)

    def test_what_came_another_way_is_not_chosen(self):
        self.bank_line("100.00")
        wizard = self.wizard(camt(entry_xml(), entry_xml(uid="R2")))
        wizard.action_read()
        # One of the two is like the line that is there; a person sees which.
        self.assertEqual(wizard.line_ids.mapped("verdict"), ["similar", "new"])
        self.assertEqual(wizard.line_ids.mapped("chosen"), [False, True])

    def test_a_statement_is_made_where_the_bank_tells_both_balances(self):
        self.bank.acc_number = "NL26VAYB8060476890"
        self.run_wizard(bank_file("camt/camt053.v2.multi.statement.xml"))
        statements = self.lines().statement_id.sorted("id")
        self.assertEqual(
            statements.mapped("name"), ["253EURNL26VAYB8060476890", "254EURNL26VAYB8060476890"]
        )
        self.assertEqual(statements.mapped("balance_start"), [18.15, 27.0])
        self.assertEqual(statements.mapped("balance_end_real"), [27.0, 20.0])
        self.assertTrue(all(statements.mapped("is_complete")))

    def test_the_journal_is_chosen_where_the_account_is_not_known(self):
        content = bank_file("camt/camt053.v8.xml")
        wizard = self.wizard(content)
        wizard.action_read()
        self.assertIn("NL26VAYB8060476890", wizard.note)
        with self.assertRaises(UserError):
            wizard.action_import()
        self.run_wizard(content, journal_id=self.journal.id)
        self.assertEqual(self.lines().mapped("amount"), [8.85])

    def test_another_currency_than_the_journals_is_refused(self):
        wizard = self.wizard(bank_file("ofx/checking.ofx"), journal_id=self.journal.id)
        with self.assertRaisesRegex(UserError, "USD"):
            wizard.action_read()

    def test_a_notification_is_refused_as_it_comes_again(self):
        with self.assertRaisesRegex(UserError, "camt.054"):
            self.wizard(bank_file("camt/camt054.v8.xml")).action_read()

    def test_what_cannot_be_read_says_so(self):
        with self.assertRaisesRegex(UserError, "document type"):
            self.wizard(camt(entry_xml(), before="<!DOCTYPE d []>")).action_read()

    def test_what_is_not_booked_is_told(self):
        wizard = self.wizard(camt(entry_xml(), entry_xml(uid="R2", status="PDNG")))
        wizard.action_read()
        self.assertIn("1 movements", wizard.note)
        self.assertEqual(wizard.new_count, 1)

    def test_only_accountants_import(self):
        operator = create_user(self.env, "operator", company=self.company)
        with self.assertRaises(AccessError):
            self.wizard(camt(entry_xml()), user=operator)

    def test_a_journal_of_another_company_is_not_reached(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = create_user(self.env, "accountant", "stranger", other)
        wizards = self.env["retail.bank.statement.import"].with_user(stranger)
        wizard = wizards.with_context(allowed_company_ids=other.ids).create(
            {"file": base64.b64encode(camt(entry_xml()))}
        )
        wizard.action_read()
        self.assertFalse(wizard.line_ids.journal_id)
        wizard.sudo().journal_id = self.journal
        with self.assertRaises(AccessError):
            wizard.action_import()

    def test_the_import_is_in_the_audit_trail(self):
        self.run_wizard(camt(entry_xml()))
        entry = self.env["retail.audit"].sudo().search([("action", "=", "bank.imported")], limit=1)
        self.assertEqual(entry.user_id, self.accountant)
        self.assertEqual(entry.detail["sum"], "100.00")
