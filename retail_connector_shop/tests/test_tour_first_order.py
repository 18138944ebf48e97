import sys
from pathlib import Path
from unittest import skipUnless
from urllib.parse import quote

from odoo.tests import HttpCase, tagged

SETUP = Path(__file__).parents[2] / "setup"
SIMULATOR = (SETUP / "simulator" / "__init__.py").exists()
if SIMULATOR and str(SETUP) not in sys.path:
    sys.path.append(str(SETUP))

SKU = "TOUR-SURPRISE"


@tagged("post_install", "-at_install")
@skipUnless(SIMULATOR, "the simulated shop comes with the source repository only")
class TestTourFirstOrder(HttpCase):
    """Set-up → first order → exception fixed, by clicking, with a shop that answers over HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        from simulator import ShopifySimulator

        cls.simulator = cls.enterClassContext(ShopifySimulator(seed=11, currency="EUR"))
        # What taxes need is another story.
        cls.simulator.shop.tax_sets = ((), (), ())
        euro = cls.env.ref("base.EUR")
        euro.active = True
        cls.env.company.currency_id = euro
        cls._stock_up()

    @classmethod
    def _request_handler(cls, s, r, /, **kw):
        """Override: our client's timeout is a pair, which Odoo's guard cannot compare."""
        timeout = kw.get("timeout")
        return super()._request_handler(
            s, r, **{**kw, "timeout": max(timeout) if isinstance(timeout, tuple) else timeout}
        )

    @classmethod
    def _stock_up(cls):
        shop = cls.simulator.shop
        known = [variant for variant in shop.variants if variant.known]
        cls.env["product.product"].create(
            [
                {"name": variant.name, "default_code": variant.sku, "is_storable": True}
                for variant in known
            ]
        )
        cls.product = cls.env["product.product"].create(
            {"name": "Tour Surprise Box", "default_code": SKU, "is_storable": True}
        )

    def _cookies(self):
        simulator = self.simulator
        values = {
            "domain": simulator.shop.domain,
            "client_id": simulator.app.client_id,
            "secret": simulator.app.client_secret,
            "api_url": simulator.base_url,
        }
        return {f"retail_{name}": quote(value, safe="") for name, value in values.items()}

    def _drain(self, backend):
        """Do what the jobs would: the runner is off in tests."""
        for lane in range(backend.lane_count):
            drain = self.env["retail.inbox.drain"].with_user(backend.user_id).sudo()
            drain._run_chunks(backend.id, lane)
        self.env.invalidate_all()

    def test_set_up_first_order_exception_fixed(self):
        self.start_tour(
            "/odoo/retail-backends/new",
            "retail_connector_shop.set_up",
            login="admin",
            cookies=self._cookies(),
        )
        backend = self._assert_set_up()
        self._receive(backend)
        self.start_tour("/odoo/retail", "retail_connector_shop.fix_exception", login="admin")
        self._drain(backend)
        self._assert_fixed(backend)
        self.start_tour("/odoo/retail", "retail_connector_shop.see_order", login="admin")

    def _assert_set_up(self):
        backend = self.env["retail.backend"].search([("name", "=", "Tour Shop")])
        self.assertEqual(backend.state, "running")
        self.assertTrue(backend.last_test_ok)
        self.assertIn("orders/create", backend.subscribed_topics)
        secret = backend.credential_ids.filtered(lambda found: found.name == "client_secret")
        self.assertEqual(secret.last_four, self.simulator.app.client_secret[-4:])
        self.assertFalse(secret.secret_input)
        return backend

    def _receive(self, backend):
        """Let the shop send a good order and one with an unknown product."""
        placed = [self.simulator.shop.place(kind) for kind in ("untaxed", "unknown_sku")]
        with self.allow_requests(all_requests=True):
            report = self.simulator.deliver(backend.webhook_url, self.simulator.shop.events(placed))
        self.assertEqual(len(report.accepted), 2)
        self._drain(backend)
        self.assertEqual(backend.order_count, 1)
        self.assertEqual(backend.exception_count, 1)

    def _assert_fixed(self, backend):
        exception = self.env["retail.exception"].search([("backend_id", "=", backend.id)])
        self.assertEqual(exception.state, "resolved")
        bindings = self.env["retail.order.binding"].search([("backend_id", "=", backend.id)])
        self.assertEqual(len(bindings), 2)
        self.assertIn(self.product, bindings.odoo_id.order_line.product_id)
        for binding in bindings:
            self.assertEqual(binding.odoo_id.amount_total, binding.amount_total)
