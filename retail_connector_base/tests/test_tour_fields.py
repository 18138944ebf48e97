from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestTourFields(HttpCase):
    """Our fields of the web client, by their unit tests in a real browser."""

    def test_unit_tests_of_fields(self):
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000"
            "&filter=@retail_connector_base",
            "",
            "",
            login="admin",
            timeout=120,
            success_signal="[HOOT] Test suite succeeded",
        )
