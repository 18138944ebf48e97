from odoo.tests import tagged

from odoo.addons.retail_connector_base.decisions.problem import MissingParentError

from .common import PosCase
from .tickets import line, ticket


@tagged("post_install", "-at_install")
class TestReturnWeb(PosCase):
    """Goods of a web order come back over the counter."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partner = cls.env["res.partner"].create({"name": "Web"})
        cls.sale = cls.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "company_id": cls.company.id,
                "warehouse_id": cls.warehouse.id,
                "order_line": [
                    (0, 0, {"product_id": cls.products["A"].id, "product_uom_qty": 2,
                            "price_unit": 10}),
                ],
            }
        )  # fmt: skip
        cls.sale.action_confirm()
        cls.shop = cls.backend.copy({"name": "Shop", "company_id": cls.company.id})
        cls.binding = cls.env["retail.order.binding"].create(
            {
                "backend_id": cls.shop.id,
                "external_id": "gid://shop/1",
                "name": "#1001",
                "odoo_id": cls.sale.id,
                "currency_id": cls.sale.currency_id.id,
            }
        )

    def _deliver(self):
        picking = self.sale.picking_ids
        picking.move_ids.quantity = 2
        picking.move_ids.picked = True
        picking._action_done()

    def _back(self, quantity=-1, **values):
        return ticket(line("A", quantity, price=10), **{"order_external_id": "#1001", **values})

    def test_delivered_goods_come_back_and_refer_to_the_order(self):
        self._deliver()
        message = self._back()
        self.drain(message)
        returned = self.order(message).lines
        self.assertEqual(returned.retail_sale_line_id, self.sale.order_line)
        self.assertFalse(returned.refunded_orderline_id)
        self.assertEqual(self.order(message).amount_total, -10)

    def test_it_is_found_by_the_channels_id_on_the_line_too(self):
        self._deliver()
        message = ticket(line("A", -1, price=10, original_ticket_external_id="gid://shop/1"))
        self.drain(message)
        self.assertEqual(self.order(message).lines.retail_sale_line_id, self.sale.order_line)

    def test_goods_come_back_to_the_store_that_took_them(self):
        self._deliver()
        self.drain(self._back(store="S2"))
        self.env["retail.pos.stock"]._move_some(self.warehouse2.id)
        self.assertEqual(self.on_hand("A", self.warehouse2), 101)

    def test_more_than_was_delivered_does_not_come_back(self):
        self.assertEqual(self.problem_of(self._back()).code, "return_exceeds_sale")
        self._deliver()
        self.drain(self._back(-2))
        self.assertEqual(self.problem_of(self._back()).code, "return_exceeds_sale")

    def test_a_return_waits_for_its_web_order(self):
        message = self._back(order_external_id="#2002")
        _results, failures = self.run_import(message)
        self.assertIsInstance(failures[message.external_id], MissingParentError)
        self.assertEqual(failures[message.external_id].entity_key, "order:#2002")

    def test_what_is_sold_when_a_web_order_is_picked_up_is_no_return(self):
        message = ticket(line("B", 1), order_external_id="#1001")
        self.drain(message)
        self.assertFalse(self.order(message).lines.retail_sale_line_id)
