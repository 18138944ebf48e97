from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.retail_connector_base.tests.access import ROLES, create_user
from odoo.addons.retail_connector_base.tests.test_access_methods import own_public_methods

from . import estate
from .common import PosCase
from .tickets import line

ADDON = "odoo.addons.retail_connector_pos"
FACTS = ("retail.pos.ticket", "retail.pos.day")
PAGES = ("retail.pos.store", "retail.pos.register", "retail.pos.ticket", "retail.backend")


def _is_ours(model):
    return any(
        cls.__module__.startswith(ADDON) and vars(cls).get("_name") == model._name
        for cls in type(model).mro()
    )


@tagged("post_install", "-at_install")
class TestEstateAccess(PosCase):
    """Who sees and does what, on every model of this addon."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {role: create_user(cls.env, role, company=cls.company) for role in ROLES}
        other = estate.make_company(cls.env, "Others")
        there = cls.env(context={**cls.env.context, "allowed_company_ids": other.ids})
        backend = estate.make_backend(there, other)
        house = estate.make_warehouse(there, other)
        cls.their_store = estate.make_store(backend, "S1", house)
        method = estate.make_method(there, other, "bank", "Card")
        config = estate.make_config(there, other, house, method)
        cls.their_register = estate.make_register(cls.their_store, "R1", config)
        cls.their_day = there["retail.pos.day"].create(
            {"register_id": cls.their_register.id, "business_date": "2026-05-04"}
        )
        cls.other = other

    def _own_models(self):
        return sorted(
            name
            for name, model in self.env.registry.items()
            if not model._abstract and name.startswith("retail.") and _is_ours(self.env[name])
        )

    def test_every_model_has_rights_and_companies(self):
        self.assertIn("retail.pos.ticket", self._own_models())
        for name in self._own_models():
            with self.subTest(model=name):
                rights = self.env["ir.model.access"]
                self.assertTrue(rights.search_count([("model_id.model", "=", name)]))
                if self.env[name]._transient:
                    continue
                self.assertIn("company_id", self.env[name]._fields)
                rules = self.env["ir.rule"].search([("model_id.model", "=", name)])
                self.assertTrue(
                    any(rule["global"] and "company" in rule.domain_force for rule in rules)
                )

    def test_operator_and_auditor_see_stores_and_change_nothing(self):
        for name in ("retail.pos.store", "retail.pos.register", *FACTS):
            for role in ("operator", "auditor"):
                model = self.env[name].with_user(self.users[role])
                with self.subTest(model=name, role=role):
                    self.assertTrue(model.has_access("read"))
                    for act in ("write", "create", "unlink"):
                        self.assertFalse(model.has_access(act), act)

    def test_nobody_makes_changes_or_deletes_facts(self):
        for name in FACTS:
            for role, user in self.users.items():
                with self.subTest(model=name, role=role):
                    for act in ("create", "unlink"):
                        self.assertFalse(self.env[name].with_user(user).has_access(act), act)

    def test_the_administrator_says_what_stores_and_registers_are(self):
        for name in ("retail.pos.store", "retail.pos.register"):
            model = self.env[name]
            self.assertTrue(model.with_user(self.users["administrator"]).has_access("write"))
            self.assertFalse(model.with_user(self.users["accountant"]).has_access("write"))
            self.assertFalse(model.with_user(self.users["administrator"]).has_access("unlink"))

    def test_another_companys_estate_is_not_seen(self):
        for record in (self.their_store, self.their_register, self.their_day):
            for role, user in self.users.items():
                model = self.env[record._name].with_user(user)
                with self.subTest(model=record._name, role=role):
                    self.assertFalse(model.browse(record.id).has_access("read"))
                    self.assertFalse(model.search([("id", "=", record.id)]))

    def test_another_companys_estate_takes_no_orders(self):
        for role, user in self.users.items():
            for theirs in (self.their_store, self.their_register):
                record = self.env[theirs._name].with_user(user).browse(theirs.id)
                for name in own_public_methods(record):
                    with self.subTest(role=role, method=name), self.assertRaises(AccessError):
                        getattr(record, name)()

    def test_another_companys_backend_is_not_set_up(self):
        backend = self.their_store.backend_id
        for role, user in self.users.items():
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.env["retail.backend"].with_user(user).browse(backend.id).action_set_up_stores()

    def test_their_warehouse_is_not_taken(self):
        admin = self.users["administrator"]
        house = self.their_store.odoo_id
        with self.assertRaises(UserError):
            self.store.with_user(admin).odoo_id = house.id
        self.assertEqual(self.store.odoo_id, self.warehouse)

    # Pages

    def test_every_role_opens_the_pages_without_odoos_point_of_sale(self):
        self.sell(line("A"))
        for role, user in self.users.items():
            self.assertFalse(user.has_group("point_of_sale.group_pos_user"))
            for name in PAGES:
                model = self.env[name].with_user(user)
                for kind in ("form", "list", "kanban"):
                    with self.subTest(role=role, model=name, view=kind):
                        self._open(model, kind)

    def _open(self, model, kind):
        """Read what a view shows, as the web client does."""
        view = model.get_views([(False, kind)])["views"][kind]
        arch = etree.fromstring(view["arch"])
        names = {node.get("name") for node in arch.xpath("//field[not(ancestor::field)]")}
        spec = {
            name: {"fields": {"display_name": {}}} if model._fields[name].relational else {}
            for name in names
        }
        domain = [("id", "=", self.backend.id)] if model._name == "retail.backend" else []
        for name in list(spec):
            if model._fields[name].type in ("one2many", "many2many"):
                spec[name] = {}
        self.assertTrue(model.web_search_read(domain, spec)["records"] or kind == "kanban")
