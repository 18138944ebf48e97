from odoo.exceptions import UserError
from odoo.tests import tagged

from .bank_common import ReconciliationCase


@tagged("post_install", "-at_install")
class TestReconciliationLocked(ReconciliationCase):
    def setUp(self):
        super().setUp()
        self.sell("100.00", paid="90.00")
        self.month = self.run_period()

    def signed(self):
        """Explain everything as one accountant and sign as the other."""
        self.explain_all(self.month)
        self.month.with_user(self.other).action_review()
        return self.month

    def locked(self):
        """Return the run, locked."""
        self.signed().with_user(self.accountant).action_lock()
        return self.month

    def test_differences_are_explained_before_it_is_signed(self):
        with self.assertRaises(UserError):
            self.month.with_user(self.other).action_review()
        self.signed()
        self.assertEqual((self.month.state, self.month.reviewed_by_id), ("reviewed", self.other))

    def test_who_explained_does_not_sign(self):
        self.explain_all(self.month)
        with self.assertRaises(UserError):
            self.month.with_user(self.accountant).action_review()

    def test_only_what_is_signed_is_locked(self):
        with self.assertRaises(UserError):
            self.month.with_user(self.accountant).action_lock()

    def test_nothing_of_a_signed_run_changes_until_it_is_reopened(self):
        run = self.signed()
        with self.assertRaises(UserError):
            run.with_user(self.accountant).action_compute()
        with self.assertRaises(UserError):
            run.line_ids[:1].with_user(self.accountant).explanation = "Other"
        with self.assertRaises(UserError):
            run.with_user(self.accountant).unlink()
        run.with_user(self.accountant).action_reopen()
        self.assertEqual((run.state, run.reviewed_by_id.id), ("computed", False))

    def test_a_locked_run_changes_for_nobody(self):
        run = self.locked()
        superuser = run.sudo()
        attempts = [
            lambda: superuser.write({"state": "computed"}),
            lambda: superuser.write({"checkpoint": {}}),
            lambda: superuser.unlink(),
            lambda: superuser.line_ids[:1].write({"status": "matched"}),
            lambda: superuser.line_ids[:1].write({"explanation": "x"}),
            lambda: superuser.line_ids[:1].unlink(),
            lambda: superuser.line_ids[:1].copy({"key": "new"}),
            lambda: run.with_user(self.accountant).action_compute(),
            lambda: run.with_user(self.accountant).action_reopen(),
            lambda: superuser._compute_leg("orders"),
        ]
        for number, attempt in enumerate(attempts):
            with (
                self.subTest(attempt=number),
                self.assertRaises(UserError),
                self.env.cr.savepoint(),
            ):
                attempt()
        self.env.invalidate_all()
        self.assertEqual(run.state, "locked")

    def test_what_happens_later_does_not_change_it(self):
        run = self.locked()
        before, checkpoint, name = self.figures(run), run.checkpoint, run.name
        self.sell("55.00", paid="1.00")
        self.gateway.name = "Renamed"
        self.assertFalse(self.env["retail.reconciliation.runner"].sudo()._try_chunk(run.id))
        self.env.invalidate_all()
        self.assertEqual((self.figures(run), run.checkpoint, run.name), (before, checkpoint, name))

    def test_who_did_what_is_kept(self):
        run = self.locked()
        self.assertEqual(
            (run.computed_by_id, run.reviewed_by_id, run.locked_by_id),
            (self.accountant, self.other, self.accountant),
        )
        entries = (
            self.env["retail.audit"]
            .sudo()
            .search(
                [("res_model", "=", "retail.reconciliation"), ("res_id", "=", run.id)], order="id"
            )
        )
        self.assertEqual(
            list(dict.fromkeys(entries.mapped("action"))),
            [
                "reconciliation.computed",
                "reconciliation.explained",
                "reconciliation.reviewed",
                "reconciliation.locked",
            ],
        )
        self.assertTrue(entries[-1].detail["figures"])
