from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import PaymentKind
from odoo.addons.retail_connector_base.providers import Capability, Direction, FlowSpec
from odoo.addons.retail_connector_base.tests.common import offer_sample_provider
from odoo.addons.retail_connector_base.tests.sample_provider import SampleProvider

from ..decisions.capture import Part, share_out, shipped_value
from .common import PaymentCase, make_gateway

CENT = Decimal("0.01")
UNITS = st.integers(0, 10).map(Decimal)
PARTS = st.lists(
    st.builds(Part, st.integers(0, 10_000).map(lambda n: Decimal(n) / 100), UNITS, UNITS),
    max_size=5,
)


class CapturingProvider(SampleProvider):
    """A gateway that captures and voids."""

    capabilities = SampleProvider.capabilities | {
        Capability.PAYMENTS_IN,
        Capability.CAPTURE_PAYMENT,
        Capability.VOID_PAYMENT,
    }
    flows = (
        *SampleProvider.flows,
        FlowSpec("payment"),
        FlowSpec("payment_command", direction=Direction.OUT),
    )


@tagged("post_install", "-at_install")
class TestCaptureDecision(BaseCase):
    """What is to be taken."""

    def test_charges_go_with_the_first_parcel_and_the_last_takes_the_rest(self):
        goods, shipping = Part(Decimal("30.00"), Decimal(3), Decimal(1)), Part(Decimal("5.00"))
        self.assertEqual(shipped_value([goods, shipping], CENT), (Decimal("15.00"), False))
        whole = Part(Decimal("30.00"), Decimal(3), Decimal(3))
        self.assertEqual(shipped_value([whole, shipping], CENT), (Decimal("35.00"), True))
        self.assertEqual(shipped_value([shipping], CENT), (Decimal(0), False))

    @given(PARTS)
    def test_never_more_is_taken_than_the_order_costs(self, parts):
        value, whole = shipped_value(parts, CENT)
        total = sum((part.total for part in parts), Decimal(0))
        self.assertLessEqual(value, total + CENT)
        if whole:
            self.assertEqual(value, total)

    @given(UNITS, st.lists(UNITS, max_size=4))
    def test_an_authorisation_gives_no_more_than_its_rest(self, wanted, rests):
        shares = share_out(wanted, rests)
        self.assertEqual(sum(shares), min(wanted, sum(rests)))
        self.assertTrue(all(0 <= share <= rest for share, rest in zip(shares, rests, strict=True)))


@tagged("post_install", "-at_install")
class TestCapturePolicy(PaymentCase):
    """When authorised money is taken."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(offer_sample_provider(cls.registry, CapturingProvider))
        cls.backend = cls.env["retail.backend"].create(
            {
                "name": "Capturing",
                "provider": "sample",
                "state": "running",
                "company_id": cls.company.id,
                "capture_on": "shipment",
            }
        )
        cls.gateway = make_gateway(cls.backend)
        cls.product.write({"type": "consu", "is_storable": True, "invoice_policy": "order"})
        warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.env["stock.quant"]._update_available_quantity(cls.product, warehouse.lot_stock_id, 1000)

    def wide_order(self, quantity=4, amount="25.00", **values):
        """Return a confirmed order of several units."""
        order = self.order(amount, **values)
        values = {"product_uom_qty": quantity, "price_unit": float(amount)}
        order.odoo_id.order_line.write(values)
        order.amount_total = order.odoo_id.amount_total
        return order

    def authorize(self, order, amount="100.00", **values):
        """Let the gateway tell of an authorisation; return its payment."""
        message = self.payment_message(
            amount, order=order, payment_kind=PaymentKind.AUTHORIZATION, **values
        )
        self.drain(message)
        return self.payment(message)

    def ship(self, order, quantity):
        """Deliver some units of an order."""
        picking = order.odoo_id.picking_ids.filtered(lambda p: p.state not in ("done", "cancel"))
        picking.move_ids.write({"quantity": quantity, "picked": True})
        picking.with_context(skip_backorder=True)._action_done()
        return picking

    def commands(self, kind="capture_payment"):
        """Return (amount, final) of the captures, or the payments of the voids."""
        found = self.env["retail.outbox.command"].search(
            [("backend_id", "=", self.backend.id), ("kind", "=", kind)], order="id"
        )
        return [command._command() for command in found]

    def captures(self):
        return [(c.amount.amount, c.final) for c in self.commands()]

    def test_what_left_is_taken_and_the_last_parcel_takes_the_rest(self):
        order = self.wide_order()
        payment = self.authorize(order)
        self.assertEqual(self.captures(), [])
        self.ship(order, 1)
        self.assertEqual(self.captures(), [(25, False)])
        self.ship(order, 3)
        self.assertEqual(self.captures(), [(25, False), (75, True)])
        named = {c.payment_external_id for c in self.commands()}
        self.assertEqual(named, {payment.external_id})

    def test_no_more_is_taken_than_is_authorised(self):
        order = self.wide_order()
        self.authorize(order, "60.00")
        self.ship(order, 4)
        self.assertEqual(self.captures(), [(60, True)])

    def test_what_a_gift_card_paid_is_not_taken_again(self):
        order = self.wide_order()
        self.drain(self.payment_message("30.00", order=order, gateway="gift card"))
        self.authorize(order, "70.00")
        self.ship(order, 2)
        self.assertEqual(self.captures(), [(20, False)])

    def test_what_was_captured_at_the_gateway_is_not_taken_again(self):
        order = self.wide_order()
        payment = self.authorize(order)
        self.drain(
            self.payment_message(
                "25.00",
                order=order,
                payment_kind=PaymentKind.CAPTURE,
                parent_external_id=payment.external_id,
            )
        )
        self.ship(order, 1)
        self.assertEqual(self.captures(), [])

    def test_an_authorisation_that_is_told_after_the_shipment_is_taken_then(self):
        order = self.wide_order()
        self.ship(order, 4)
        self.authorize(order)
        self.assertEqual(self.captures(), [(100, True)])
        order._count_payments()
        self.assertEqual(len(self.captures()), 1)

    def test_on_confirmation_all_is_taken_at_once(self):
        self.backend.capture_on = "confirmation"
        order = self.wide_order()
        self.authorize(order)
        self.assertEqual(self.captures(), [(100, True)])

    def test_nothing_is_done_where_it_is_left_to_the_gateway(self):
        self.backend.capture_on = "manual"
        order = self.wide_order()
        self.authorize(order)
        self.ship(order, 4)
        self.assertEqual(self.captures(), [])
        order.state = "cancelled"
        self.assertEqual(self.commands("void_payment"), [])

    def test_a_gateway_that_cannot_is_told_to_a_person(self):
        self.backend.flow_ids.filtered(lambda flow: flow.kind == "payment_command").active = False
        order = self.wide_order()
        self.authorize(order)
        self.ship(order, 4)
        self.assertEqual(self.captures(), [])
        self.assertEqual(self.problems(), ["capture_unsupported"])

    def test_the_authorisation_of_a_cancelled_order_is_set_free_once(self):
        order = self.wide_order()
        payment = self.authorize(order)
        order.odoo_id._action_cancel()
        order.state = "cancelled"
        (command,) = self.commands("void_payment")
        self.assertEqual(command.payment_external_id, payment.external_id)

    def test_what_was_taken_is_not_set_free(self):
        order = self.wide_order()
        self.authorize(order)
        self.ship(order, 4)
        order.state = "cancelled"
        self.assertEqual(self.commands("void_payment"), [])
