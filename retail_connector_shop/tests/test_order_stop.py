from unittest.mock import patch

from odoo.tests import tagged

from .orders import START, OrderCase, changed, line, order


@tagged("post_install", "-at_install")
class TestOrderStop(OrderCase):
    """Orders whose goods somebody was told to send: he is asked before anything is cancelled."""

    def setUp(self):
        super().setUp()
        self.asked, self.waits = [], True
        bindings, test = self.registry["retail.order.binding"], self

        def ask(binding, reason=""):
            test.asked.append(reason)
            return binding if test.waits else binding.browse()

        self.startPatcher(patch.object(bindings, "_ask_to_stop", ask))
        self.message = order(line("A", 2), total="20.00")
        self.sale = self.imported(self.message)
        self.over = changed(self.message, cancelled_at=START, cancel_reason="customer")

    def test_the_order_stays_until_he_agrees(self):
        self.imported(self.over)
        self.assertEqual(self.asked, ["customer"])
        binding = self.binding(self.message)
        self.assertEqual((self.sale.state, binding.state), ("sale", "confirmed"))
        self.assertTrue(binding._imported_order().cancelled_at)
        binding._cancel("customer")
        self.assertEqual((self.sale.state, binding.state), ("cancel", "cancelled"))

    def test_when_nobody_has_it_it_is_cancelled_at_once(self):
        self.waits = False
        self.imported(self.over)
        self.assertEqual(self.sale.state, "cancel")

    def test_a_deleted_order_waits_as_well(self):
        self.env["retail.importer.order"]._on_deleted(self.binding(self.message))
        self.assertEqual(len(self.asked), 1)
        self.assertEqual(self.sale.state, "sale")

    def test_the_address_of_a_released_order_changes_only_where_somebody_can_be_asked(self):
        binding = self.binding(self.message)
        binding._advance("released")
        self.assertFalse(binding._may_change_address())
