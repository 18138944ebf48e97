from odoo.tests import tagged

from .common import WarehouseCase


@tagged("post_install", "-at_install")
class TestReleaseErasure(WarehouseCase):
    """What releases keep of a person who asks to be forgotten."""

    def test_where_it_went_is_forgotten_and_nobody_is_asked_to_send_it_to_nobody(self):
        order = self.sell(bound=True, A=1)
        release = self.accepted(order)
        self.customer.street = "Side Street 7"
        self.env["retail.releaser"]._compare(self.warehouse)
        release.request_ids._answer(False, "Too late for Side Street 7")
        erasure = self.env["retail.erasure"].create(
            {
                "company_id": self.company.id,
                "backend_id": self.shop.id,
                "requested_by_id": self.env.uid,
                "email": self.customer.email,
                "order_external_ids": [order.retail_binding_ids.external_id],
            }
        )
        erasure._step_documents(0)
        erasure._step_partners(0)
        self.assertFalse(release.recipient)
        request = release.request_ids
        self.assertFalse(request.wanted or request.reason or request.answer)
        self.assertEqual((request.kind, request.state), ("address", "refused"))
        self.assertFalse(release.changed)
