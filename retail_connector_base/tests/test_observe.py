from prometheus_client.openmetrics.parser import text_string_to_metric_families

from odoo.tests import HttpCase, tagged

from .api import create_client
from .inbox import blocked_message


@tagged("post_install", "-at_install")
class TestObserve(HttpCase):
    """What monitoring is told."""

    def _metrics(self, token):
        headers = {"Authorization": f"Bearer {token}"}
        return self.url_open("/retail/metrics", headers=headers)

    def _samples(self, answer):
        families = text_string_to_metric_families(answer.text)
        return {
            (sample.name, *sorted(sample.labels.items())): sample.value
            for family in families
            for sample in family.samples
        }

    def test_figures_are_for_those_with_the_scope(self):
        _client, token = create_client(self.env, ["metrics:read"])
        self.assertEqual(self._metrics("").status_code, 401)
        _other, without = create_client(self.env, ["messages:read"], name="No scope")
        self.assertEqual(self._metrics(without).status_code, 403)
        answer = self._metrics(token)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("openmetrics-text", answer.headers["Content-Type"])
        self.assertTrue(answer.text.endswith("# EOF\n"))

    def test_what_waits_is_counted_for_the_callers_company_alone(self):
        client, token = create_client(self.env, ["metrics:read"])
        company = self.env["res.company"].create({"name": "Elsewhere"})
        other = self.env["retail.backend"].create(
            {"name": "Hidden", "provider": "canonical", "company_id": company.id}
        )
        for backend in (client.backend_id, client.backend_id, other):
            blocked_message(backend)
        found = self._samples(self._metrics(token))
        name = client.backend_id.name
        key = ("retail_inbox_messages", ("backend", name), ("state", "blocked"))
        self.assertEqual(found[key], 2)
        self.assertFalse([name for name in found if ("backend", "Hidden") in name])

    def test_health_tells_anybody_what_does_not_work_and_nothing_else(self):
        answer = self.url_open("/retail/health")
        self.assertEqual(answer.status_code, 200)
        # No job runner runs while the tests do.
        self.assertEqual(answer.json()["status"], "degraded")
        self.assertIn("runner", answer.json()["failing"])
        self.assertEqual(set(answer.json()), {"status", "failing"})
