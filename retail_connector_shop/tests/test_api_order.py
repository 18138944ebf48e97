import json

from odoo.tests import HttpCase, tagged

from odoo.addons.retail_connector_base.providers import StoredMessage
from odoo.addons.retail_connector_base.tests.api import create_client
from odoo.addons.retail_connector_base.tests.common import create_backend

from ..providers.shopify.parse import parse
from .orders import OrderCase
from .shopify_orders import OrderBuilder

# What tells two orders apart that are the same: identity, moments of work, and the channel itself.
OWN = {
    "id", "name", "display_name", "access_token", "create_date", "write_date", "date_order",
    "order_line", "picking_ids", "message_ids", "message_follower_ids", "__last_update",
    "procurement_group_id", "stock_reference_ids", "tax_totals", "access_url", "transaction_ids",
    "partner_credit_warning", "activity_ids", "rating_ids", "website_message_ids",
    "message_partner_ids", "order_id", "move_ids", "linked_line_ids", "line_ids", "write_uid",
    # Addresses are compared by what they say.
    "partner_invoice_id", "partner_shipping_id",
}  # fmt: skip
ADDRESS = ["name", "street", "street2", "zip", "city", "state_id", "country_id", "phone", "type"]


@tagged("post_install", "-at_install")
class TestApiOrder(OrderCase, HttpCase):
    """An order is the same order, whether its vendor tells it or a canonical message does."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        values = {"company_id": cls.company.id, "confirm_on": "always"}
        cls.shop = cls.env["retail.backend"].create(
            {"name": "Channel", "provider": "shopify", "state": "running", **values}
        )
        cls.hub = create_backend(cls.env, name="Channel", provider="canonical", **values)
        cls.client, cls.token = create_client(cls.env, backend_id=cls.hub.id)
        vat = cls.make_tax(19)
        goods = {"8001": cls.products["A"], "8002": cls.products["B"]}
        for backend in (cls.shop, cls.hub):
            cls.env["retail.mapping"].create(
                {
                    "backend_id": backend.id,
                    "kind": "tax",
                    "external_key": "VAT|0.19|excluded|GB",
                    "tax_id": vat.id,
                }
            )
            for external_id, product in goods.items():
                cls.env["retail.product.binding"].create(
                    {"backend_id": backend.id, "external_id": external_id, "odoo_id": product.id}
                )

    def _payload(self, number=1001, **fields):
        builder = OrderBuilder(number, currency="EUR")
        builder.line("10.00", 3, discounts=("3.00",), taxes=(("VAT", "0.19", "5.13"),))
        builder.line("20.00", 1, taxes=(("VAT", "0.19", "3.80"),))
        builder.ship("5.00", taxes=(("VAT", "0.19", "0.95"),))
        return builder.having(**fields).build()

    def _read(self, payload):
        body = json.dumps(payload).encode()
        return parse(StoredMessage("orders/create", "order", body, {}))

    def _post(self, content, status=202, **headers):
        answer = self.url_open(
            "/retail/v1/orders",
            data=json.dumps(content).encode(),
            headers={
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                **headers,
            },
            timeout=30,
        )
        self.assertEqual(answer.status_code, status, answer.text)
        return self.env["retail.inbox.message"].search(
            [("correlation_id", "=", answer.json()["items"][0]["id"])]
        )

    def _process(self, message):
        self.env["retail.inbox.processor"]._process(message)
        self.assertEqual(message.state, "done", message.error)
        return self.env["retail.order.binding"].search(
            [("backend_id", "=", message.backend_id.id),
             ("external_id", "=", message.entity_key.partition(":")[2])]
        ).odoo_id  # fmt: skip

    def _values(self, records):
        names = [
            name
            for name, field in records._fields.items()
            if field.store and name not in OWN and not name.startswith("retail_")
        ]
        return [
            {name: value for name, value in row.items() if name in names}
            for row in records.read(names, load=None)
        ]

    def test_an_order_by_vendor_and_by_canonical_message_is_the_same(self):
        canonical = self._read(self._payload())
        self.backend = self.shop
        theirs = self.imported(canonical)
        ours = self._process(self._post(canonical.model_dump(mode="json")))
        self.assertNotEqual(ours, theirs)
        self.assertEqual(self._values(ours), self._values(theirs))
        self.assertEqual(self._values(ours.order_line), self._values(theirs.order_line))
        for field in ("partner_invoice_id", "partner_shipping_id"):
            addresses = [sale[field].read(ADDRESS, load=None)[0] for sale in (ours, theirs)]
            self.assertEqual(*[{**address, "id": 0} for address in addresses])
        self.assertTotals(ours, "52.00", "9.88")
        self.assertEqual(ours.state, "sale")
        moves = [
            sorted((m.product_id.id, m.product_uom_qty) for m in sale.picking_ids.move_ids)
            for sale in (ours, theirs)
        ]
        self.assertEqual(moves[0], moves[1])
        self.assertTrue(moves[0])

    def test_of_two_states_with_one_version_the_later_holds(self):
        canonical = self._read(self._payload())
        first = canonical.model_dump(mode="json")
        sale = self._process(self._post(first))
        message = self._post({**first, "note": "ring twice"})
        self.assertEqual(self._process(message), sale)
        self.assertFalse(self.env["queue.job"].search([("method_name", "=", "_job_refetch")]))
        binding = self.env["retail.order.binding"].search([("backend_id", "=", self.hub.id)])
        later = canonical.model_copy(update={"note": "ring twice"})
        self.assertEqual(binding.external_hash, later.content_hash())

    def test_a_page_of_orders_becomes_orders(self):
        orders = [
            self._read(self._payload(number)).model_dump(mode="json")
            for number in range(2001, 2006)
        ]
        self._post(orders)
        messages = self.env["retail.inbox.message"].search([("backend_id", "=", self.hub.id)])
        self.env["retail.inbox.processor"]._process(messages)
        self.assertEqual(messages.mapped("state"), ["done"] * 5)

    def test_a_part_of_an_order_is_not_lost_where_nobody_can_be_asked_for_the_rest(self):
        canonical = self._read(self._payload())
        message = self._post({**canonical.model_dump(mode="json"), "lines_complete": False})
        self.env["retail.inbox.processor"]._process(message)
        self.assertEqual(message.state, "blocked")
        self.assertEqual(message.exception_id.code, "partial_order")
        self.assertFalse(self.env["queue.job"].search([("method_name", "=", "_job_refetch")]))
