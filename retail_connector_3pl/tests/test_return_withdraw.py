from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.retail_connector_base.providers import Capability

from .returns import ReturnCase, coming, line


@tagged("post_install", "-at_install")
class TestReturnWithdraw(ReturnCase):
    """A return that was announced to the warehouse and is called off."""

    def announced(self):
        """Return an authorised return of which the backend is owed the announcement."""
        order = self.delivered(A=2)
        self.receive(
            coming("authorized", line("A", 2), order=self.shop_id(order), name="RMA-5",
                   external_id="T-1"),
            backend=self.tool,
        )  # fmt: skip
        return self.returned(order)

    def test_the_warehouse_is_told_once_under_its_own_number(self):
        record = self.announced()
        self.send()
        number = record.binding_ids.filtered(lambda one: one.backend_id == self.backend)
        record.action_cancel()
        record._changed()
        self.send()
        [told] = self.asked("cancel_return")
        self.assertEqual(
            (told.reference, told.location_external_id, told.announcement_external_id),
            (record.name, "W1", number.external_id),
        )
        self.assertFalse(record.picking_ids.move_ids.filtered(lambda one: one.state != "cancel"))
        self.assertNotIn("return_still_announced", self.all_problems())

    def test_a_shop_that_calls_it_off_is_passed_on(self):
        record = self.announced()
        self.send()
        self.receive(
            coming("cancelled", line("A", 2), order=record.order_external_id, name="RMA-5",
                   external_id="T-1", minutes=20),
            backend=self.tool,
        )  # fmt: skip
        self.send()
        self.assertEqual(record.state, "cancelled")
        self.assertEqual(len(self.asked("cancel_return")), 1)

    def test_what_was_not_told_yet_is_neither_announced_nor_taken_back(self):
        record = self.announced()
        record.action_reject()
        self.send()
        self.assertEqual(self.asked("announce_return") + self.asked("cancel_return"), [])
        self.assertEqual(set(self.commands().mapped("state")), {"cancelled"})

    def test_goods_that_are_here_meanwhile_are_not_called_off(self):
        record = self.announced()
        self.send()
        record.action_cancel()
        bound = record.binding_ids.filtered(lambda one: one.backend_id == self.backend)
        self.happen(
            coming("received", line("A", 2, 2, disposition="restock"), minutes=60,
                   external_id=bound.external_id, location_external_id="W1")
        )  # fmt: skip
        self.send()
        self.assertEqual(self.asked("cancel_return"), [])
        self.assertEqual(self.on_hand("A"), 100)

    def test_a_warehouse_that_called_it_off_itself_is_not_told(self):
        record = self.announced()
        self.send()
        bound = record.binding_ids.filtered(lambda one: one.backend_id == self.backend)
        self.happen(coming("cancelled", line("A", 2), external_id=bound.external_id, minutes=60))
        self.send()
        self.assertEqual(record.state, "cancelled")
        self.assertEqual(self.asked("cancel_return"), [])

    def test_a_system_that_cannot_be_told_leaves_it_to_a_person(self):
        deaf = self.provider.capabilities - {Capability.CANCEL_RETURN}
        with patch.object(self.provider, "capabilities", deaf):
            record = self.announced()
            self.send()
            record.action_cancel()
            self.send()
            self.assertEqual(self.asked("cancel_return"), [])
            self.assertEqual(self.all_problems().count("return_still_announced"), 1)
            record._changed()
            self.assertEqual(self.all_problems().count("return_still_announced"), 1)
