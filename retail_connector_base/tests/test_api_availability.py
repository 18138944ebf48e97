import base64
import json

from odoo.tests import TransactionCase, tagged

from .stock import demand, make_product


@tagged("post_install", "-at_install")
class TestApiAvailability(TransactionCase):
    """What a system without a vendor's file reads of stock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Readers"})
        cls.env.user.company_ids += cls.company
        cls.env = cls.env(context={"allowed_company_ids": cls.company.ids})
        cls.house = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)])
        cls.house.code = "MAIN"
        cls.backend = cls._backend("Reader")

    @classmethod
    def _backend(cls, name):
        values = {"provider": "canonical", "company_id": cls.company.id, "state": "running"}
        return cls.env["retail.backend"].create({"name": name, **values})

    def _product(self, sku, stock):
        product = make_product(self.env, self.house, stock)
        product.write({"default_code": sku, "company_id": self.company.id})
        return product

    def _read(self, *skus, backend=None, **options):
        self.env.flush_all()
        reader = self.env["retail.api.reader"]
        found, last = reader._read_availability(backend or self.backend, skus=skus, **options)
        return json.loads(found), last

    def _units(self, *skus, **options):
        items, _last = self._read(*skus, **options)
        return {(item["sku"], item["location"]): item["available"] for item in items}

    def test_what_is_free_is_told_by_warehouse(self):
        self._product("A", 5)
        self.assertEqual(self._units("A"), {("A", "MAIN"): 5})

    def test_demand_that_is_not_reserved_yet_is_not_free(self):
        product = self._product("A", 5)
        demand(self.env, self.house, product, 2, retail_defer_reservation=True)
        self.assertEqual(self._units("A"), {("A", "MAIN"): 3})

    def test_less_than_nothing_is_nothing(self):
        self._product("A", 0)
        product = self._product("B", 1)
        demand(self.env, self.house, product, 4)
        self.assertEqual(self._units("A", "B"), {("A", "MAIN"): 0, ("B", "MAIN"): 0})

    def test_the_buffer_is_kept_back(self):
        self.backend.stock_buffer = 2
        self._product("A", 5)
        bound = self._product("B", 5)
        self.env["retail.product.binding"].create(
            {
                "backend_id": self.backend.id,
                "external_id": "b-1",
                "sku": "CHANNEL-B",
                "odoo_id": bound.id,
                "has_stock_buffer": True,
                "stock_buffer": 0,
            }
        )
        units = self._units("A", "CHANNEL-B")
        self.assertEqual(units, {("A", "MAIN"): 3, ("CHANNEL-B", "MAIN"): 5})
        item = self._read("CHANNEL-B")[0][0]
        self.assertEqual(item["variant_external_id"], "b-1")

    def test_mapped_locations_take_the_warehouses_place(self):
        product = self._product("A", 5)
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.house.lot_stock_id.id}
        )
        self.env["stock.quant"]._update_available_quantity(product, shelf, 2)
        for name, place in (("Shop", self.house.lot_stock_id), ("Window", shelf)):
            self.env["retail.location.binding"].create(
                {
                    "backend_id": self.backend.id,
                    "external_id": name,
                    "name": name,
                    "odoo_id": place.id,
                }
            )
        self.assertEqual(self._units("A"), {("A", "Shop"): 7, ("A", "Window"): 2})
        self.assertEqual(self._units("A", locations=["Window"]), {("A", "Window"): 2})

    def test_pages_follow_one_another_until_the_end(self):
        wanted = [f"P{number}" for number in range(5)]
        for sku in wanted:
            self._product(sku, 1)
        seen, after = [], 0
        while after is not None:
            items, after = self._read(after=after, limit=2)
            seen += [item["sku"] for item in items]
            after = after if items else None
        self.assertEqual([sku for sku in seen if sku in wanted], wanted)

    def test_another_companys_products_and_stock_are_none_of_ours(self):
        self._product("A", 5)
        other = self.env["res.company"].create({"name": "Others"})
        self.env.user.company_ids += other
        house = self.env["stock.warehouse"].search([("company_id", "=", other.id)])
        hidden = make_product(self.env, house, 9)
        hidden.write({"default_code": "SECRET", "company_id": other.id})
        self.assertEqual(self._units("A", "SECRET"), {("A", "MAIN"): 5})

    def test_an_unknown_item_is_left_out(self):
        self.assertEqual(self._read("NOTHING"), ([], None))

    def test_what_waits_in_the_inbox_is_sold(self):
        product = self._product("A", 5)
        self.env["retail.product.binding"].create(
            {
                "backend_id": self.backend.id,
                "external_id": "v1",
                "sku": "A",
                "odoo_id": product.id,
            }
        )
        self._receive_order("A", 2)
        self.assertEqual(self._units("A"), {("A", "MAIN"): 3})

    def _receive_order(self, sku, quantity):
        amount = {"amount": "1", "currency": "EUR"}
        both = {"shop": amount, "presentment": amount}
        line = {
            "external_id": "l1",
            "title": sku,
            "sku": sku,
            "variant_external_id": "v1",
            "ordered_quantity": quantity,
            "quantity": quantity,
            "unit_price": both,
            "discount": both,
        }
        order = {
            "external_id": "o1",
            "name": "#1",
            "placed_at": "2026-11-01T00:00:00Z",
            "local_date": "2026-11-01",
            "currency": "EUR",
            "presentment_currency": "EUR",
            "taxes_included": True,
            "lines": [line],
            "total": both,
            "total_tax": both,
            "payment_state": "paid",
        }
        message = self.env["retail.inbox.message"].create(
            {
                "backend_id": self.backend.id,
                "company_id": self.company.id,
                "source": "api",
                "topic": "api/orders",
                "kind": "order",
                "event_id": "e1",
                "entity_key": "order:o1",
                "lane": 0,
                "body_hash": "-",
                "received_at": "2026-11-01 00:00:00",
                "correlation_id": "c1",
            }
        )
        message.body = base64.b64encode(json.dumps(order).encode())
