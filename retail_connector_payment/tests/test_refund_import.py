from odoo.tests import tagged

from odoo.addons.retail_connector_base.canonical import LineKind, RestockKind, TransactionState

from .common import payment_message
from .refunds import RefundCase, adjusted, back, paid_back, refund_message

CANCEL, NO_RESTOCK = RestockKind.CANCEL, RestockKind.NO_RESTOCK


@tagged("post_install", "-at_install")
class TestRefundImport(RefundCase):
    # Lines

    def test_a_returned_line_is_credited_with_its_own_taxes(self):
        order = self.sold(("L1", 2, "10.00", self.vat), ("L2", 1, "5.00", self.low_vat))
        message = refund_message(
            order, back("L1", 1, "10.00", "2.00"), transactions=[paid_back("12.00")]
        )
        binding = self.refunded(message)
        move = self.assertNote(binding, "12.00", "2.00")
        line = move.invoice_line_ids.filtered(lambda one: one.display_type == "product")
        invoice = order.odoo_id.invoice_ids.filtered(lambda one: one.move_type == "out_invoice")
        self.assertEqual((line.quantity, line.tax_ids, line.price_unit), (1, self.vat, 10))
        self.assertEqual(move.reversed_entry_id, invoice)
        self.assertEqual(line.account_id, invoice.invoice_line_ids[0].account_id)
        self.assertEqual(self.problems(), [])

    def test_units_that_the_customer_keeps_are_credited_as_well(self):
        order = self.sold(("L1", 2, "10.00", self.vat))
        line = back("L1", 2, "20.00", "4.00", NO_RESTOCK)
        self.assertNote(
            self.refunded(refund_message(order, line, transactions=[paid_back("24.00")])),
            "24.00", "4.00",
        )  # fmt: skip

    def test_what_was_credited_is_not_to_be_invoiced_again(self):
        order = self.sold(("L1", 2, "10.00", self.vat))
        line = back("L1", 1, "10.00", "2.00", NO_RESTOCK)
        self.refunded(refund_message(order, line, transactions=[paid_back("12.00")]))
        self.assertEqual(order.odoo_id.order_line.qty_to_invoice, 0)
        self.assertEqual(order.odoo_id.invoice_status, "invoiced")

    def test_included_taxes_stay_included(self):
        order = self.sold(("L1", 3, "10.00", self.vat_included), included=True)
        line = back("L1", 1, "10.00", "1.67")
        move = self.assertNote(
            self.refunded(refund_message(order, line, transactions=[paid_back("10.00")])),
            "10.00", "1.67",
        )  # fmt: skip
        self.assertEqual(move.invoice_line_ids[0].price_unit, 10)

    def test_the_channels_own_rounding_of_a_tax_is_kept(self):
        order = self.sold(("L1", 3, "0.33", self.vat))
        # A fifth of 0.33 is 0.066: the channel rounds down for the last unit.
        for amount, tax in (("0.40", "0.07"), ("0.39", "0.06")):
            line = back("L1", 1, "0.33", tax)
            message = refund_message(order, line, transactions=[paid_back(amount)])
            self.assertNote(self.refunded(message), amount, tax)

    def test_a_tax_that_is_not_ours_is_left_to_a_person(self):
        order = self.sold(("L1", 1, "10.00", self.vat))
        line = back("L1", 1, "10.00", "1.90")
        binding = self.refunded(refund_message(order, line, transactions=[paid_back("11.90")]))
        self.assertNote(binding, "12.00", "2.00", state="draft")
        self.assertEqual(self.problems(), ["refund_mismatch"])

    def test_a_part_of_a_unit_is_credited(self):
        order = self.sold(("L1", "1.5", "10.00", self.vat))
        line = back("L1", "0.5", "5.00", "1.00")
        self.assertNote(
            self.refunded(refund_message(order, line, transactions=[paid_back("6.00")])),
            "6.00", "1.00",
        )  # fmt: skip

    def test_a_currency_without_minor_units(self):
        order = self.sold(("L1", 2, "1000", self.vat), currency="JPY")
        line = back("L1", 1, "1000", "200", currency="JPY")
        self.assertNote(
            self.refunded(
                refund_message(order, line, transactions=[paid_back("1200", currency="JPY")])
            ),
            "1200", "200",
        )  # fmt: skip

    # Amounts without lines

    def test_shipping_is_given_back_with_its_taxes(self):
        order = self.sold(("L1", 1, "10.00", self.low_vat), shipping=("5.00", self.vat))
        message = refund_message(
            order, adjustments=[adjusted("5.00", "shipping", "1.00")],
            transactions=[paid_back("6.00")],
        )  # fmt: skip
        move = self.assertNote(self.refunded(message), "6.00", "1.00")
        self.assertEqual(move.invoice_line_ids[0].tax_ids, self.vat)
        self.assertEqual(move.invoice_line_ids[0].product_id, self.shipping)

    def test_goodwill_lowers_what_was_sold_by_its_taxes(self):
        order = self.sold(("L1", 1, "10.00", self.vat), ("L2", 1, "20.00", self.low_vat))
        message = refund_message(
            order, adjustments=[adjusted("3.30")], transactions=[paid_back("3.30")]
        )
        # 12.00 and 21.00 were sold: the amount is shared 1.20 and 2.10.
        move = self.assertNote(self.refunded(message), "3.30", "0.30")
        lines = move.invoice_line_ids.filtered(lambda one: one.display_type == "product")
        self.assertEqual(lines.tax_ids, self.vat + self.low_vat)
        self.assertEqual(order.odoo_id.order_line.mapped("qty_invoiced"), [1, 1])
        self.assertIn(move, order.odoo_id.invoice_ids)

    def test_an_amount_that_says_nothing_of_itself_is_goodwill(self):
        order = self.sold(("L1", 1, "10.00", self.vat))
        message = refund_message(order, transactions=[paid_back("6.00")])
        self.assertNote(self.refunded(message), "6.00", "1.00")

    def test_duties_and_tips_go_back_to_where_they_were_charged(self):
        none = self.env["account.tax"]
        order = self.sold(
            ("L1", 1, "10.00", self.vat),
            ("D1", 1, "4.00", none, LineKind.DUTY),
            ("T1", 1, "3.00", none, LineKind.TIP),
        )
        message = refund_message(
            order,
            adjustments=[adjusted("4.00", "duty"), adjusted("3.00", "tip")],
            transactions=[paid_back("7.00")],
        )
        self.assertNote(self.refunded(message), "7.00", "0.00")

    def test_what_is_kept_lowers_the_credit_note(self):
        order = self.sold(("L1", 1, "10.00", self.vat))
        message = refund_message(
            order,
            back("L1", 1, "10.00", "2.00"),
            adjustments=[adjusted("-2.40")],
            transactions=[paid_back("9.60")],
        )
        self.assertNote(self.refunded(message), "9.60", "1.60")

    # What changes no invoice

    def test_units_that_left_the_order_before_it_was_invoiced_change_no_invoice(self):
        order = self.sold(("L1", 1, "10.00", self.vat), L1=(2, 1))
        line = back("L1", 1, "10.00", "2.00", CANCEL)
        binding = self.refunded(refund_message(order, line, transactions=[paid_back("12.00")]))
        self.assertEqual((binding.state, binding.odoo_id.ids), ("no_effect", []))
        self.assertEqual(self.problems(), [])

    def test_units_that_left_an_invoiced_order_are_credited(self):
        order = self.sold(("L1", 2, "10.00", self.vat))
        line = back("L1", 1, "10.00", "2.00", CANCEL)
        message = refund_message(order, line, transactions=[paid_back("12.00")])
        self.assertNote(self.refunded(message), "12.00", "2.00")

    def test_a_refund_inside_the_first_import_has_no_line_to_credit(self):
        order = self.sold(("L1", 1, "10.00", self.vat))
        line = back("L9", 1, "7.00", "1.40", CANCEL)
        binding = self.refunded(refund_message(order, line, transactions=[paid_back("8.40")]))
        self.assertEqual((binding.state, self.problems()), ("no_effect", []))

    def test_an_edit_that_gives_nothing_back_has_no_effect(self):
        order = self.sold(("L1", 2, "10.00", self.vat))
        binding = self.refunded(refund_message(order, back("L1", 1, "0", "0", CANCEL)))
        self.assertEqual((binding.state, self.problems()), ("no_effect", []))

    def test_an_order_that_was_only_authorised_owes_nothing_back(self):
        order = self.sold(("L1", 1, "10.00", self.vat), invoiced=False)
        order.odoo_id._action_cancel()
        binding = self.refunded(refund_message(order, back("L1", 1, "10.00", "2.00", CANCEL)))
        self.assertEqual((binding.state, self.problems()), ("no_effect", []))

    # Waiting

    def test_a_refund_waits_for_its_transactions(self):
        order = self.sold(("L1", 1, "10.00", self.vat))
        tx = paid_back("12.00", "pending", name="PENDING-1")
        binding = self.refunded(
            refund_message(order, back("L1", 1, "10.00", "2.00"), transactions=[tx])
        )
        self.assertEqual((binding.state, binding.waits_for), ("waiting", "transactions"))
        self.drain(
            payment_message("12.00", order=order, external_id="PENDING-1", payment_kind="refund")
        )
        self.assertNote(binding, "12.00", "2.00")

    def test_a_refund_whose_transaction_fails_is_left_to_a_person(self):
        order = self.sold(("L1", 1, "10.00", self.vat))
        self.drain(payment_message("12.00", order=order))
        tx = paid_back("12.00", "pending", name="PENDING-2")
        binding = self.refunded(
            refund_message(order, back("L1", 1, "10.00", "2.00"), transactions=[tx])
        )
        self.drain(
            payment_message(
                "12.00", order=order, external_id="PENDING-2", payment_kind="refund",
                state=TransactionState.FAILURE,
            )
        )  # fmt: skip
        self.assertNote(binding, "12.00", "2.00", state="draft")
        self.assertIn("refund_mismatch", self.problems())

    def test_a_refund_whose_order_is_not_known_waits_and_finds_it(self):
        message = refund_message(
            "O-LATER", back("L1", 1, "10.00", "2.00"), transactions=[paid_back("12.00")]
        )
        binding = self.refunded(message)
        self.assertEqual((binding.state, binding.waits_for), ("waiting", "order"))
        order = self.sold(("L1", 1, "10.00", self.vat), invoiced=False)
        order.write({"external_id": "O-LATER"})
        order._attach_refunds()
        self.assertEqual(binding.order_binding_id, order)
        self.invoice(order)
        self.assertNote(binding, "12.00", "2.00")

    def test_a_refund_is_credited_when_its_invoice_is_posted(self):
        order = self.sold(("L1", 2, "10.00", self.vat), invoiced=False)
        binding = self.refunded(
            refund_message(order, back("L1", 1, "10.00", "2.00"), transactions=[paid_back("12.00")])
        )
        self.assertEqual((binding.state, binding.waits_for), ("waiting", "invoice"))
        self.invoice(order)
        self.assertNote(binding, "12.00", "2.00")

    def test_more_than_was_invoiced_waits(self):
        order = self.sold(("L1", 1, "10.00", self.vat))
        line = back("L1", 2, "20.00", "4.00")
        binding = self.refunded(refund_message(order, line, transactions=[paid_back("24.00")]))
        self.assertEqual((binding.state, binding.waits_for), ("waiting", "invoice"))
        self.assertFalse(binding.odoo_id)

    def test_what_waits_for_days_is_shown(self):
        message = refund_message("O-NEVER", transactions=[paid_back("1.00")])
        binding = self.refunded(message)
        self.env["retail.credit.note"]._try(binding)
        self.assertEqual(self.problems(), ["refund_waits"])

    # What does not tie

    def test_a_refund_that_does_not_tie_is_a_draft_with_both_computations(self):
        order = self.sold(("L1", 1, "10.00", self.vat))
        self.drain(payment_message("12.00", order=order))
        line = back("L1", 1, "10.00", "2.00")
        binding = self.refunded(refund_message(order, line, transactions=[paid_back("11.00")]))
        self.assertNote(binding, "12.00", "2.00", state="draft")
        exception = self.env["retail.exception"].search([("code", "=", "refund_mismatch")])
        self.assertEqual(exception.error_class, "finance")
        self.assertEqual(exception.amount_at_risk, 12)
        rows = {row[0]: row[1:] for row in exception.comparison}
        self.assertEqual(rows["What went back"][0], "11.00 EUR")
        self.assertEqual(rows["Credit note"], ["12.00 EUR", "12.00 EUR"])

    def test_a_draft_that_a_person_posts_settles_its_refund(self):
        order = self.sold(("L1", 1, "10.00", self.vat))
        self.drain(payment_message("12.00", order=order))
        line = back("L1", 1, "10.00", "2.00")
        binding = self.refunded(refund_message(order, line, transactions=[paid_back("11.00")]))
        binding.odoo_id.action_post()
        self.assertEqual((binding.state, self.problems()), ("posted", []))

    def test_money_in_another_currency_is_shown_and_tried_again(self):
        order = self.sold(("L1", 1, "10.00", self.vat))
        tx = paid_back("12.00", currency="USD")
        line = back("L1", 1, "10.00", "2.00")
        binding = self.refunded(refund_message(order, line, transactions=[tx]))
        self.assertEqual((binding.state, binding.waits_for), ("waiting", "person"))
        self.assertEqual(self.problems(), ["refund_refused"])

    # Exchanges

    def test_an_exchange_is_set_off_against_the_new_goods(self):
        order = self.sold(("L1", 1, "10.00", self.vat), ("L2", 1, "10.00", self.vat))
        self.drain(payment_message("12.00", order=order))
        line = back("L1", 1, "10.00", "2.00")
        binding = self.refunded(refund_message(order, line, return_external_id="RET1"))
        self.assertNote(binding, "12.00", "2.00")

    def test_a_return_whose_money_did_not_go_back_is_no_exchange(self):
        order = self.sold(("L1", 1, "10.00", self.vat))
        self.drain(payment_message("12.00", order=order))
        line = back("L1", 1, "10.00", "2.00")
        binding = self.refunded(refund_message(order, line, return_external_id="RET1"))
        self.assertNote(binding, "12.00", "2.00", state="draft")

    # Order and number of messages

    def test_the_same_refund_twice_is_one_credit_note(self):
        order = self.sold(("L1", 2, "10.00", self.vat))
        message = refund_message(
            order, back("L1", 1, "10.00", "2.00"), transactions=[paid_back("12.00")]
        )
        binding = self.refunded(message)
        self.assertEqual(self.refunded(message), binding)
        notes = order.odoo_id.invoice_ids.filtered(lambda one: one.move_type == "out_refund")
        self.assertEqual(len(notes), 1)

    def test_a_refund_before_its_payment_is_credited(self):
        order = self.sold(("L1", 1, "10.00", self.vat))
        line = back("L1", 1, "10.00", "2.00")
        message = refund_message(order, line, transactions=[paid_back("12.00", name="RF1")])
        move = self.assertNote(self.refunded(message), "12.00", "2.00")
        self.drain(
            payment_message("12.00", order=order, external_id="RF1", payment_kind="refund"),
            payment_message("12.00", order=order),
        )
        self.post()
        self.assertEqual(move.amount_residual, 0)
        self.assertEqual(move.reversed_entry_id.amount_residual, 0)

    def test_a_refund_that_is_changed_after_it_was_credited_is_shown(self):
        order = self.sold(("L1", 2, "10.00", self.vat))
        message = refund_message(
            order, back("L1", 1, "10.00", "2.00"), transactions=[paid_back("12.00")]
        )
        binding = self.refunded(message)
        later = message.model_copy(
            update={
                "updated_at": message.updated_at.replace(hour=23),
                "lines": (back("L1", 2, "20.00", "4.00"),),
            }
        )
        self.refunded(later)
        self.assertNote(binding, "12.00", "2.00")
        self.assertEqual(self.problems(), ["refund_changed"])

    def test_the_second_refund_of_a_line_credits_the_rest(self):
        order = self.sold(("L1", 2, "10.00", self.vat))
        for _time in range(2):
            line = back("L1", 1, "10.00", "2.00")
            message = refund_message(order, line, transactions=[paid_back("12.00")])
            self.assertNote(self.refunded(message), "12.00", "2.00")
        line = back("L1", 1, "10.00", "2.00")
        third = self.refunded(refund_message(order, line, transactions=[paid_back("12.00")]))
        self.assertEqual(third.state, "waiting")

    def test_several_invoices_of_one_order_are_credited_together(self):
        order = self.sold(("L1", 1, "10.00", self.vat))
        order.odoo_id.order_line.product_uom_qty = 3
        self.invoice(order)
        line = back("L1", 3, "30.00", "6.00")
        move = self.assertNote(
            self.refunded(refund_message(order, line, transactions=[paid_back("36.00")])),
            "36.00", "6.00",
        )  # fmt: skip
        self.assertIn(move, order.odoo_id.invoice_ids)

    def test_a_refund_in_a_locked_period_is_credited_on_the_first_open_day(self):
        order = self.sold(("L1", 1, "10.00", self.vat))
        self.company.fiscalyear_lock_date = "2026-05-31"
        line = back("L1", 1, "10.00", "2.00")
        message = refund_message(order, line, transactions=[paid_back("12.00")])
        move = self.assertNote(self.refunded(message), "12.00", "2.00")
        self.assertGreater(str(move.date), "2026-05-31")

    # People

    def test_an_accountant_settles_by_hand_and_it_stays_so(self):
        order = self.sold(("L1", 1, "10.00", self.vat), invoiced=False)
        line = back("L1", 1, "10.00", "2.00")
        binding = self.refunded(refund_message(order, line, transactions=[paid_back("12.00")]))
        binding.action_settle()
        self.invoice(order)
        self.assertEqual((binding.state, binding.odoo_id.ids), ("settled", []))
