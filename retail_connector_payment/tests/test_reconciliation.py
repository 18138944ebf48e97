import base64
import csv
import io
from unittest.mock import patch

import openpyxl
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.retail_connector_base.canonical import BalanceCategory, PaymentKind
from odoo.addons.retail_connector_base.tests.access import create_user

from .bank_common import ARRIVAL, ReconciliationCase
from .common import set_rate
from .payouts import payout_message, transaction


@tagged("post_install", "-at_install")
class TestReconciliation(ReconciliationCase):
    def test_a_month_that_ties(self):
        _order, message = self.sell("100.00")
        self.pay_out(message)
        self.bank_line("99.00", day=ARRIVAL)
        self.match_all()
        run = self.run_period()
        self.assertEqual(set(run.line_ids.mapped("verdict")), {"matched"})
        self.assertEqual(set(run.line_ids.mapped("leg")), {"orders", "clearing", "bank"})
        self.assertEqual((run.state, run.different_count, run.progress), ("computed", 0, 100))
        self.assertEqual(run.matched_count, len(run.line_ids))
        self.assertEqual(run.computed_by_id, self.accountant)

    # Orders

    def test_an_order_that_was_not_paid_at_all(self):
        self.order(
            "80.00",
            local_date="2026-05-04",
            payment_state="paid",
            payment_gateways=self.gateway.code,
        )
        line = self.lines(self.run_period(), "orders")
        self.assertEqual(
            (line.verdict, line.amount_here, line.amount_there), ("missing_there", 80, 0)
        )

    def test_an_order_that_was_paid_too_little(self):
        self.sell("100.00", paid="90.00")
        line = self.lines(self.run_period(), "orders")
        self.assertEqual((line.verdict, line.difference), ("amount", 10))

    def test_a_refund_counts_against_its_order(self):
        order, message = self.sell("100.00")
        back = self.payment_message(
            "30.00",
            order=order,
            payment_kind=PaymentKind.REFUND,
            parent_external_id=message.external_id,
        )
        self.drain(back)
        line = self.lines(self.run_period(), "orders")
        # Nothing was credited: a person has to see it.
        self.assertEqual((line.verdict, line.amount_here, line.amount_there), ("amount", 100, 70))

    def test_an_order_paid_in_the_customers_currency_is_held_against_it_in_its_own(self):
        self.paid_abroad()
        line = self.lines(self.run_period(), "orders")
        self.assertEqual((line.verdict, line.amount_here, line.amount_there), ("matched", 100, 100))

    def test_what_went_back_in_the_customers_currency_counts_in_the_orders(self):
        order, message = self.paid_abroad()
        back = self.payment_message(
            "54.17",
            "USD",
            order=order,
            payment_kind=PaymentKind.REFUND,
            parent_external_id=message.external_id,
        )
        self.drain(back)
        line = self.lines(self.run_period(), "orders")
        self.assertEqual((line.verdict, line.amount_here, line.amount_there), ("amount", 100, 50))

    def test_a_cancelled_order_whose_money_went_back_ties_whatever_its_total_still_says(self):
        order, message = self.sell("100.00")
        back = self.payment_message(
            "100.00",
            order=order,
            payment_kind=PaymentKind.REFUND,
            parent_external_id=message.external_id,
        )
        self.drain(back)
        order.write({"state": "cancelled", "amount_total": 5.26})
        line = self.lines(self.run_period(), "orders")
        self.assertEqual((line.verdict, line.amount_here, line.amount_there), ("matched", 0, 0))

    def test_a_cancelled_order_whose_money_was_kept_differs(self):
        order, _message = self.sell("100.00")
        order.state = "cancelled"
        line = self.lines(self.run_period(), "orders")
        self.assertEqual((line.verdict, line.amount_here, line.amount_there), ("amount", 0, 100))

    def paid_abroad(self):
        """Return an order of 100 euros and its payment in dollars, as its channel converts."""
        order = self.order(
            "100.00",
            local_date="2026-05-04",
            payment_state="paid",
            other_currency="USD",
            other_amount_total=108.34,
        )
        message = self.payment_message("108.34", "USD", order=order)
        self.drain(message)
        return order, message

    def test_a_payment_without_an_order(self):
        self.drain(self.payment_message("25.00"))
        line = self.lines(self.run_period(), "orders")
        self.assertEqual((line.verdict, line.amount_there), ("missing_here", 25))

    def test_an_order_that_is_not_paid_yet_is_not_asked_for(self):
        self.order(
            "80.00",
            local_date="2026-05-04",
            payment_state="pending",
            payment_gateways=self.gateway.code,
        )
        self.assertFalse(self.lines(self.run_period(), "orders"))

    def test_what_lies_outside_the_period(self):
        self.sell("100.00")
        self.assertFalse(
            self.run_period("2026-06-01", "2026-06-30").line_ids.filtered(
                lambda line: line.key != "balance"
            )
        )

    def test_test_payments_are_none(self):
        self.drain(self.payment_message("25.00", test=True))
        self.assertFalse(self.run_period().line_ids)

    # The clearing account

    def test_an_entry_that_is_not_posted(self):
        self.note("40.00", external_id="WAITS")
        line = self.lines(self.run_period(), "clearing", key="entry:charge:WAITS")
        self.assertEqual((line.verdict, line.amount_there), ("missing_here", 40))

    def test_what_somebody_wrote_on_the_clearing_account(self):
        self.sell("100.00")
        move = self.env["account.move"].create(
            {
                "journal_id": self.gateway.journal_id.id,
                "date": "2026-05-20",
                "line_ids": [
                    (0, 0, {"account_id": account.id, "balance": balance, "name": "By hand"})
                    for account, balance in (
                        (self.gateway.clearing_account_id, 7.0),
                        (self.gateway.fee_account_id, -7.0),
                    )
                ],
            }
        )
        move.action_post()
        run = self.run_period()
        line = self.lines(run, "clearing", label="By hand")
        self.assertEqual((line.verdict, line.amount_here), ("missing_there", 7))
        balance = self.lines(run, "clearing", key="balance")
        self.assertEqual((balance.verdict, balance.difference), ("amount", 7))

    def test_the_balance_is_that_of_the_end_of_the_period(self):
        _order, message = self.sell("100.00")
        self.pay_out(message)
        early = self.run_period("2026-05-01", "2026-05-05")
        balance = self.lines(early, "clearing", key="balance")
        self.assertEqual(
            (balance.verdict, balance.amount_here, balance.amount_there), ("matched", 100, 100)
        )
        self.assertFalse(self.lines(self.run_period(), "clearing", key="balance"))

    def test_a_line_of_a_payout_without_its_entry(self):
        _order, message = self.sell("100.00")
        unknown = self.payment_message("50.00")
        payout = self.pay_out(message, unknown)
        self.assertEqual(payout.state, "parked")
        run = self.run_period()
        self.assertEqual(
            self.lines(run, "clearing", label=f"T-{unknown.external_id}").verdict, "missing_here"
        )
        self.assertEqual(
            self.lines(run, "clearing", key=f"payout:{payout.external_id}").verdict, "missing_here"
        )

    def test_what_the_gateway_converted_is_compared_in_the_customers_currency(self):
        set_rate(self.env, self.company, "USD", 1.25)
        order = self.order("125.00", currency="USD", local_date="2026-05-04", payment_state="paid")
        message = self.payment_message("125.00", "USD", order=order)
        self.drain(message)
        self.post()
        line = transaction(
            BalanceCategory.CHARGE, "98.00", message.external_id, original=message.amount
        )
        self.drain(payout_message(line, arrival_date=ARRIVAL))
        self.post()
        run = self.run_period()
        found = self.lines(run, "clearing", label=line.external_id)
        self.assertEqual(
            (found.verdict, found.amount_here, found.currency_id.name), ("matched", 125, "USD")
        )
        self.assertEqual(set(self.lines(run, "clearing").mapped("verdict")), {"matched"})

    # The bank

    def test_a_payout_that_the_bank_does_not_show(self):
        _order, message = self.sell("100.00")
        payout = self.pay_out(message)
        line = self.lines(self.run_period(), "bank")
        self.assertEqual(
            (line.verdict, line.amount_here, line.res_id), ("missing_there", 99, payout.id)
        )

    def test_a_deposit_with_a_charge_of_the_bank(self):
        payout = self.payout("100.00", reference="PO-123456")
        self.bank_line("98.50", text="PO-123456")
        self.match_all()
        match = self.matches()
        match.difference_account_id = self.gateway.fee_account_id
        match.with_user(self.accountant).action_match()
        self.assertEqual(payout.bank_state, "deposited")
        line = self.lines(self.run_period(), "bank")
        self.assertEqual((line.verdict, line.difference), ("amount", 1.5))

    def test_one_deposit_of_two_payouts_is_one_line(self):
        self.payout("60.00")
        self.payout("40.00")
        self.bank_line("100.00")
        self.match_all()
        line = self.lines(self.run_period(), "bank")
        self.assertEqual((line.verdict, line.count_here, line.count_there), ("matched", 2, 1))

    def test_a_deposit_long_after_its_day(self):
        self.payout("100.00", reference="PO-123456")
        self.bank_line("100.00", text="PO-123456", day="2026-05-29")
        self.match_all()
        self.assertEqual(self.lines(self.run_period(), "bank").verdict, "date")

    # Working through

    def test_a_second_computation_says_the_same(self):
        self.sell("100.00", paid="90.00")
        self.payout("100.00")
        run = self.run_period()
        before, ids = self.figures(run), run.line_ids.ids
        checkpoint = run.checkpoint
        self.compute(run)
        self.assertEqual((self.figures(run), run.line_ids.ids), (before, ids))
        self.assertEqual(run.checkpoint, checkpoint)

    def test_explanations_stay_for_the_same_figures(self):
        self.sell("100.00", paid="90.00")
        run = self.run_period()
        line = self.lines(run, "orders")
        line.with_user(self.accountant).explanation = "  Paid in   cash  "
        self.assertEqual((line.status, line.explanation), ("explained", "Paid in cash"))
        self.assertEqual(line.explained_by_id, self.accountant)
        self.compute(run)
        self.assertEqual((line.status, line.explanation), ("explained", "Paid in cash"))

    def test_an_explanation_does_not_hide_other_figures(self):
        order, _message = self.sell("100.00", paid="90.00")
        run = self.run_period()
        line = self.lines(run, "orders")
        line.with_user(self.accountant).explanation = "Paid in cash"
        self.drain(self.payment_message("5.00", order=order))
        self.post()
        for _again in range(2):
            self.compute(run)
            self.assertEqual((line.status, line.explanation), ("different", "Paid in cash"))
        self.assertEqual(run.different_count, 1)

    def test_what_is_gone_goes(self):
        order, _message = self.sell("100.00", paid="90.00")
        run = self.run_period()
        self.drain(self.payment_message("10.00", order=order))
        self.compute(run)
        self.assertEqual(self.lines(run, "orders").verdict, "matched")
        self.assertEqual(len(self.lines(run, "orders")), 1)

    def test_an_empty_reason_explains_nothing(self):
        self.sell("100.00", paid="90.00")
        run = self.run_period()
        line = self.lines(run, "orders").with_user(self.accountant)
        line.explanation = "Known"
        line.explanation = "   "
        self.assertEqual(
            (line.status, line.explanation, run.different_count), ("different", False, 1)
        )

    def test_what_is_matched_needs_no_explanation(self):
        self.sell("100.00")
        line = self.lines(self.run_period(), "orders")
        with self.assertRaises(UserError):
            line.with_user(self.accountant).explanation = "Anything"

    def test_who_may_do_what(self):
        self.sell("100.00", paid="90.00")
        run = self.run_period()
        for role in ("operator", "administrator", "auditor"):
            user = create_user(self.env, role, company=self.company)
            mine = run.with_user(user)
            for action in ("action_compute", "action_review", "action_lock", "action_reopen"):
                with self.subTest(role=role, action=action), self.assertRaises(AccessError):
                    getattr(mine, action)()
            with self.subTest(role=role), self.assertRaises(AccessError):
                mine.line_ids[:1].write({"explanation": "x"})
        mine = run.with_user(self.accountant)
        for name, value in (("state", "locked"), ("different_count", 0), ("checkpoint", {})):
            with self.subTest(name=name), self.assertRaises(AccessError):
                mine.write({name: value})
        with self.assertRaises(AccessError):
            mine.line_ids[:1].write({"status": "matched"})
        with self.assertRaises(AccessError):
            mine.write({"different_line_ids": [(0, 0, {"run_id": run.id, "leg": "bank"})]})

    def test_a_gateway_has_one_run_of_a_period(self):
        self.run_period()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self.run_period()

    def test_a_failure_is_shown_and_can_be_tried_again(self):
        run = self.run_period()
        broken = self.patch_leg()
        run.action_compute()
        self.env.flush_all()
        with broken, self.assertLogs("odoo.addons.retail_connector_payment", "ERROR"):
            self.env["retail.reconciliation.runner"].sudo()._try_chunk(run.id)
        self.assertTrue(run.problem)
        self.assertFalse(run.next_leg)
        with self.assertRaises(UserError):
            run.with_user(self.other).action_review()
        self.compute(run)
        self.assertFalse(run.problem)

    def patch_leg(self):
        """Return a patch under which a leg cannot be computed."""

        def fail(self):
            raise ValueError("no such thing")

        return patch.object(type(self.env["retail.reconciliation"]), "_sides_of_orders", fail)

    # On paper

    def test_files_hold_every_line_and_no_formula(self):
        self.sell("100.00", paid="90.00", name="=HYPERLINK(1)")
        run = self.run_period()
        self.explain_all(run, "=cmd|' /C calc'!A0")
        sheet = openpyxl.load_workbook(io.BytesIO(base64.b64decode(run.export_xlsx))).active
        cells = [cell for row in sheet.iter_rows() for cell in row]
        self.assertFalse([cell for cell in cells if cell.data_type == "f"])
        self.assertEqual(sheet.max_row, 1 + len(run.line_ids))
        text = base64.b64decode(run.export_csv).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text)))
        self.assertEqual(len(rows), 1 + len(run.line_ids))
        self.assertFalse([cell for row in rows for cell in row if cell.startswith("=")])
        self.assertIn("'=HYPERLINK(1)", text)

    def test_a_download_is_in_the_audit_trail(self):
        run = self.run_period()
        action = run.with_user(self.accountant).action_export_xlsx()
        self.assertIn("/export_xlsx/", action["url"])
        entry = (
            self.env["retail.audit"]
            .sudo()
            .search([("action", "=", "reconciliation.exported")], limit=1)
        )
        self.assertEqual(entry.user_id, self.accountant)
