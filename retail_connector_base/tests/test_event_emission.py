from odoo.tests import tagged
from odoo.tests.common import TransactionCase

from ..canonical import DeliverEvent
from ..canonical.event import EVENTS
from .common import create_backend, offer_sample_provider
from .stock import make_product
from .subscription import create_subscriber, subscribe

CONFIRMED = "retail.order.confirmed.v1"
SHIPPED = "retail.order.shipped.v1"
RETURNED = "retail.return.completed.v1"
REFUNDED = "retail.refund.issued.v1"
PAID = "retail.payment.captured.v1"
DELIVERED = "retail.order.delivered.v1"
CANCELLED = "retail.order.cancelled.v1"
STOCK = "retail.stock.changed.v1"
CUSTOMER = "retail.customer.updated.v1"


class EmissionCase(TransactionCase):
    """Business changes, and who hears of them; in a transaction that is rolled back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(offer_sample_provider(cls.registry))
        cls.shop = create_backend(cls.env, name="Web Shop")
        cls.subscriber = create_subscriber(cls.env)
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )
        cls.product = make_product(cls.env, cls.warehouse, 10)
        cls.product.write({"default_code": "SKU-1", "list_price": 12.5, "invoice_policy": "order"})
        cls.partner = cls.env["res.partner"].create({"name": "Ada", "email": "ada@example.com"})
        cls.env["retail.partner.binding"].create(
            {"backend_id": cls.shop.id, "external_id": "C1", "odoo_id": cls.partner.id}
        )

    def order(self, bound=True, quantity=2, backend=None, **values):
        """Return a draft order, of a channel or of none."""
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "order_line": [
                    (0, 0, {"product_id": self.product.id, "product_uom_qty": quantity})
                ],
            }
        )
        if bound:
            binding = self.env["retail.order.binding"].create(
                {
                    "backend_id": (backend or self.shop).id,
                    "external_id": f"E{order.id}",
                    "name": "#1001",
                    "odoo_id": order.id,
                    "currency_id": order.currency_id.id,
                    "amount_total": order.amount_total,
                    **values,
                }
            )
            self.env["retail.order.line.binding"].create(
                {
                    "order_binding_id": binding.id,
                    "backend_id": binding.backend_id.id,
                    "company_id": binding.company_id.id,
                    "part": "line",
                    "external_id": "L1",
                    "odoo_id": order.order_line.id,
                }
            )
        return order

    def deliver(self, order):
        """Let the goods of an order leave; return the delivery."""
        picking = order.picking_ids.filtered(lambda found: found.state != "done")
        picking.move_ids.quantity = 2
        picking.move_ids.picked = True
        picking._action_done()
        return picking

    def told(self, subscription=None):
        """Return the events owed to a subscription, or to all, in their order."""
        self.env.cr.flush()
        domain = [("kind", "=", "deliver_event")]
        if subscription:
            domain.append(("subscription_id", "=", subscription.id))
        found = self.env["retail.outbox.command"].search(domain, order="id")
        return [DeliverEvent.model_validate(command.payload).event for command in found]

    def types(self, subscription=None):
        """Return the types of the events owed."""
        return [event.type for event in self.told(subscription)]


@tagged("post_install", "-at_install")
class TestEmission(EmissionCase):
    """Every event is owed when it happens, once, and says what a reader needs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        others = [code for code in EVENTS if code not in (STOCK, CUSTOMER)]
        cls.subscription, _secret = subscribe(cls.subscriber, types=others)

    def test_the_types_of_the_screen_are_those_of_the_contract(self):
        types = self.env["retail.event.type"].search([])
        self.assertEqual(
            {found.code: found.name for found in types},
            {code: model.label for code, model in EVENTS.items()},
        )

    def test_every_type_has_a_builder_or_a_lane(self):
        events = self.env["retail.event"]
        for code in EVENTS:
            name = f"_build_{events._name_of(code)}"
            self.assertTrue(code == STOCK or hasattr(events, name), name)

    def test_a_confirmed_order(self):
        order = self.order()
        order.action_confirm()
        (event,) = self.told()
        data = event.content()
        self.assertEqual((event.type, event.subject), (CONFIRMED, order.name))
        self.assertEqual(
            (data.channel_orders[0].channel, data.channel_orders[0].number), ("Web Shop", "#1001")
        )
        self.assertEqual(data.channel_customers[0].external_id, "C1")
        self.assertEqual(event.data["total"]["amount"], f"{order.amount_total:g}")
        (line,) = data.lines
        self.assertEqual((line.sku, line.external_id, str(line.quantity)), ("SKU-1", "L1", "2"))
        self.assertTrue(event.body().startswith(b'{"data":'))

    def test_what_is_rolled_back_was_never_told(self):
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.order().action_confirm()
            self.env.cr.flush()
            raise ZeroDivisionError
        self.assertEqual(self.told(), [])

    def test_a_confirmation_that_is_undone_before_the_commit_is_not_told(self):
        order = self.order()
        order.action_confirm()
        order._action_cancel()
        self.assertEqual(self.types(), [CANCELLED])

    def test_goods_that_leave_and_come_back(self):
        order = self.order()
        order.action_confirm()
        picking = self.deliver(order)
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = 1
        back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        back.move_ids.quantity = 1
        back.move_ids.picked = True
        back._action_done()
        self.assertEqual(self.types(), [CONFIRMED, SHIPPED, RETURNED])
        shipped, returned = (event.content() for event in self.told()[1:])
        self.assertEqual((shipped.delivery, shipped.order), (picking.name, order.name))
        self.assertEqual(
            (shipped.lines[0].external_id, str(shipped.lines[0].quantity)), ("L1", "2")
        )
        self.assertEqual((returned.receipt, str(returned.lines[0].quantity)), (back.name, "1"))

    def test_a_credit_note(self):
        order = self.order()
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.action_post()
        refund = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        self.assertEqual(self.types(), [CONFIRMED])
        refund.action_post()
        self.assertEqual(self.types(), [CONFIRMED, REFUNDED])
        data = self.told()[1].content()
        self.assertEqual((data.refund, data.order), (refund.name, order.name))
        self.assertEqual(float(data.total.amount), refund.amount_total)

    def test_an_order_that_becomes_paid_and_delivered_is_told_once(self):
        binding = self.order(payment_state="pending").retail_binding_ids
        for _again in range(2):
            binding.write({"payment_state": "paid"})
            binding.write({"state": "delivered"})
        self.assertEqual(self.types(), [PAID, DELIVERED])
        self.assertEqual(self.told()[0].data["amount"]["currency"], binding.currency_id.name)

    def test_an_order_that_comes_paid(self):
        self.order(payment_state="paid")
        self.assertEqual(self.types(), [PAID])

    def test_orders_of_no_channel_only_on_request(self):
        self.order(bound=False).action_confirm()
        self.assertEqual(self.told(), [])
        self.subscription.every_order = True
        order = self.order(bound=False)
        order.action_confirm()
        self.assertEqual([event.subject for event in self.told()], [order.name])

    def test_a_batch_costs_the_same_queries_however_many_listen(self):
        def queries(count):
            orders = self.env["sale.order"].browse()
            for _number in range(count):
                orders |= self.order()
            self.env.cr.flush()
            before = self.cr.sql_log_count
            self.env["retail.event"]._note(PAID, orders.retail_binding_ids)
            self.env.cr.flush()
            return self.cr.sql_log_count - before

        queries(1)
        few = queries(2)
        for number in range(3):
            subscribe(self.subscriber, types=[PAID], name=f"S{number}")
        queries(1)
        self.assertLessEqual(queries(20), few + 2)

    def test_nobody_listens_nothing_is_noted(self):
        self.subscription.unlink()
        order = self.order()
        order.action_confirm()
        self.assertFalse(self.env.cr.precommit.data.get("retail_event"))
        self.assertEqual(self.told(), [])

    def test_deleted_records_hinder_nobody(self):
        order = self.order(bound=False)
        self.env["retail.event"]._note(CONFIRMED, order)
        order.unlink()
        self.assertEqual(self.told(), [])


