from odoo.tests import HttpCase, tagged

from odoo.addons.retail_connector_base.tests.access import create_user

from .common import make_backend, make_company


@tagged("post_install", "-at_install")
class TestTourGateway(HttpCase):
    """Setting a gateway up by clicking, and our field of its page in a real browser."""

    def test_a_gateway_is_set_up_by_clicking(self):
        company = make_company(self.env, "Tour")
        backend = make_backend(self.env, company, name="Tour Gateway")
        gateway = self.env["retail.gateway"]._of(backend, [None])[None]
        accountant = create_user(self.env, "accountant", login="tour-books", company=company)
        self.start_tour(
            "/odoo/retail-gateways",
            "retail_connector_payment.gateway_set_up",
            login=accountant.login,
        )
        self.env.invalidate_all()
        self.assertEqual(gateway.booking, "here")
        self.assertTrue(gateway.is_configured)
        self.assertEqual(gateway.clearing_account_id.company_ids, company)

    def test_unit_tests_of_fields(self):
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000"
            "&filter=@retail_connector_payment",
            "",
            "",
            login="admin",
            timeout=120,
            success_signal="[HOOT] Test suite succeeded",
        )
