from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.retail_connector_base.providers import Location, TransientError
from odoo.addons.retail_connector_base.tests.access import create_user

from .common import WarehouseCase


@tagged("post_install", "-at_install")
class TestWarehouseSetup(WarehouseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = create_user(cls.env, "administrator", "boss", cls.company)

    def fetch(self, *places):
        with patch.object(self.provider, "warehouses", lambda provider: places):
            self.backend.with_user(self.administrator).action_fetch_warehouses()
        return self.backend.warehouse_ids.sorted("id")

    def test_warehouses_are_fetched_once_and_proposed_by_name_or_code(self):
        rotterdam = self._make_stock("Rotterdam")
        other = self._make_stock("Other")
        places = (
            Location("W1", "Renamed"),
            Location("W2", " rotterdam"),
            Location(other.code, "Whatever"),
            Location("W4", "Nobody's"),
            Location("W5", "Closed", active=False),
        )
        self.fetch(*places)
        houses = self.fetch(*places)
        self.assertEqual(houses.mapped("name"), ["Renamed", " rotterdam", "Whatever", "Nobody's"])
        self.assertEqual(houses.mapped("odoo_id"), self.stock | rotterdam | other)
        self.assertEqual(self.backend.warehouse_setup_count, 1)
        steps = {step["code"]: step for step in self.backend.setup_steps}
        self.assertFalse(steps["warehouses"]["done"])
        # What another third party runs is not proposed.
        again = self.make_backend("Second", self.provider.code)
        with patch.object(self.provider, "warehouses", lambda _: (Location("X", "Third Party"),)):
            again.action_fetch_warehouses()
        self.assertFalse(again.warehouse_ids.odoo_id)

    def test_a_provider_that_does_not_answer_or_cannot_list_says_so(self):
        def broken(_provider):
            raise TransientError("Come back later.")

        with patch.object(self.provider, "warehouses", broken), self.assertRaises(UserError):
            self.backend.action_fetch_warehouses()
        with self.assertRaises(UserError):
            self.shop.action_fetch_warehouses()

    def test_an_administrator_adds_a_warehouse_by_hand_and_nobody_else(self):
        houses = self.env["retail.warehouse"].with_context(default_backend_id=self.shop.id)
        with Form(houses.with_user(self.administrator)) as form:
            form.name = "By Hand"
            form.external_id = "H1"
            form.odoo_id = self._make_stock("By Hand")
        house = self.shop.warehouse_ids
        self.assertEqual((house.external_id, house.odoo_id.name), ("H1", "By Hand"))
        mine = house.with_user(self.administrator)
        mine.write({"receipt_tolerance": 5, "damaged_policy": "scrap"})
        with self.assertRaises(AccessError):
            mine.write({"external_id": "H2"})
        for role in ("operator", "accountant", "auditor"):
            user = create_user(self.env, role, f"some-{role}", self.company)
            with self.assertRaises(AccessError):
                house.with_user(user).write({"receipt_tolerance": 9})
            with self.assertRaises(AccessError):
                self.backend.with_user(user).action_fetch_warehouses()

    def test_policies_are_configuration_that_is_kept_as_versions(self):
        content = self.env["retail.config"]._snapshot(self.backend)["warehouse/W1"]
        self.assertEqual(content["odoo_id"]["model"], "stock.warehouse")
        self.assertEqual(content["damaged_policy"], "location")
        self.assertNotIn("name", content)
        self.env.cr.precommit.clear()
        self.env.cr.precommit.data.clear()
        self.warehouse.with_user(self.administrator).write({"receipt_tolerance": 7})
        self.env.cr.flush()
        version = self.env["retail.config.version"].search(
            [("backend_id", "=", self.backend.id)], limit=1
        )
        self.assertIn("7", version.changes_html)