@tagged("post_install", "-at_install")
class TestFilters(EmissionCase):
    """Each hears what it asked for, and of its own company."""

    def _heard(self, order, **filters):
        subscription, _secret = subscribe(self.subscriber, types=[CONFIRMED], **filters)
        order.action_confirm()
        return self.types(subscription)

    def test_a_channel(self):
        other = create_backend(self.env, name="Other Shop")
        self.assertEqual(self._heard(self.order(), source_backend_ids=other.ids), [])
        self.assertEqual(self._heard(self.order(), source_backend_ids=self.shop.ids), [CONFIRMED])

    def test_a_brand(self):
        brand = self.env["retail.brand"].create({"name": "Fine"})
        self.assertEqual(self._heard(self.order(), brand_ids=brand.ids), [])
        self.shop.brand_id = brand
        self.assertEqual(self._heard(self.order(), brand_ids=brand.ids), [CONFIRMED])

    def test_a_warehouse(self):
        other = self.env["stock.warehouse"].create({"name": "Far", "code": "FAR"})
        self.assertEqual(self._heard(self.order(), warehouse_ids=other.ids), [])
        here = self.warehouse.ids
        self.assertEqual(self._heard(self.order(), warehouse_ids=here), [CONFIRMED])

    def test_a_type(self):
        subscription, _secret = subscribe(self.subscriber, types=[SHIPPED])
        order = self.order()
        order.action_confirm()
        self.assertEqual(self.types(subscription), [])
        self.deliver(order)
        self.assertEqual(self.types(subscription), [SHIPPED])

    def test_another_company_hears_nothing(self):
        company = self.env["res.company"].create({"name": "Company B"})
        theirs = create_subscriber(self.env, company_id=company.id)
        subscription, _secret = subscribe(theirs, every_order=True)
        self.order().action_confirm()
        self.product.stock_quant_ids._update_available_quantity(
            self.product, self.warehouse.lot_stock_id, 5
        )
        self.env.cr.flush()
        while self.env["retail.event.stock"]._try_chunk(theirs.id):
            pass
        self.partner.name = "Ada Lovelace"
        self.assertEqual([event for event in self.told(subscription) if event.type != STOCK], [])
        own = self.env["stock.warehouse"].search([("company_id", "=", company.id)])
        for event in self.told(subscription):
            self.assertIn(event.data["warehouse"], own.mapped("code"))

    def test_drafts_and_archived_ones_hear_nothing_and_paused_ones_later(self):
        draft, _secret = subscribe(self.subscriber, state="draft")
        gone, _secret = subscribe(self.subscriber, active=False)
        paused, _secret = subscribe(self.subscriber, state="paused", types=[CONFIRMED])
        self.order().action_confirm()
        self.assertEqual(
            (self.types(draft), self.types(gone), self.types(paused)), ([], [], [CONFIRMED])
        )


