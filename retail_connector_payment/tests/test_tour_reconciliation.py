from odoo.tests import HttpCase, tagged

from .bank_common import ReconciliationCase


@tagged("post_install", "-at_install")
class TestTourReconciliation(ReconciliationCase, HttpCase):
    """A run is worked through and signed in a real browser, by two accountants."""

    # A browser waits by the clock.
    freeze_time = None

    def test_a_run_is_explained_and_signed_with_the_keyboard(self):
        self.sell("100.00", paid="90.00")
        self.payout("100.00")
        run = self.run_period("2026-05-04", "2026-05-06")
        different = run.line_ids.filtered(lambda line: line.status == "different")
        tied = different.filtered(lambda line: line.leg == "clearing")
        tied.with_user(self.accountant).write({"explanation": "Posted by the test"})
        self.assertEqual(run.different_count, 2)
        page = f"/odoo/retail-reconciliation/{run.id}"
        name = "retail_connector_payment.reconciliation"
        self.start_tour(page, f"{name}_explain", login=self.accountant.login)
        self.env.invalidate_all()
        self.assertEqual(
            different.filtered(lambda line: line not in tied).mapped("explanation"),
            ["Paid in cash", "The bank is late"],
        )
        self.start_tour(page, f"{name}_sign", login=self.other.login)
        self.env.invalidate_all()
        self.assertEqual((run.state, run.locked_by_id), ("locked", self.other))
