import json
from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, TransactionCase, mute_logger, tagged

from ..canonical import ROUTES
from ..canonical.reading import read
from ..decisions.api_example import EXAMPLES
from ..decisions.api_scope import SCOPES
from ..decisions.api_token import read_token
from .access import ROLES, create_user
from .api import create_client


@tagged("post_install", "-at_install")
class TestApiClient(TransactionCase):
    """What people do with API clients, and who may."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client, cls.token = create_client(cls.env, ["orders:write"])
        cls.administrator = create_user(cls.env, "administrator")

    def _audit(self, action):
        return self.env["retail.audit"].search([("action", "=", action)])

    def _is_valid(self, text):
        return bool(self.env["retail.api.token"]._identify(read_token(f"Bearer {text}")))

    def _wizard(self, user=None, **values):
        wizard = self.env["retail.api.token.wizard"].with_user(user or self.administrator)
        return wizard.create({"client_id": self.client.id, **values})

    def test_a_system_that_only_calls_us_can_be_started(self):
        backend = self.env["retail.backend"].create({"name": "PIM", "provider": "canonical"})
        backend.action_test_connection()
        backend.action_start()
        self.assertEqual(backend.state, "running")

    def test_every_route_has_its_scope(self):
        self.assertEqual(set(self.env["retail.api.scope"].search([]).mapped("code")), set(SCOPES))
        self.env["retail.api.scope"]._sync_routes()
        self.assertEqual(self.env["retail.api.scope"].search_count([]), len(SCOPES))

    def test_a_role_proposes_scopes_and_takes_none_away(self):
        with Form(self.env["retail.api.client"].with_user(self.administrator)) as form:
            form.name = "PIM"
            form.backend_id = self.client.backend_id
            form.role = "pim"
            form.role = "analytics"
        codes = form.record.scope_ids.mapped("code")
        self.assertLessEqual({"products:write", "orders:read", "messages:read"}, set(codes))
        self.assertNotIn("orders:write", codes)

    def test_a_token_is_shown_once(self):
        action = self._wizard().action_create()
        text = action["context"]["default_token"]
        self.assertTrue(self._is_valid(text))
        shown = self.env[action["res_model"]].with_user(self.administrator)
        filled = shown.with_context(**action["context"]).onchange({}, [], {"token": {}})
        self.assertEqual(filled["value"]["token"], text)
        self.assertTrue(shown._abstract)
        record = self.client.token_ids.sorted("id")[-1]
        self.assertEqual(record.expires_at.date(), fields.Date.today() + timedelta(days=365))
        entry = self._audit("api_token.created")[0]
        self.assertNotIn(text[22:-4], f"{record.read()}{entry.read()}")
        with self.assertRaises(AccessError):
            record.read(["digest"])
        with self.assertRaises(AccessError):
            record.sudo().export_data(["digest"])

    def test_rotating_shows_a_successor_and_lets_the_former_live_on(self):
        former = self.client.token_ids
        action = former.with_user(self.administrator).action_rotate()
        wizard = Form(
            self.env["retail.api.token.wizard"]
            .with_user(self.administrator)
            .with_context(**action["context"])
        )
        wizard.lifetime, wizard.overlap_hours = "0", 3
        text = wizard.save().action_create()["context"]["default_token"]
        self.assertTrue(self._is_valid(text) and self._is_valid(self.token))
        ends = fields.Datetime.now() + timedelta(hours=3)
        self.assertAlmostEqual(former.expires_at, ends, delta=timedelta(minutes=1))
        self.assertFalse(former.replaced_by_id.expires_at)
        entry = self._audit("api_token.rotated")
        self.assertEqual(entry.user_id, self.administrator)

    def test_an_overlap_has_bounds(self):
        with self.assertRaises(UserError):
            self._wizard(overlap_hours=-1)

    def test_revoking_is_at_once_and_noted(self):
        self.client.token_ids.with_user(self.administrator).action_revoke()
        self.env.flush_all()
        self.assertFalse(self._is_valid(self.token))
        self.assertEqual(self._audit("api_token.revoked").user_id, self.administrator)
        self.client.token_ids.action_revoke()
        self.assertEqual(len(self._audit("api_token.revoked")), 1)

    def test_changes_are_noted(self):
        client = self.client.with_user(self.administrator)
        client.write({"scope_ids": [(4, self.env["retail.api.scope"]._of(["prices:write"]).id)]})
        client.networks = "192.0.2.0/24"
        client.name = client.name
        details = [entry.detail for entry in self._audit("api_client.changed")]
        self.assertEqual(
            details, [{"networks": "192.0.2.0/24"}, {"scopes": ["orders:write", "prices:write"]}]
        )

    def test_what_is_no_network_is_refused(self):
        for text in ("192.0.2.1/24", "example.com", "1.2.3.4, x", "::1/129"):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.client.networks = text

    @mute_logger("odoo.sql_db")
    def test_limits_have_bounds(self):
        for values in ({"rate_per_minute": 0}, {"burst": -1}):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.client.write(values)
                self.env.flush_all()

    def test_only_administrators_make_and_end_tokens(self):
        for role in ROLES:
            if role == "administrator":
                continue
            user = create_user(self.env, role)
            token = self.client.token_ids.with_user(user)
            self.assertEqual(self.client.with_user(user).name, self.client.name)
            for act in (
                self.client.with_user(user).action_new_token,
                token.action_rotate,
                token.action_revoke,
                lambda user=user: self._wizard(user).action_create(),
                lambda user=user: self.client.with_user(user).write({"burst": 9}),
                lambda token=token: token.write({"expires_at": False}),
            ):
                with self.subTest(role=role), self.assertRaises(AccessError):
                    act()
        with self.assertRaises(AccessError):
            self.client.token_ids.with_user(self.administrator).write({"revoked_at": False})

    def test_another_companys_clients_are_out_of_reach(self):
        company = self.env["res.company"].create({"name": "B"})
        backend = self.env["retail.backend"].create(
            {"name": "B", "provider": "canonical", "company_id": company.id}
        )
        theirs, _token = create_client(self.env, backend_id=backend.id, name="B")
        found = self.env["retail.api.client"].with_user(self.administrator)
        self.assertFalse(found.search([("id", "=", theirs.id)]))
        with self.assertRaises(AccessError):
            theirs.with_user(self.administrator).action_new_token()
        with self.assertRaises(AccessError):
            theirs.token_ids.with_user(self.administrator).action_revoke()
        with self.assertRaises(AccessError):
            wizard = self.env["retail.api.token.wizard"].with_user(self.administrator)
            wizard.create({"client_id": theirs.id}).action_create()

    def test_the_example_is_a_call_without_a_secret(self):
        self.assertIn("/retail/v1/orders", self.client.example)
        self.assertIn("Bearer $RETAIL_TOKEN", self.client.example)
        self.client.scope_ids = self.env["retail.api.scope"]._of(["prices:write"])
        self.assertIn("/retail/v1/prices", self.client.example)
        self.client.scope_ids = False
        self.assertIn("/retail/v1/messages/", self.client.example)

    def test_the_examples_are_valid(self):
        for route, content in EXAMPLES.items():
            read(ROUTES[route], content)
            self.assertNotIn("'", json.dumps(content))

    def test_the_screens_open(self):
        client = self.client.with_user(self.administrator)
        for view in ("list", "form", "search"):
            client.get_view(view_type=view)
        self.assertEqual(client.valid_token_count, 1)
        self.assertEqual(client.token_ids.state, "valid")
        self.assertRegex(client.token_ids.masked, r"^rc_[0-9a-f]{16}_••••.{4}$")
