import json

import jsonschema
from openapi_spec_validator import validate

from odoo.tests import HttpCase, tagged

from ..canonical.routes import READ_ROUTES, WRITE_ROUTES


@tagged("post_install", "-at_install")
class TestApiContract(HttpCase):
    """What is served to developers of channels, to anybody who asks."""

    def test_the_description_is_valid_and_names_every_route(self):
        answer = self.url_open("/retail/v1/openapi.json")
        self.assertEqual(answer.status_code, 200)
        document = answer.json()
        validate(document)
        wanted = {("post", route.path) for route in WRITE_ROUTES}
        wanted |= {("get", route.path) for route in READ_ROUTES}
        self.assertEqual(self._operations(document), wanted)

    def test_cloudevents_have_a_description_of_their_own(self):
        document = self.url_open("/retail/v1/openapi-cloudevents.json").json()
        validate(document)
        wanted = {("post", route.path) for route in WRITE_ROUTES}
        both = {("get", route.path) for route in READ_ROUTES} & {
            ("get", path) for _, path in wanted
        }
        self.assertEqual(self._operations(document), wanted | both)

    def _operations(self, document):
        paths = document["paths"].items()
        return {(method, path) for path, methods in paths for method in methods}

    def test_each_schema_is_served_where_it_says(self):
        answer = self.url_open("/retail/v1/schemas/order/1.1.json")
        self.assertEqual(answer.headers["Content-Type"], "application/schema+json")
        schema = answer.json()
        self.assertEqual(schema["$id"], "/retail/v1/schemas/order/1.1.json")
        jsonschema.Draft202012Validator.check_schema(schema)

    def test_an_unknown_schema_is_a_problem(self):
        for name in ("order/9.9", "nothing/1.0", "order/..%2f1.1"):
            answer = self.url_open(f"/retail/v1/schemas/{name}.json")
            self.assertEqual(answer.status_code, 404, name)

    def test_the_page_runs_nothing_from_elsewhere(self):
        page = self.url_open("/retail/v1/docs")
        self.assertEqual(page.status_code, 200)
        self.assertIn("default-src 'none'", page.headers["Content-Security-Policy"])
        self.assertNotIn("http", page.text.partition("<body>")[2])

    def test_only_the_files_of_the_page_are_served(self):
        self.assertEqual(self.url_open("/retail/v1/docs/swagger-ui.css").status_code, 200)
        for name in ("__init__.py", "..%2f__init__.py", "swagger-ui.css.map"):
            answer = self.url_open(f"/retail/v1/docs/{name}")
            self.assertEqual(answer.status_code, 404, name)

    def test_the_committed_description_is_the_one_that_is_served(self):
        for name in ("openapi.json", "openapi-cloudevents.json"):
            committed = self.url_open(f"/retail_connector_base/static/api/{name}")
            served = self.url_open(f"/retail/v1/{name}")
            self.assertEqual(json.loads(committed.text), served.json())
