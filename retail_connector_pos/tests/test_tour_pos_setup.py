from odoo.tests import HttpCase, tagged

from odoo.addons.retail_connector_base.tests.access import create_user

from . import estate
from .common import PosCase
from .test_estate_setup import SetupCase
from .tickets import line


@tagged("post_install", "-at_install")
class TestTourPosSetup(SetupCase, HttpCase):
    """An estate is set up by clicking."""

    def test_an_estate_is_set_up_by_clicking(self):
        house = estate.make_warehouse(self.env, self.company, "Berlin")
        mappings = self.env["retail.mapping"]
        mappings._note_unmapped(
            self.backend, [mappings._problem_values("pos_tender", "BAR", tender_kind="cash")]
        )
        user = create_user(self.env, "administrator", login="tour-stores", company=self.company)
        self.start_tour(
            f"/odoo/retail-backends/{self.backend.id}",
            "retail_connector_pos.stores_set_up",
            login=user.login,
        )
        self.env.invalidate_all()
        self.assertEqual(self.store("S1").odoo_id, house)
        self.assertEqual(self.store("S2").odoo_id.name, "Hamburg")
        registers = self.backend.pos_register_ids
        self.assertEqual(len(registers.odoo_id), 3)
        for register in registers:
            self.assertTrue(register.odoo_id.payment_method_ids.filtered("is_cash_count"))
        self.assertTrue(self.backend.mapping_ids.pos_payment_method_id.is_cash_count)


@tagged("post_install", "-at_install")
class TestTourStores(PosCase, HttpCase):
    """What people see of stores and tickets, in a real browser."""

    def test_a_store_and_its_tickets_are_looked_at(self):
        user = create_user(self.env, "operator", login="tour-look", company=self.company)
        self.sell(line("A"))
        self.start_tour("/odoo/retail-stores", "retail_connector_pos.stores_look", login=user.login)

    def test_unit_tests_of_fields(self):
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000"
            "&filter=@retail_connector_pos",
            "",
            "",
            login="admin",
            timeout=120,
            success_signal="[HOOT] Test suite succeeded",
        )
