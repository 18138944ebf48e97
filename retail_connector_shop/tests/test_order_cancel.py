from dataclasses import replace

from odoo.tests import tagged

from odoo.addons.retail_connector_base.decisions.outcome import Outcome
from odoo.addons.retail_connector_base.decisions.problem import ImportProblem

from .orders import START, OrderCase, changed, item, line, order


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

    def outcome(self, message):
        results, failures = self.run_import(message)
        self.assertFalse(failures)
        return results[message.external_id].outcome

    def left_out(self, message):
        return self.env["retail.left.out"].search([("external_id", "=", message.external_id)])

    def test_an_older_state_does_not_revive_what_was_cancelled_before_it_came(self):
        older = order(line("A"), total="10.00")
        newer = self.cancelled(older)
        self.assertIs(self.outcome(newer), Outcome.IGNORED)
        self.assertIs(self.outcome(older), Outcome.SUPERSEDED)
        self.assertFalse(self.binding(older))

    def test_of_states_of_one_second_the_later_observation_counts(self):
        older = order(line("A"), total="10.00")
        newer = self.cancelled(older).model_copy(update={"updated_at": older.updated_at})
        observed = older.version + 1
        first, last = item(older), replace(item(newer), observed_at=observed)
        importer = self.env["retail.importer.order"]
        importer._import_batch(self.backend, [last])
        result = importer._import_batch(self.backend, [first])[first.message_id]
        self.assertIs(result.outcome, Outcome.SUPERSEDED)

    def test_an_order_of_which_nothing_was_wanted_is_not_revived(self):
        older = order(line("A"), total="10.00")
        empty = [one.model_copy(update={"quantity": 0}) for one in older.lines]
        self.assertIs(self.outcome(changed(older, lines=tuple(empty))), Outcome.IGNORED)
        self.assertIs(self.outcome(older), Outcome.SUPERSEDED)

    def test_a_newer_state_of_what_was_left_out_is_imported(self):
        message = order(line("A"), total="10.00")
        self.outcome(self.cancelled(message))
        self.assertEqual(len(self.left_out(message)), 1)
        self.assertIs(self.outcome(changed(message, minutes=5)), Outcome.DONE)
        self.assertEqual(self.binding(message).odoo_id.state, "sale")
        self.assertFalse(self.left_out(message))

    def test_the_newest_state_that_was_left_out_is_remembered(self):
        message = order(line("A"), total="10.00")
        last = changed(self.cancelled(message), minutes=9)
        for state in (self.cancelled(message), last):
            self.assertIs(self.outcome(state), Outcome.IGNORED)
        self.assertEqual(self.left_out(message).version, str(last.version))
        self.assertIs(self.outcome(changed(message, minutes=5)), Outcome.SUPERSEDED)

    def test_what_was_left_out_by_a_setting_is_imported_again_on_demand(self):
        message = order(line("A"), total="10.00", test=True)
        self.backend.import_test_orders = False
        self.assertIs(self.outcome(message), Outcome.IGNORED)
        self.backend.import_test_orders = True
        self.assertIs(self.outcome(message), Outcome.DONE)

    def test_another_shops_order_of_the_same_number_is_another_order(self):
        message = order(line("A"), total="10.00")
        other = self.backend.copy({"name": "Other"})
        self.env["retail.left.out"]._remember(other, [item(self.cancelled(message))])
        self.assertIs(self.outcome(message), Outcome.DONE)

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
