from odoo.tests import tagged

from odoo.addons.retail_connector_base.canonical import PayableMoneySet

from .orders import BERLIN, OrderCase, changed, line, money, order, tax


def total(amount):
    return PayableMoneySet.single(amount, "EUR")


@tagged("post_install", "-at_install")
class TestOrderEdit(OrderCase):
    def setUp(self):
        super().setUp()
        self.message = order(
            line("A", 2, "10.00"), line("B", 1, "5.00"), total="25.00", note="Ring twice"
        )
        self.sale = self.imported(self.message)
        self.first, self.second = self.message.lines

    def edited(self, *lines, amount, **values):
        return changed(self.message, lines=lines, total=total(amount), **values)

    def quantity(self, number):
        return self.first.model_copy(update={"quantity": number})

    def moves(self):
        moves = self.sale.order_line.move_ids.filtered(lambda move: move.state != "cancel")
        return sorted((move.product_id.default_code, move.product_uom_qty) for move in moves)

    def test_a_quantity_is_changed(self):
        self.imported(self.edited(self.quantity(3), self.second, amount="35.00"))
        self.assertTotals(self.sale, "35.00", "0.00")
        self.assertEqual(self.moves(), [("A", 3.0), ("B", 1.0)])
        self.assertEqual(len(self.sale.order_line), 2)

    def test_a_quantity_is_lowered(self):
        self.imported(self.edited(self.quantity(1), self.second, amount="15.00"))
        self.assertEqual(self.moves(), [("A", 1.0), ("B", 1.0)])

    def test_a_line_is_added_and_another_removed(self):
        third = line("C", 1, "7.00")
        self.imported(self.edited(self.first, third, amount="27.00"))
        self.assertTotals(self.sale, "27.00", "0.00")
        self.assertEqual(self.moves(), [("A", 2.0), ("C", 1.0)])

    def test_a_removed_line_comes_back(self):
        removed = self.edited(self.first, amount="20.00")
        self.imported(removed)
        back = changed(removed, lines=(self.first, self.second), total=total("25.00"))
        self.imported(back)
        self.assertEqual(self.moves(), [("A", 2.0), ("B", 1.0)])

    def test_a_price_is_changed(self):
        cheaper = self.first.model_copy(update={"discount": money("5.00")})
        self.imported(self.edited(cheaper, self.second, amount="20.00"))
        self.assertTotals(self.sale, "20.00", "0.00")
        self.assertEqual(self.sale.order_line[0].discount, 25.0)

    def test_what_does_not_tie_changes_nothing(self):
        problem = self.problem_of(self.edited(self.quantity(3), self.second, amount="99.00"))
        self.assertEqual(problem.code, "total_mismatch")
        self.assertTotals(self.sale, "25.00", "0.00")

    def test_an_older_state_changes_nothing(self):
        self.imported(self.edited(self.quantity(3), self.second, amount="35.00"))
        self.run_import(changed(self.message, minutes=-1))
        self.assertTotals(self.sale, "35.00", "0.00")

    def test_work_in_odoo_is_not_overwritten(self):
        self.sale.order_line[0].product_uom_qty = 5
        problem = self.problem_of(self.edited(self.quantity(3), self.second, amount="35.00"))
        self.assertEqual(problem.code, "edit_conflict")
        (row,) = problem.comparison
        self.assertIn("2 × [A] Product A @ 10", row[0])
        self.assertEqual(row[1:], ("3 × [A] Product A @ 10", "5 × [A] Product A @ 10"))
        self.assertEqual(self.sale.order_line[0].product_uom_qty, 5)

    def test_work_in_odoo_stays_when_the_channel_changed_something_else(self):
        self.sale.order_line[0].product_uom_qty = 5
        self.imported(changed(self.message, note="Ring once"))
        self.assertEqual(self.sale.order_line[0].product_uom_qty, 5)
        self.assertIn("Ring once", self.sale.note)

    def test_the_same_change_on_both_sides_is_no_conflict(self):
        self.sale.order_line[0].product_uom_qty = 3
        self.imported(self.edited(self.quantity(3), self.second, amount="35.00"))
        self.assertTotals(self.sale, "35.00", "0.00")

    def test_what_was_shipped_cannot_be_taken_out(self):
        self.ship()
        problem = self.problem_of(self.edited(self.quantity(1), self.second, amount="15.00"))
        self.assertEqual(problem.code, "edit_conflict")

    def test_more_can_be_added_after_shipment(self):
        self.ship()
        self.imported(self.edited(self.quantity(3), self.second, amount="35.00"))
        self.assertEqual(self.moves(), [("A", 1.0), ("A", 2.0), ("B", 1.0)])

    def ship(self):
        requests = self.env["retail.reservation.request"].search([])
        self.env["retail.reservation"]._reserve(requests)
        self.sale.picking_ids.button_validate()
        self.assertEqual(self.sale.picking_ids.state, "done")

    def test_an_address_changes_the_delivery_too(self):
        moved = BERLIN.model_copy(update={"street": "Am Kupfergraben 5"})
        self.imported(changed(self.message, shipping_address=moved))
        self.assertEqual(self.sale.partner_shipping_id.street, "Am Kupfergraben 5")
        self.assertEqual(self.sale.picking_ids.partner_id, self.sale.partner_shipping_id)

    def test_a_quotation_is_edited_as_well(self):
        from odoo.addons.retail_connector_base.canonical import PaymentState

        message = order(line("A"), total="10.00", payment_state=PaymentState.PENDING)
        sale = self.imported(message)
        new = line("B", 1, "7.00")
        self.imported(changed(message, lines=(new,), total=total("7.00")))
        self.assertEqual(sale.order_line.product_id, self.products["B"])
        self.assertTotals(sale, "7.00", "0.00")

    def test_an_edit_that_makes_rounding_matter_ties_on_the_untouched_lines_too(self):
        """7 % of 1.05 is 0.07 a line in the shop; over the document Odoo would round to more."""
        self.make_tax(7)
        self.company.tax_calculation_rounding_method = "round_globally"
        small = [line(sku, 1, "1.05", taxes=[tax("0.07", "0.07")]) for sku in "ABC"]
        large = line("A", 1, "10.00", taxes=[tax("0.07", "0.70")])
        message = order(large, small[0], total="11.82", total_tax="0.77")
        sale = self.imported(message)
        self.assertFalse(any(sale.order_line.mapped("extra_tax_data")))
        wider = changed(
            message, lines=(large, *small), total=total("14.06"), total_tax=total("0.91")
        )
        self.imported(wider)
        self.assertTotals(sale, "13.15", "0.91")
        back = changed(wider, lines=message.lines, total=message.total, total_tax=total("0.77"))
        self.imported(back)
        self.assertTotals(sale, "11.05", "0.77")
