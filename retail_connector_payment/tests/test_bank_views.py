import base64

from odoo.tests import Form, tagged

from odoo.addons.retail_connector_base.tests.access import create_user

from .bank_common import ARRIVAL, ReconciliationCase, camt, entry_xml

ROLES = ("accountant", "operator", "administrator", "auditor")


@tagged("post_install", "-at_install")
class TestBankViews(ReconciliationCase):
    """What people open with a role of ours alone, without one of Odoo's accounting roles."""

    def users(self):
        """Return a user of each role, one of them the accountant."""
        others = [create_user(self.env, role, f"view-{role}", self.company) for role in ROLES[1:]]
        return [self.accountant, *others]

    def read_list(self, records, user):
        """Read all fields of the records that a list can show."""
        model = records.with_user(user)
        arch = model.get_views([(False, "list"), (False, "search")])["models"][model._name]
        names = {name: {} for name, field in arch["fields"].items() if field["type"] != "binary"}
        return model.web_search_read([("id", "in", records.ids)], names)["records"]

    def test_everybody_with_a_role_reads_deposits(self):
        self.payout("100.00", reference="PO-123456")
        self.bank_line("98.50", text="PO-123456")
        self.match_all()
        match = self.matches()
        for user in self.users():
            with self.subTest(user=user.login):
                self.assertEqual(Form(match.with_user(user)).bank_text, "PO-123456")
                self.assertEqual(len(self.read_list(match, user)), 1)

    def test_everybody_with_a_role_sees_where_a_payout_is(self):
        payout = self.payout("100.00")
        self.bank_line("100.00")
        self.match_all()
        for user in self.users():
            with self.subTest(user=user.login):
                names = {"bank_state": {}, "bank_match_ids": {"fields": {"display_name": {}}}}
                (read,) = payout.with_user(user).web_read(names)
                self.assertEqual(read["bank_state"], "deposited")
                self.assertEqual(read["bank_match_ids"][0]["display_name"], "Deposit")
                self.assertEqual(Form(payout.with_user(user)).bank_state, "deposited")

    def test_everybody_with_a_role_reads_runs(self):
        self.sell("100.00", paid="90.00")
        self.payout("100.00", arrives=ARRIVAL)
        run = self.run_period()
        for user in self.users():
            with self.subTest(user=user.login):
                self.assertTrue(Form(run.with_user(user)).summary)
                self.assertEqual(len(self.read_list(run, user)), 1)
                self.assertEqual(len(self.read_list(run.line_ids, user)), len(run.line_ids))

    def test_differences_are_explained_in_the_form(self):
        self.sell("100.00", paid="90.00")
        run = self.run_period().with_user(self.accountant)
        with Form(run) as form:
            for index in range(len(form.different_line_ids)):
                with form.different_line_ids.edit(index) as line:
                    line.explanation = "Paid in cash"
        self.assertEqual((run.different_count, run.explained_count), (0, 1))
        self.assertIn("Explained", run.summary)

    def test_a_run_is_made_in_the_form(self):
        form = Form(self.env["retail.reconciliation"].with_user(self.accountant))
        form.gateway_id = self.gateway
        form.date_from = "2026-05-01"
        form.date_to = "2026-05-31"
        run = form.save()
        self.assertEqual((run.state, run.company_id), ("draft", self.company))
        self.compute(run)
        self.assertEqual(run.action_open_lines()["domain"], [("run_id", "=", run.id)])

    def test_a_file_is_chosen_in_the_form(self):
        form = Form(self.env["retail.bank.statement.import"].with_user(self.accountant))
        form.file = base64.b64encode(camt(entry_xml()))
        wizard = form.save()
        wizard.action_read()
        form = Form(wizard)
        self.assertEqual(len(form.line_ids), 1)
        with form.line_ids.edit(0) as line:
            line.chosen = False
        self.assertFalse(form.save().line_ids.chosen)

    def test_the_sweeper_wakes_without_complaint(self):
        self.payout("100.00")
        self.run_period().action_compute()
        for model in ("retail.bank.matcher", "retail.reconciliation.runner"):
            self.env[model].sudo()._sweep()
            self.assertTrue(self.env.cr.postcommit.data.get(model))
