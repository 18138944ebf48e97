from datetime import datetime
from uuid import uuid4

from odoo.tests import HttpCase, tagged

from ..canonical.routes import READ_ROUTES
from .stock import make_product

SCOPES = [route.scope for route in READ_ROUTES]


@tagged("post_install", "-at_install")
class TestApiRead(HttpCase):
    """What a client reads over real HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.backend = cls._backend("Reader")
        cls.token = cls._token(cls.backend, SCOPES)

    @classmethod
    def _backend(cls, name):
        values = {"name": name, "provider": "canonical", "state": "running"}
        return cls.env["retail.backend"].create(values)

    @classmethod
    def _token(cls, backend, codes):
        scopes = cls.env["retail.api.scope"].search([("code", "in", codes)])
        client = cls.env["retail.api.client"].create(
            {
                "name": str(uuid4()),
                "backend_id": backend.id,
                "scope_ids": scopes.ids,
                "rate_per_minute": 6000,
                "burst": 1000,
            }
        )
        return cls.env["retail.api.token"]._issue(client)[1]

    def _get(self, path, token=None):
        headers = {"Authorization": f"Bearer {token or self.token}"}
        return self.url_open(f"/retail/v1/{path}", headers=headers)

    def _customer(self, number, backend=None):
        partner = self.env["res.partner"].create(
            {"name": f"Customer {number}", "email": f"c{number}@example.com"}
        )
        self.env["retail.partner.binding"].create(
            {
                "backend_id": (backend or self.backend).id,
                "external_id": f"c{number}",
                "odoo_id": partner.id,
            }
        )
        return partner

    def _message(self, backend):
        return self.env["retail.inbox.message"].create(
            {
                "backend_id": backend.id,
                "company_id": backend.company_id.id,
                "source": "api",
                "topic": "api/orders",
                "kind": "order",
                "event_id": str(uuid4()),
                "entity_key": "order:1",
                "lane": 0,
                "body_hash": "-",
                "received_at": "2026-11-01 00:00:00",
                "correlation_id": str(uuid4()),
                "state": "blocked",
                "error": "The SKU “A” is not known.",
                "error_class": "mapping",
            }
        )

    def test_a_message_tells_what_became_of_it(self):
        message = self._message(self.backend)
        answer = self._get(f"messages/{message.correlation_id}")
        self.assertEqual(answer.status_code, 200)
        found = answer.json()
        self.assertEqual((found["state"], found["error_class"]), ("blocked", "mapping"))
        self.assertEqual(found["received_at"], "2026-11-01T00:00:00Z")

    def test_what_belongs_to_another_system_is_not_there(self):
        other = self._backend("Other")
        message = self._message(other)
        self._customer(1, other)
        self.assertEqual(self._get(f"messages/{message.correlation_id}").status_code, 404)
        self.assertEqual(self._get("customers").json()["items"], [])

    def test_what_is_not_there_is_a_problem_not_a_page(self):
        for path in ("messages/nothing", "messages/%00", "orders/unknown", "orders/a/b%2fc"):
            answer = self._get(path)
            self.assertEqual(answer.status_code, 404, path)
            self.assertEqual(answer.headers["Content-Type"], "application/problem+json")

    def test_each_route_needs_its_own_scope(self):
        paths = {
            "messages:read": f"messages/{uuid4()}",
            "orders:read": "orders/1",
            "availability:read": "availability",
            "pos-feed:read": "pos-feed",
            "customers:read": "customers",
            "shipments:read": "shipments",
            "releases:read": "releases",
        }
        self.assertEqual(set(paths), set(SCOPES))
        for scope, path in paths.items():
            token = self._token(self.backend, [code for code in SCOPES if code != scope])
            answer = self._get(path, token)
            self.assertEqual(answer.status_code, 403, path)
            self.assertIn(scope, answer.json()["detail"])

    def test_availability_comes_page_by_page(self):
        house = self.env["stock.warehouse"].search(
            [("company_id", "=", self.backend.company_id.id)], limit=1
        )
        for number in range(3):
            make_product(self.env, house, number).default_code = f"READ-{number}"
        wanted = "&".join(f"sku=READ-{number}" for number in range(3))
        seen, cursor = {}, ""
        while cursor is not None:
            answer = self._get(f"availability?{wanted}&location={house.code}&limit=2{cursor}")
            self.assertEqual(answer.status_code, 200, answer.text)
            page = answer.json()
            seen |= {item["sku"]: item["available"] for item in page["items"]}
            self.assertTrue(datetime.fromisoformat(page["as_of"]).tzinfo)
            cursor = f"&cursor={page['next']}" if page["next"] else None
        self.assertEqual(seen, {"READ-0": 0, "READ-1": 1, "READ-2": 2})

    def test_customers_are_found_by_what_identifies_them(self):
        self._customer(1)
        self._customer(2)
        found = self._get("customers?email=C2@example.com").json()["items"]
        self.assertEqual([item["external_id"] for item in found], ["c2"])
        found = self._get("customers?external_id=c1&external_id=c2&external_id=x").json()["items"]
        self.assertEqual([item["external_id"] for item in found], ["c1", "c2"])
        self.assertFalse(self._get("customers?updated_since=2999-01-01T00:00:00Z").json()["items"])

    def test_a_parameter_that_cannot_be_used_is_named(self):
        for query in ("limit=0", "limit=x", "cursor=AAAA", "colour=red", "updated_since=soon"):
            answer = self._get(f"customers?{query}")
            self.assertEqual(answer.status_code, 400, query)
            self.assertEqual(answer.headers["Content-Type"], "application/problem+json")

    def test_nobody_in_between_keeps_an_answer(self):
        self.assertEqual(self._get("customers").headers["Cache-Control"], "no-store")
