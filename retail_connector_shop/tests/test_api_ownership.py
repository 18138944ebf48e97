import json

from odoo.tests import HttpCase, tagged

from odoo.addons.retail_connector_base.tests.api import create_client
from odoo.addons.retail_connector_base.tests.common import create_backend

from .orders import OrderCase

NOON = "2026-01-01T12:00:00Z"
PRODUCT = {
    "external_id": "P1",
    "updated_at": NOON,
    "title": "Shirt of wool",
    "tags": ["winter"],
    "variants": [{"external_id": "V1", "title": "-", "sku": "A"}],
}
PRICE = {"external_id": "A", "updated_at": NOON, "sku": "A", "currency": "EUR", "amount": "12.5"}
CUSTOMER = {
    "external_id": "C1",
    "updated_at": NOON,
    "email": "ada@example.com",
    "email_verified": True,
    "first_name": "Ada",
    "consents": [{"channel": "email", "state": "unsubscribed", "changed_at": NOON}],
}
LEVEL = {
    "external_id": "A:store",
    "updated_at": NOON,
    "inventory_item_external_id": "A",
    "location_external_id": "store",
    "available": "8",
}


@tagged("post_install", "-at_install")
class TestApiOwnership(OrderCase, HttpCase):
    """Systems of record post canonical messages with a token; each changes what it owns."""

    def system(self, preset):
        """Return a connected system of a kind, with its token."""
        backend = create_backend(
            self.env, name=preset, provider="canonical", company_id=self.company.id
        )
        wizard = self.env["retail.ownership.preset"].create(
            {"backend_id": backend.id, "preset": preset}
        )
        if wizard.has_changes:
            wizard.action_apply()
        _client, token = create_client(self.env, backend_id=backend.id)
        return backend, token

    def post(self, route, content, token):
        """Post a message, have it imported, and return it."""
        answer = self.url_open(
            f"/retail/v1/{route}",
            data=json.dumps(content).encode(),
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
            timeout=30,
        )
        self.assertEqual(answer.status_code, 202, answer.text)
        message = self.env["retail.inbox.message"].search(
            [("correlation_id", "=", answer.json()["items"][0]["id"])]
        )
        self.env["retail.inbox.processor"]._process(message)
        self.env.invalidate_all()
        return message

    def test_a_pim_writes_content_and_its_price_is_refused(self):
        pim, token = self.system("pim")
        product = self.products["A"]
        self.assertEqual(self.post("products", PRODUCT, token).state, "done")
        self.assertEqual(product.name, "Shirt of wool")
        message = self.post("prices", PRICE, token)
        self.assertEqual((message.state, product.list_price), ("ignored", 1.0))
        refusal = self.env["retail.refusal"].search(
            [("backend_id", "=", pim.id), ("domain", "=", "price")]
        )
        self.assertEqual((refusal.state, refusal.correlation_id), ("open", message.correlation_id))

    def test_a_message_that_failed_is_replayed_once_its_category_is_mapped(self):
        pim, token = self.system("pim")
        message = self.post("products", {**PRODUCT, "category": "Unheard of"}, token)
        self.assertEqual(
            (message.state, message.exception_id.code), ("blocked", "unmapped_category")
        )
        mapping = self.env["retail.mapping"].search(
            [("backend_id", "=", pim.id), ("kind", "=", "category")]
        )
        self.assertEqual(mapping.state, "unmapped")
        mapping.category_id = self.env["product.category"].create({"name": "Heard of"})
        self.assertEqual(message.state, "received")
        self.env["retail.inbox.processor"]._process(message)
        self.assertEqual(message.state, "done")
        self.assertEqual(self.products["A"].categ_id.name, "Heard of")

    def test_a_crms_consent_holds_against_a_shops(self):
        _crm, crm_token = self.system("crm")
        _shop, shop_token = self.system("shop")
        self.post("customers", CUSTOMER, crm_token)
        later = {"channel": "email", "state": "subscribed", "changed_at": "2026-02-01T12:00:00Z"}
        message = self.post("customers", {**CUSTOMER, "consents": [later]}, shop_token)
        self.assertEqual(message.state, "done")
        consent = self.env["retail.consent"].search([("company_id", "=", self.company.id)])
        self.assertEqual((consent.state, consent.backend_id.name), ("unsubscribed", "crm"))

    def test_a_platforms_count_is_kept_and_replayed_without_effect(self):
        platform, token = self.system("inventory")
        message = self.post("stock-levels", LEVEL, token)
        self.assertEqual(message.state, "done")
        row = self.env["retail.external.availability"].search([("backend_id", "=", platform.id)])
        self.assertEqual((row.product_id, row.quantity), (self.products["A"], 8))
        self.env["retail.inbox.processor"]._process(message)
        self.assertEqual(message.state, "done")
        self.assertEqual(row.quantity, 8)
