from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PaymentCase, make_order, make_product, set_rate

MAKER = "odoo.addons.retail_connector_payment.models.retail_invoicing_make"


class InvoicingCase(PaymentCase):
    """Orders of a backend whose policy makes the invoices."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods = make_product(cls.env, cls.company, is_storable=True, type="consu")
        cls.counted = make_product(
            cls.env, cls.company, is_storable=True, type="consu", invoice_policy="delivery"
        )
        warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)])
        for product in cls.goods | cls.counted:
            cls.env["stock.quant"]._update_available_quantity(
                product, warehouse[:1].lot_stock_id, 100
            )
        cls.backend.invoice_policy = "order"

    def invoice_all(self, most=20):
        """Run the lane of the company to its end; return how many chunks there were."""
        lane = self.env["retail.invoicing"]
        for done in range(most):
            if not lane._try_chunk(self.company.id):
                self.env.flush_all()
                self.env.invalidate_all()
                return done
        raise AssertionError("the lane does not come to an end")

    def invoices(self, *bindings):
        """Return the invoices of orders."""
        orders = self.env["sale.order"].union(*(binding.odoo_id for binding in bindings))
        return orders.invoice_ids

    def order_of(self, product, quantity=2, **values):
        """Return an order of some units at 10."""
        return make_order(self.backend, product, "10.00", quantity=quantity, **values)

    def deliver(self, binding, quantity):
        """Let some units of an order leave; the rest stays a backorder."""
        picking = binding.odoo_id.picking_ids.filtered(lambda each: each.state != "done")
        picking.move_ids.write({"quantity": quantity, "picked": True})
        picking.with_context(skip_backorder=True).button_validate()

    def exceptions(self, state="open"):
        return self.env["retail.exception"].search(
            [("code", "=", "invoicing_failed"), ("state", "=", state)]
        )


@tagged("post_install", "-at_install")
class TestInvoicePolicy(InvoicingCase):
    def test_by_default_a_person_makes_the_invoices(self):
        self.backend.invoice_policy = "manual"
        binding = self.order()
        self.assertEqual(self.invoice_all(), 0)
        self.assertFalse(self.invoices(binding))

    def test_on_order_each_order_has_its_posted_invoice(self):
        bindings = [self.order(partner=self.partner) for _time in range(3)]
        self.assertEqual(self.invoice_all(), 1)
        found = self.invoices(*bindings)
        self.assertEqual(len(found), 3)
        self.assertEqual(set(found.mapped("state")), {"posted"})
        self.assertEqual(self.invoice_all(), 0)

    def test_many_orders_are_done_in_batches(self):
        bindings = [self.order() for _time in range(35)]
        self.assertEqual(self.invoice_all(), 2)
        self.assertEqual(len(self.invoices(*bindings)), 35)

    def test_an_invoice_is_paid_by_what_was_paid_before(self):
        binding = self.order()
        self.note(100, order=binding)
        self.post()
        self.invoice_all()
        self.assertIn(self.invoices(binding).payment_state, ("paid", "in_payment"))

    def test_held_cancelled_and_paused_ones_are_left_alone(self):
        held, cancelled = self.order(), self.order()
        self.env["retail.order.hold"].create({"binding_id": held.id, "reason": "fraud"})
        cancelled.state = "cancelled"
        self.assertEqual(self.invoice_all(), 0)
        other = self.order()
        self.backend.paused = True
        self.assertEqual(self.invoice_all(), 0)
        self.backend.paused = False
        self.invoice_all()
        self.assertTrue(self.invoices(other))

    def test_the_sweep_wakes_the_lane_only_when_something_is_owed(self):
        woken = self.env.cr.postcommit.data.setdefault("retail.invoicing", set())
        self.env["retail.invoicing"]._sweep()
        self.assertNotIn((self.company.id,), woken)
        self.order()
        self.env["retail.invoicing"]._sweep()
        self.assertIn((self.company.id,), woken)

    def test_an_order_in_another_currency_is_invoiced_in_it(self):
        set_rate(self.env, self.company, "USD", 2.0)
        binding = self.order(currency="USD")
        self.invoice_all()
        self.assertEqual(self.invoices(binding).currency_id.name, "USD")


@tagged("post_install", "-at_install")
class TestInvoiceOnDelivery(InvoicingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.backend.invoice_policy = "delivery"

    def test_nothing_is_invoiced_before_it_left(self):
        bindings = [self.order_of(self.goods), self.order_of(self.counted)]
        self.assertEqual(self.invoice_all(), 0)
        self.assertFalse(self.invoices(*bindings))

    def test_what_is_invoiced_as_ordered_waits_for_all_of_it(self):
        binding = self.order_of(self.goods)
        self.deliver(binding, 1)
        self.assertEqual(self.invoice_all(), 0)
        self.deliver(binding, 1)
        self.invoice_all()
        self.assertEqual(self.invoices(binding).amount_untaxed, 20)

    def test_what_is_invoiced_as_delivered_is_invoiced_in_parts(self):
        binding = self.order_of(self.counted)
        self.deliver(binding, 1)
        self.invoice_all()
        self.assertEqual(self.invoices(binding).mapped("amount_untaxed"), [10])
        self.deliver(binding, 1)
        self.invoice_all()
        self.assertEqual(self.invoices(binding).mapped("amount_untaxed"), [10, 10])

    def test_an_order_of_services_waits_for_nothing(self):
        binding = self.order()
        self.invoice_all()
        self.assertTrue(self.invoices(binding))


@tagged("post_install", "-at_install")
class TestInvoiceConsolidated(InvoicingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.backend.write({"invoice_policy": "consolidated", "invoice_period": "month"})

    def on(self, day, **values):
        """Return an order of the same customer on a day."""
        return self.order(partner=self.partner, local_date=day, **values)

    def test_a_period_is_invoiced_when_it_is_over_once_per_customer(self):
        bindings = [self.on("2026-05-02"), self.on("2026-05-30")]
        stranger = self.order(local_date="2026-05-10")
        with freeze_time("2026-05-31 12:00:00"):
            self.assertEqual(self.invoice_all(), 0)
        with freeze_time("2026-06-01 12:00:00"):
            self.invoice_all()
        self.assertEqual(self.invoices(*bindings).mapped("amount_total"), [200])
        self.assertEqual(self.invoices(stranger).mapped("amount_total"), [100])

    def test_periods_are_kept_apart(self):
        bindings = [self.on("2026-04-30"), self.on("2026-05-01")]
        with freeze_time("2026-06-01 12:00:00"):
            self.invoice_all()
        self.assertEqual(len(self.invoices(*bindings)), 2)

    def test_weeks_begin_on_monday(self):
        self.backend.invoice_period = "week"
        bindings = [self.on("2026-05-04"), self.on("2026-05-10"), self.on("2026-05-11")]
        with freeze_time("2026-05-11 12:00:00"):
            self.invoice_all()
        self.assertEqual(self.invoices(*bindings).mapped("amount_total"), [200])

    def test_currencies_are_kept_apart(self):
        set_rate(self.env, self.company, "USD", 2.0)
        bindings = [self.on("2026-05-02"), self.on("2026-05-03", currency="USD")]
        with freeze_time("2026-06-01 12:00:00"):
            self.invoice_all()
        self.assertEqual(
            sorted(self.invoices(*bindings).mapped("currency_id.name")), ["EUR", "USD"]
        )

    def test_other_addresses_of_a_customer_share_the_invoice(self):
        bindings = [self.on("2026-05-02"), self.on("2026-05-03")]
        address = self.env["res.partner"].create(
            {"name": "Depot", "parent_id": self.partner.id, "type": "delivery"}
        )
        bindings[1].odoo_id.partner_shipping_id = address
        with freeze_time("2026-06-01 12:00:00"):
            self.invoice_all()
        self.assertEqual(len(self.invoices(*bindings)), 1)

    def test_more_orders_than_a_chunk_still_share_one_invoice(self):
        bindings = [self.on("2026-05-02") for _time in range(33)]
        with freeze_time("2026-06-01 12:00:00"):
            self.invoice_all()
        self.assertEqual(self.invoices(*bindings).mapped("amount_total"), [3300])


@tagged("post_install", "-at_install")
class TestInvoiceTrouble(InvoicingCase):
    def broken(self):
        """Return an order that cannot be invoiced, and what would mend it."""
        binding = self.order()
        account = self.env["account.account"].create(
            {"name": "Old Debtors", "code": "129998", "account_type": "asset_receivable"}
        )
        binding.odoo_id.partner_invoice_id.property_account_receivable_id = account
        account.active = False
        return binding, account

    @mute_logger(MAKER)
    def test_one_that_fails_stops_no_other(self):
        bindings = [self.order() for _time in range(4)]
        broken, _account = self.broken()
        bindings += [self.order() for _time in range(4)]
        self.invoice_all()
        self.assertEqual(set(self.invoices(*bindings).mapped("state")), {"posted"})
        self.assertEqual(len(self.invoices(*bindings)), 8)
        self.assertFalse(self.invoices(broken))
        self.assertEqual(self.exceptions().amount_at_risk, 100)
        self.assertEqual(self.exceptions().res_id, broken.id)

    @mute_logger(MAKER)
    def test_it_is_invoiced_and_solved_once_the_cause_is_gone(self):
        broken, account = self.broken()
        self.invoice_all()
        account.active = True
        self.assertEqual(self.invoice_all(), 0, "it is not tried before its time")
        self.exceptions().action_retry()
        self.invoice_all()
        self.assertEqual(self.invoices(broken).state, "posted")
        self.assertFalse(self.exceptions())
        self.assertFalse(broken.invoice_error)

    def test_what_was_credited_is_not_invoiced_again(self):
        binding = self.order()
        self.invoice_all()
        invoice = self.invoices(binding)
        credit = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        credit.action_post()
        self.assertEqual(binding.odoo_id.invoice_status, "to invoice", "so Odoo says")
        self.invoice_all()
        self.assertEqual(len(self.invoices(binding)), 2)

    def test_what_is_added_after_a_credit_note_is_invoiced(self):
        binding = self.order()
        self.invoice_all()
        invoice = self.invoices(binding)
        invoice._reverse_moves([{"invoice_date": invoice.invoice_date}]).action_post()
        binding.odoo_id.order_line.write({"product_uom_qty": 3, "price_unit": 100})
        self.invoice_all()
        newest = self.invoices(binding).sorted("id")[-1]
        self.assertEqual((newest.move_type, newest.amount_total), ("out_invoice", 200))
