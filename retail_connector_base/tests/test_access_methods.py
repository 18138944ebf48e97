import inspect

from odoo.exceptions import AccessError
from odoo.models import BaseModel
from odoo.service.model import call_kw
from odoo.tests import tagged

from .access import create_user, our_models, stored_models
from .common import BackendCase

OURS = "odoo.addons.retail_connector_"
# What the ORM offers for every model, with arguments that get as far as the check of access.
CRUD = {
    "create": [{}],
    "read": [[1], ["display_name"]],
    "write": [[1], {"create_uid": 1}],
    "unlink": [[1]],
    "search": [[]],
    "search_read": [[]],
    "search_count": [[]],
    "web_search_read": [[], {"display_name": {}}],
    "web_read": [[1], {"display_name": {}}],
    "web_save": [[1], {}, {"display_name": {}}],
    "formatted_read_group": [[], [], ["__count"]],
    "name_search": ["a"],
    "copy": [[1]],
}


def own_public_methods(model):
    """Return the public methods that our addons define on a model, be it ours or Odoo's.

    Overrides of somebody else's methods are checked by whom they override.
    """
    ours, others = {}, set(dir(BaseModel))
    for cls in type(model).mro():
        names = {name for name, value in vars(cls).items() if callable(value)}
        (
            ours.update(dict.fromkeys(names))
            if cls.__module__.startswith(OURS)
            else others.update(names)
        )
    return [
        name
        for name in ours
        if not name.startswith("_") and name not in others and is_remote(type(model), name)
    ]


def is_remote(cls, name):
    """Tell whether RPC may call a method: not if it is marked as private."""
    return not any(getattr(getattr(base, name, None), "_api_private", False) for base in cls.mro())


@tagged("post_install", "-at_install")
class TestMethods(BackendCase):
    """Attack 9: people without a role of ours call every public method by RPC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["sale.order"].create({"partner_id": cls.env.user.partner_id.id})
        cls.strangers = [create_user(cls.env, role) for role in ("portal", "internal")]

    def _arguments(self, model, name):
        method = getattr(type(model), name)
        needed = [
            parameter
            for parameter in list(inspect.signature(method).parameters.values())[1:]
            if parameter.default is parameter.empty
            and parameter.kind is parameter.POSITIONAL_OR_KEYWORD
        ]
        ids = [] if getattr(method, "_api_model", False) else [[self._some_id(model)]]
        return [*ids, *("x" for _ in needed)]

    def _some_id(self, model):
        if model._abstract or model._transient:
            return 1
        return model.sudo().search([], limit=1).id or 1

    def test_every_public_method_is_refused(self):
        called = 0
        for name in sorted(self.env.registry):
            for method in own_public_methods(self.env[name]):
                for user in self.strangers:
                    model = self.env[name].with_user(user)
                    with (
                        self.subTest(method=f"{name}.{method}", login=user.login),
                        self.assertRaises(AccessError),
                    ):
                        call_kw(model, method, self._arguments(model, method), {})
                    called += 1
        self.assertGreater(called, 20)

    def test_no_helper_of_an_abstract_model_is_public(self):
        for name in our_models(self.env):
            model = self.env[name]
            if model._abstract and "mixin" not in name:
                with self.subTest(model=name):
                    self.assertFalse(own_public_methods(model))

    def test_the_orm_refuses_every_model(self):
        for name in our_models(self.env):
            if self.env[name]._abstract:
                continue
            for method, arguments in CRUD.items():
                for user in self.strangers:
                    model = self.env[name].with_user(user)
                    with (
                        self.subTest(method=f"{name}.{method}", login=user.login),
                        self.assertRaises(AccessError),
                    ):
                        call_kw(model, method, arguments, {})

    def test_every_model_has_rights_for_somebody(self):
        for name in our_models(self.env):
            if not self.env[name]._abstract:
                with self.subTest(model=name):
                    self.assertTrue(
                        self.env["ir.model.access"].search_count([("model_id.model", "=", name)])
                    )

    def test_nobody_writes_what_only_the_system_makes(self):
        users = [create_user(self.env, role) for role in ("administrator", "accountant", "auditor")]
        system = [
            name
            for name in stored_models(self.env)
            if name
            in (
                "retail.exception",
                "retail.audit",
                "retail.tombstone",
                "retail.left.out",
                "retail.gate",
            )
            or name.startswith(("retail.inbox.", "retail.outbox."))
            or name.endswith(".binding")
        ]
        for name in system:
            for user in users:
                for operation in ("create", "write", "unlink"):
                    if operation == "write" and self._decides(user, name):
                        continue
                    with self.subTest(model=name, login=user.login, operation=operation):
                        self.assertFalse(self.env[name].with_user(user).has_access(operation))

    def _decides(self, user, name):
        """Tell whether a person decides about some fields of a model."""
        administrator = user.has_group("retail_connector_base.group_administrator")
        return administrator and getattr(self.env[name], "_person_writes", False)

    def test_people_write_only_what_is_theirs_of_a_binding(self):
        administrator = create_user(self.env, "administrator")
        decided = []
        for name in stored_models(self.env):
            model = self.env[name].with_user(administrator)
            if not (name.endswith(".binding") and model.has_access("write")):
                continue
            decided.append(name)
            for field in ("external_id", "backend_id", "last_seen_at"):
                with self.subTest(model=name, field=field), self.assertRaises(AccessError):
                    model.browse(1).write({field: False})
        self.assertEqual(decided, ["retail.location.binding", "retail.product.binding"])

    def test_auditor_changes_nothing(self):
        auditor = create_user(self.env, "auditor")
        for name in stored_models(self.env):
            model = self.env[name].with_user(auditor)
            with self.subTest(model=name):
                self.assertTrue(model.has_access("read"))
                for operation in ("create", "write", "unlink"):
                    self.assertFalse(model.has_access(operation))
