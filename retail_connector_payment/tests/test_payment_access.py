from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import tagged

from odoo.addons.retail_connector_base.tests.access import ROLES, create_user
from odoo.addons.retail_connector_base.tests.test_access_methods import own_public_methods

from .common import PaymentCase, make_backend, make_company, make_gateway

ADDON = "odoo.addons.retail_connector_payment"
# What these tests make for another company.
MADE = ("retail.gateway", "retail.ledger.entry", "retail.gateway.balance", "retail.payment")


@tagged("post_install", "-at_install")
class TestPaymentAccess(PaymentCase):
    """Who sees and does what, on every model of this addon."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {role: create_user(cls.env, role, company=cls.company) for role in ROLES}
        other = make_company(cls.env, "Others")
        cls.theirs = make_gateway(make_backend(cls.env, other), booked=False)
        cls.env["retail.gateway.balance"].create(
            {
                "gateway_id": cls.theirs.id,
                "currency_id": other.currency_id.id,
                "read_at": "2026-05-04 10:00:00",
            }
        )
        cls.env["retail.payment"].create(
            {
                "backend_id": cls.theirs.backend_id.id,
                "gateway_id": cls.theirs.id,
                "external_id": "P-theirs",
                "kind": "sale",
                "state": "success",
                "currency_id": other.currency_id.id,
                "amount": 5,
            }
        )

    def setUp(self):
        super().setUp()
        self.their_entry = self.note(9, gateway=self.theirs)

    def _own_models(self):
        """Return the models of this addon that people can be given rights on."""
        return sorted(
            name
            for name, model in self.env.registry.items()
            if not model._abstract and name.startswith("retail.") and _is_ours(model)
        )

    # Rights

    def test_every_model_has_rights_and_companies(self):
        self.assertIn("retail.gateway.balance", self._own_models())
        for name in self._own_models():
            with self.subTest(model=name):
                self.assertTrue(
                    self.env["ir.model.access"].search_count([("model_id.model", "=", name)])
                )
                if self.env[name]._transient:
                    continue
                self.assertIn("company_id", self.env[name]._fields)
                rules = self.env["ir.rule"].search([("model_id.model", "=", name)])
                self.assertTrue(
                    any(rule["global"] and "company" in rule.domain_force for rule in rules)
                )

    def test_operator_and_auditor_see_and_change_nothing(self):
        for name in self._own_models():
            if self.env[name]._transient:
                continue
            for role in ("operator", "auditor"):
                model = self.env[name].with_user(self.users[role])
                with self.subTest(model=name, role=role):
                    self.assertTrue(model.has_access("read"))
                    for act in ("write", "create", "unlink"):
                        self.assertFalse(model.has_access(act), act)

    def test_nobody_makes_or_deletes_facts(self):
        facts = ("retail.ledger.entry", "retail.payout", "retail.payout.line", "retail.dispute",
                 "retail.payment", "retail.gateway", "retail.gateway.balance")  # fmt: skip
        for name in facts:
            for role, user in self.users.items():
                model = self.env[name].with_user(user)
                with self.subTest(model=name, role=role):
                    self.assertFalse(model.has_access("create"))
                    self.assertFalse(model.has_access("unlink"))

    def test_another_companys_records_are_not_seen(self):
        for name in MADE:
            records = self.env[name].sudo().search([("company_id", "=", self.theirs.company_id.id)])
            self.assertTrue(records, name)
            for role, user in self.users.items():
                with self.subTest(model=name, role=role):
                    self.assertFalse(records.with_user(user).has_access("read"))
                    found = self.env[name].with_user(user).search([("id", "in", records.ids)])
                    self.assertFalse(found)

    def test_another_companys_analysis_is_not_seen(self):
        self.env.flush_all()
        for user in self.users.values():
            rows = self.env["retail.gateway.report"].with_user(user).search([])
            self.assertLessEqual(rows.company_id, self.company)

    def test_another_companys_gateway_takes_no_orders(self):
        for role, user in self.users.items():
            gateway = self.theirs.with_user(user)
            for name in own_public_methods(gateway):
                with self.subTest(role=role, method=name), self.assertRaises(AccessError):
                    getattr(gateway, name)()

    # Methods

    def test_strangers_call_nothing(self):
        for role in ("portal", "internal"):
            user = create_user(self.env, role, company=self.company)
            gateway = self.gateway.with_user(user)
            for name in own_public_methods(gateway):
                with self.subTest(role=role, method=name), self.assertRaises(AccessError):
                    call_kw(gateway.browse(), name, [gateway.ids], {})

    def test_the_set_up_takes_no_orders_of_those_who_only_look(self):
        fresh = make_gateway(make_backend(self.env, self.company), booked=False)
        action = fresh.with_user(self.users["accountant"]).action_set_up()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        for role in ("operator", "auditor"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                wizard.with_user(self.users[role]).action_apply()
        self.assertEqual(fresh.booking, "unset")

    def test_the_set_up_cannot_be_pointed_at_another_company(self):
        wizards = self.env["retail.gateway.setup"].with_user(self.users["accountant"])
        row = {"gateway_id": self.theirs.id, "booking": "none"}
        with self.assertRaises(AccessError):
            wizards.create({"company_id": self.company.id, "row_ids": [(0, 0, row)]}).action_apply()
        self.assertEqual(self.theirs.booking, "unset")

    # Pages

    def test_every_role_opens_the_pages_without_odoos_accounting(self):
        self.note(100)
        self.post()
        for role, user in self.users.items():
            self.assertFalse(user.has_group("account.group_account_readonly"))
            for kind in ("form", "list", "kanban"):
                with self.subTest(role=role, kind=kind):
                    self._open_page("retail.gateway", kind, user, self.gateway)

    def test_an_accountant_opens_the_set_up_without_odoos_accounting(self):
        fresh = make_gateway(make_backend(self.env, self.company), booked=False)
        user = self.users["accountant"]
        action = fresh.with_user(user).action_set_up()
        model = action["res_model"]
        self._open_page(model, "form", user, self.env[model].browse(action["res_id"]))

    def _open_page(self, model, kind, user, record):
        self.env.invalidate_all()
        records = self.env[model].with_user(user)
        views = records.get_views([(False, kind)])
        names = views["models"][model]["fields"]
        specification = {
            name: {"fields": {"display_name": {}}}
            if records._fields[name].type == "many2one"
            else {}
            for name in names
            if name in records._fields
        }
        [row] = record.with_user(user).web_read(specification)
        self.assertEqual(row["id"], record.id)


def _is_ours(model):
    return any(cls.__module__.startswith(ADDON) and cls._name == model._name
               for cls in model.mro() if "_name" in vars(cls))  # fmt: skip