@tagged("post_install", "-at_install")
class TestStock(EmissionCase):
    """Stock is compared in the lane, and told only where it differs from what was told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.subscription, _secret = subscribe(
            cls.subscriber, types=[STOCK], warehouse_ids=cls.warehouse.ids
        )
        cls.env["retail.event.change"].search([]).unlink()

    def _compare(self):
        self.env.cr.flush()
        while self.env["retail.event.stock"]._try_chunk(self.subscriber.id):
            pass
        return [event.content() for event in self.told(self.subscription)]

    def _change(self, quantity):
        self.env["stock.quant"]._update_available_quantity(
            self.product, self.warehouse.lot_stock_id, quantity
        )

    def test_a_change_is_told_with_what_was_told_before(self):
        self._change(5)
        (first,) = self._compare()
        self.assertEqual(
            (first.sku, first.warehouse, str(first.available), first.before),
            ("SKU-1", self.warehouse.code, "15", None),
        )
        self._change(-3)
        second = self._compare()[1]
        self.assertEqual((str(second.available), str(second.before)), ("12", "15"))

    def test_what_comes_back_to_what_was_told_is_not_told(self):
        self._change(5)
        self._compare()
        self._change(-2)
        self._change(2)
        self.assertEqual(len(self._compare()), 1)

    def test_many_moves_are_one_word(self):
        for _number in range(5):
            self._change(1)
        self.assertEqual([str(word.available) for word in self._compare()], ["15"])

    def test_a_confirmed_order_counts_before_anything_moved(self):
        self._change(5)
        self._compare()
        self.order().action_confirm()
        self.assertEqual(str(self._compare()[-1].available), "13")

    def test_categories(self):
        category = self.env["product.category"].create({"name": "Shoes"})
        below = self.env["product.category"].create({"name": "Boots", "parent_id": category.id})
        self.subscription.category_ids = category
        self._change(5)
        self.assertEqual(self._compare(), [])
        self.product.categ_id = below
        self._change(1)
        self.assertEqual(len(self._compare()), 1)

    def test_only_the_latest_word_is_sent(self):
        self._change(5)
        self._compare()
        self._change(1)
        self._compare()
        found = self.env["retail.outbox.command"].search(
            [("subscription_id", "=", self.subscription.id)], order="id"
        )
        exporter = self.env["retail.exporter.deliver_event"]
        self.assertEqual([exporter._is_wanted(command) for command in found], [False, True])

    def test_nobody_listens_nothing_is_noted(self):
        self.subscription.unlink()
        self._change(5)
        self.env.cr.flush()
        self.assertFalse(self.env["retail.event.change"].search([]))


@tagged("post_install", "-at_install")
class TestCustomers(EmissionCase):
    """Customers of channels that change."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.subscription, _secret = subscribe(cls.subscriber, types=[CUSTOMER])

    def test_a_customer_that_moves(self):
        self.partner.write({"city": "London", "phone": "+44 20 7946 0000"})
        (event,) = self.told()
        data = event.content()
        self.assertEqual((data.name, data.address.city), ("Ada", "London"))
        self.assertEqual(data.channel_customers[0].external_id, "C1")

    def test_what_changes_nothing_is_not_told(self):
        self.partner.write({"name": "Ada", "comment": "x"})
        self.assertEqual(self.told(), [])

    def test_who_is_no_customer_of_a_channel_is_not_told(self):
        self.env["res.partner"].create({"name": "Bob"}).name = "Robert"
        self.assertEqual(self.told(), [])
