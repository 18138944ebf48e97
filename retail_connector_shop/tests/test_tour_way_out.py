import sys
from pathlib import Path
from unittest import skipUnless

from odoo.tests import HttpCase, tagged

SETUP = Path(__file__).parents[2] / "setup"
SIMULATOR = (SETUP / "simulator" / "__init__.py").exists()
if SIMULATOR and str(SETUP) not in sys.path:
    sys.path.append(str(SETUP))

STOCK = 37
PUBLISHED = "Way Out Lamp"


@tagged("post_install", "-at_install")
@skipUnless(SIMULATOR, "the simulated shop comes with the source repository only")
class TestTourWayOut(HttpCase):
    """Stock → gate → product, by clicking, with a shop that answers over HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        from simulator import ShopifySimulator

        cls.simulator = cls.enterClassContext(
            ShopifySimulator(seed=12, currency="EUR", locations=("Main", "Annex"))
        )
        euro = cls.env.ref("base.EUR")
        euro.active = True
        cls.env.company.currency_id = euro
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )
        cls.backend = cls._connect()
        cls.variant = cls.simulator.shop.goods[0]
        cls.binding = cls._bind(cls.variant)
        cls.env["product.template"].create(
            {"name": PUBLISHED, "default_code": "WAY-OUT", "list_price": 45, "is_storable": True}
        )

    @classmethod
    def _request_handler(cls, s, r, /, **kw):
        """Override: our client's timeout is a pair, which Odoo's guard cannot compare."""
        timeout = kw.get("timeout")
        return super()._request_handler(
            s, r, **{**kw, "timeout": max(timeout) if isinstance(timeout, tuple) else timeout}
        )

    @classmethod
    def _connect(cls):
        simulator = cls.simulator
        backend = cls.env["retail.backend"].create(
            {"name": "Way Out Shop", "provider": "shopify", "state": "running"}
        )
        values = {
            "shop_domain": simulator.shop.domain,
            "client_id": simulator.app.client_id,
            "api_url": simulator.base_url,
        }
        for setting in backend.setting_ids.filtered(lambda row: row.name in values):
            setting.value = values[setting.name]
        secret = backend.credential_ids.filtered(lambda row: row.name == "client_secret")
        secret.secret_input = simulator.app.client_secret
        return backend

    @classmethod
    def _bind(cls, variant):
        product = cls.env["product.product"].create(
            {"name": variant.name, "default_code": variant.sku, "is_storable": True}
        )
        cls.env["stock.quant"]._update_available_quantity(
            product, cls.warehouse.lot_stock_id, STOCK
        )
        return cls.env["retail.product.binding"].create(
            {
                "backend_id": cls.backend.id,
                "external_id": str(variant.id),
                "odoo_id": product.id,
                "sku": variant.sku,
                "title": variant.name,
                "product_external_id": str(variant.product_id),
                "inventory_item_external_id": str(variant.inventory_item_id),
            }
        )

    def _tour(self, path, name):
        self.start_tour(path, f"retail_connector_shop.{name}", login="admin")
        self.env.invalidate_all()

    def _project(self, kind):
        """Do what the job would: the runner is off in tests."""
        self.env.flush_all()
        model = self.env["retail.projection"]._model_of(kind)
        with self.allow_requests(all_requests=True):
            self.env[model].with_user(self.backend.user_id).sudo()._run_chunks(self.backend.id)
        self.env.invalidate_all()
        self.assertFalse(self._flow(kind).last_error)

    def _flow(self, kind):
        return self.backend.flow_ids.filtered(
            lambda flow: flow.kind == kind and flow.direction == "out"
        )

    def test_stock_gate_and_product(self):
        form = f"/odoo/retail-backends/{self.backend.id}"
        self._tour(form, "publish_stock")
        self._assert_places()
        self._project("stock_level")
        self._assert_stock()
        self._tour(f"{form}", "see_stock_and_pause_gate")
        self.assertTrue(self.backend.gate_paused)
        self._tour("/odoo/retail-gates", "resume_gate")
        self.assertFalse(self.backend.gate_paused)
        self._tour("/odoo/action-product.product_template_action_all", "publish_product")
        self._assert_on_its_way()
        self._flow("product").action_resume()
        self._project("product")
        self._assert_published()
        self._tour("/odoo/retail-listings", "see_published")

    def _assert_places(self):
        places = self.backend.location_binding_ids
        self.assertEqual(places.mapped("name"), ["Annex", "Main"])
        mapped = places.filtered("odoo_id")
        self.assertEqual((mapped.name, mapped.odoo_id), ("Main", self.warehouse.lot_stock_id))
        self.assertFalse(self._flow("stock_level").paused)

    def _assert_stock(self):
        state = self.binding.stock_state_ids
        self.assertEqual((state.verdict, state.acknowledged), ("ok", STOCK))
        main = self.simulator.shop.places[0]
        held = self.simulator.stock.available(self.variant.inventory_item_id, main.id)
        self.assertEqual(held, STOCK)

    def _assert_on_its_way(self):
        listing = self.env["retail.listing"].search([("backend_id", "=", self.backend.id)])
        self.assertEqual(listing.product_tmpl_id.name, PUBLISHED)
        self.assertFalse(listing.external_id)

    def _assert_published(self):
        listing = self.env["retail.listing"].search([("backend_id", "=", self.backend.id)])
        self.assertEqual((listing.state, listing.verdict), ("published", "ok"))
        [made] = [found for found in self.simulator.shop.products if found.title == PUBLISHED]
        self.assertEqual(listing.external_id, str(made.id))
        bound = self.env["retail.product.binding"].search(
            [("external_id", "=", made.variants[0].id)]
        )
        self.assertEqual(bound.odoo_id, listing.product_tmpl_id.product_variant_ids)
