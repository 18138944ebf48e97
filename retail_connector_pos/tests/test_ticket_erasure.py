from odoo.tests import tagged

from odoo.addons.retail_connector_base.canonical import Customer
from odoo.addons.retail_connector_base.tests.privacy import where_found

from .common import PosCase
from .tickets import line

EMAIL = "ida.noether@shopper.example"


@tagged("post_install", "-at_install")
class TestTicketErasure(PosCase):
    """Who bought in a store is forgotten; what he bought is not."""

    def _erase(self, **values):
        erasure = self.env["retail.erasure"].create(
            {
                "backend_id": self.backend.id,
                "company_id": self.company.id,
                "requested_by_id": self.env.uid,
                "email": EMAIL,
                **values,
            }
        )
        for step in ("_step_bindings", "_step_partners"):
            getattr(erasure, step)(None)

    def _sell(self):
        customer = Customer(
            external_id="c1", email=EMAIL, first_name="Ida", last_name="Noether",
            email_verified=True,
        )  # fmt: skip
        return self.sell(line("A"), customer=customer)

    def test_a_ticket_forgets_its_customer(self):
        ticket = self._sell()
        total = ticket.odoo_id.amount_total
        self._erase()
        self.assertIsNone(ticket.snapshot["customer"])
        self.assertEqual(ticket.odoo_id.amount_total, total)
        kept = where_found(self.env, EMAIL)
        self.assertEqual([place for place in kept if place.startswith(("pos_", "retail_pos"))], [])
