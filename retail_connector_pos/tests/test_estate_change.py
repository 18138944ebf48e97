import base64
import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.retail_connector_base.tests.access import create_user

from . import estate
from .common import PosCase
from .tickets import card, cash, line, ticket


@tagged("post_install", "-at_install")
class TestEstateChange(PosCase):
    """What follows when a store, a register or a tender is tied to something else."""

    def exception(self, code):
        return self.env["retail.exception"].search(
            [("backend_id", "=", self.backend.id), ("code", "=", code)]
        )

    # What waited

    def test_a_store_that_gets_its_warehouse_retries_what_waited(self):
        self.problem_of(ticket(line("A"), store="S9"))
        store = self.env["retail.pos.store"].search([("external_id", "=", "S9")])
        self.assertFalse(store.odoo_id)
        exception = self.exception("unknown_store")
        self.assertEqual((exception.state, exception.res_id), ("open", store.id))
        store.odoo_id = estate.make_warehouse(self.env, self.company)
        self.assertEqual(exception.state, "resolved")

    def test_a_register_that_gets_its_point_of_sale_retries_what_waited(self):
        message = ticket(line("A"), store="S1", register="R9")
        self.problem_of(message)
        register = self.env["retail.pos.register"].search([("external_id", "=", "S1:R9")])
        exception = self.exception("unknown_register")
        self.assertEqual((exception.state, exception.res_id), ("open", register.id))
        register.odoo_id = estate.make_config(self.env, self.company, self.warehouse, self.card)
        self.assertEqual(exception.state, "resolved")
        self.drain(message)

    def test_a_tender_that_is_mapped_is_taken_where_the_day_is_open(self):
        self.sell(line("A"))
        voucher = estate.make_method(self.env, self.company, "bank", "Voucher")
        message = ticket(line("A"), tenders=[card("11.90", method="VOUCHER")])
        self.problem_of(message)
        row = self.backend.mapping_ids.filtered(lambda found: found.external_key == "voucher")
        row.pos_payment_method_id = voucher
        self.assertIn(voucher, self.config.payment_method_ids)
        self.drain(message)

    def test_a_drawer_is_never_shared(self):
        drawer = self.cash_method(self.register2)
        estate.map_tender(self.backend, "money", drawer)
        self.assertNotIn(drawer, self.config.payment_method_ids)

    def test_another_currencys_method_is_not_offered(self):
        dollars = estate.activate(self.env, "USD")
        method = estate.make_method(self.env, self.company, "bank", "Dollar card", dollars)
        estate.map_tender(self.backend, "dollars", method)
        self.assertNotIn(method, self.config.payment_method_ids)

    # What may not be changed

    def test_a_register_with_tickets_of_an_open_day_keeps_its_point_of_sale(self):
        self.sell(line("A"))
        other = estate.make_config(self.env, self.company, self.warehouse, self.card)
        with self.assertRaisesRegex(UserError, "Close the day first"):
            self.register.odoo_id = other
        self.register2.odoo_id = other

    def test_a_store_with_tickets_of_an_open_day_keeps_its_warehouse(self):
        self.sell(line("A"))
        house = estate.make_warehouse(self.env, self.company)
        with self.assertRaisesRegex(UserError, "Close the day first"):
            self.store.odoo_id = house

    def test_a_day_without_orders_hinders_nobody(self):
        self.sell(line("A"), tenders=[cash("11.90")], voided=True)
        self.store.odoo_id = estate.make_warehouse(self.env, self.company)

    def test_the_points_of_sale_follow_their_stores_warehouse(self):
        house = estate.make_warehouse(self.env, self.company)
        self.store.odoo_id = house
        for config in self.store.register_ids.odoo_id:
            self.assertEqual(config.picking_type_id, house.pos_type_id)
        self.assertEqual(self.register3.odoo_id.picking_type_id, self.warehouse2.pos_type_id)

    def test_a_point_of_sale_of_another_warehouse_is_refused(self):
        other = estate.make_config(self.env, self.company, self.warehouse2, self.card)
        with self.assertRaisesRegex(UserError, "sells from"):
            self.register.odoo_id = other

    def test_people_write_only_what_is_theirs(self):
        user = create_user(self.env, "administrator", company=self.company)
        with self.assertRaises(AccessError):
            self.store.with_user(user).external_id = "S7"
        self.store.with_user(user).write({"name": "Berlin", "change_reason": "Renamed"})
        self.assertEqual(self.store.name, "Berlin")

    # Versions and files

    def test_a_change_is_a_version(self):
        user = create_user(self.env, "administrator", company=self.company)
        house = estate.make_warehouse(self.env, self.company, "New house")
        self.store.with_user(user).write({"odoo_id": house.id, "change_reason": "They moved"})
        self.env.cr.flush()
        version = self.env["retail.config.version"].search(
            [("backend_id", "=", self.backend.id)], limit=1
        )
        self.assertEqual((version.user_id, version.reason), (user, "They moved"))
        self.assertIn("store/S1", version.changes_html)

    def test_a_change_waits_for_a_second_person(self):
        user = create_user(self.env, "administrator", login="one", company=self.company)
        second = create_user(self.env, "administrator", login="two", company=self.company)
        self.backend.config_policy = "approve"
        house, before = estate.make_warehouse(self.env, self.company), self.store.odoo_id
        self.store.with_user(user).write({"odoo_id": house.id, "change_reason": "They moved"})
        self.assertEqual(self.store.odoo_id, before)
        change = self.env["retail.config.change"].search([("backend_id", "=", self.backend.id)])
        change.with_user(second).action_approve()
        self.assertEqual(self.store.odoo_id, house)

    def test_an_estate_is_carried_to_another_backend_by_a_file(self):
        wizard = self.env["retail.config.export"].create({"backend_id": self.backend.id})
        content = json.loads(base64.b64decode(wizard.file))
        self.assertIn("store/S1", content["items"])
        self.assertIn("register/S1:R1", content["items"])
        # A point of sale belongs to one register.
        self.backend.pos_register_ids.odoo_id = False
        other = estate.make_backend(self.env, self.company)
        reading = self.env["retail.config.import"].create(
            {"backend_id": other.id, "reason": "Copied"}
        )
        reading.file = base64.b64encode(json.dumps(content).encode())
        reading.action_compare()
        reading.action_apply()
        self.assertEqual(other.pos_store_ids.odoo_id, self.warehouse | self.warehouse2)
        self.assertEqual(len(other.pos_register_ids.odoo_id), 3)
        self.assertEqual(other.pos_register_ids.mapped("store_id.external_id"), ["S1", "S2"])
