from odoo.tests import tagged

from odoo.addons.retail_connector_base.decisions.outcome import Outcome
from odoo.addons.retail_connector_base.decisions.problem import ImportProblem

from .orders import START, OrderCase, changed, line, order


@tagged("post_install", "-at_install")
class TestOrderCancel(OrderCase):
    def reserve(self):
        requests = self.env["retail.reservation.request"].search([])
        self.env["retail.reservation"]._reserve(requests)

    def cancelled(self, message):
        lines = tuple(one.model_copy(update={"quantity": 0}) for one in message.lines)
        return changed(message, cancelled_at=START, cancel_reason="customer", lines=lines)

    def test_stock_is_freed_and_the_record_shows_it(self):
        message = order(line("A", 2), total="20.00")
        sale = self.imported(message)
        self.reserve()
        quants = self.products["A"].stock_quant_ids
        quant = quants.filtered(lambda quant: quant.location_id.usage == "internal")
        self.assertEqual(quant.reserved_quantity, 2)
        self.imported(self.cancelled(message))
        self.assertEqual((sale.state, quant.reserved_quantity), ("cancel", 0))
        binding = self.binding(message)
        self.assertEqual(binding.state, "cancelled")
        self.assertIn("compensated", [entry["state"] for entry in binding.process_log])
        self.assertFalse(sale.message_ids.filtered("mail_ids"))

    def test_a_cancelled_order_is_not_revived(self):
        message = order(line("A"), total="10.00")
        sale = self.imported(message)
        self.imported(self.cancelled(message))
        self.imported(changed(self.cancelled(message), minutes=5))
        self.imported(changed(message, minutes=9))
        self.assertEqual(sale.state, "cancel")

    def test_after_shipment_a_person_decides(self):
        message = order(line("A"), total="10.00")
        sale = self.imported(message)
        self.reserve()
        sale.picking_ids.button_validate()
        problem = self.problem_of(self.cancelled(message))
        self.assertEqual(problem.code, "cancel_after_shipment")
        self.assertEqual(sale.state, "sale")

    def test_what_was_cancelled_before_it_came_is_left_out(self):
        message = self.cancelled(order(line("A"), total="10.00"))
        results, failures = self.run_import(message)
        self.assertFalse(failures)
        self.assertIs(results[message.external_id].outcome, Outcome.IGNORED)
        self.assertFalse(self.binding(message))

    def test_a_deleted_order_is_cancelled(self):
        message = order(line("A"), total="10.00")
        sale = self.imported(message)
        self.env["retail.importer.order"]._on_deleted(self.binding(message))
        self.assertEqual(sale.state, "cancel")

    def test_a_deleted_order_that_has_left_is_for_a_person(self):
        message = order(line("A"), total="10.00")
        sale = self.imported(message)
        self.reserve()
        sale.picking_ids.button_validate()
        with self.assertRaises(ImportProblem):
            self.env["retail.importer.order"]._on_deleted(self.binding(message))
