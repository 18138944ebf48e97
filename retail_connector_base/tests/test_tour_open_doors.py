from odoo.tests import HttpCase, tagged

from .access import create_user
from .privacy import where_found

PERSON = "tour.person@example.com"


@tagged("post_install", "-at_install")
class TestTourOpenDoors(HttpCase):
    """What administrators do about other systems and people's data, by clicking."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.backend = cls.env["retail.backend"].create(
            {"name": "Tour Marketplace", "provider": "canonical", "state": "running"}
        )
        cls.first, cls.second = (
            create_user(cls.env, "administrator", login=login)
            for login in ("tour-first", "tour-second")
        )

    def _tour(self, path, name, user=None):
        login = (user or self.first).login
        self.start_tour(path, f"retail_connector_base.{name}", login=login)
        self.env.invalidate_all()

    def _of_backend(self, model):
        return self.env[model].search([("backend_id", "=", self.backend.id)], order="id")

    def _audited(self, *actions):
        """Assert that the first administrator left these entries in the audit."""
        entries = self.env["retail.audit"].search([("user_id", "=", self.first.id)])
        self.assertLessEqual(set(actions), set(entries.mapped("action")))

    def test_api_client_gets_a_token_that_is_shown_once_and_rotated(self):
        self._tour("/odoo/retail-api-clients/new", "api_client")
        client = self._of_backend("retail.api.client")
        self.assertEqual(client.role, "marketplace")
        self.assertIn("orders:write", client.scope_ids.mapped("code"))
        self.assertNotIn("products:write", client.scope_ids.mapped("code"))
        new, former = client.token_ids
        self.assertEqual((new.state, former.state), ("valid", "revoked"))
        self.assertEqual(former.replaced_by_id, new)
        self.assertTrue(new.last_used_at and new.expires_at)
        sent = self._of_backend("retail.inbox.message")
        keys = {key.rpartition(":")[2] for key in sent.mapped("entity_key")}
        self.assertEqual(keys, {"first-token", "second-token", "overlap", "after-revoking"})
        self._audited("api_token.created", "api_token.rotated", "api_token.revoked")

    def test_subscription_gets_a_secret_that_is_shown_once_is_paused_and_resumed(self):
        self._tour("/odoo/retail-subscriptions/new", "subscription")
        subscription = self._of_backend("retail.subscription")
        self.assertEqual((subscription.state, subscription.name), ("active", "Tour Points"))
        self.assertEqual(subscription.url, "https://points.example.com/events")
        self.assertEqual(
            set(subscription.event_type_ids.mapped("code")),
            {"retail.order.confirmed.v1", "retail.order.shipped.v1"},
        )
        self.assertTrue(subscription.credential_id.is_set)
        self.assertFalse(where_found(self.env, "whsec_"))
        self._audited("subscription.secret", "subscription.pause", "subscription.resume")

    def test_ownership_preset_is_applied_after_its_changes_were_shown(self):
        self._tour(f"/odoo/retail-backends/{self.backend.id}", "ownership_preset")
        self.assertTrue(self.backend._owns("product", "content"))
        self.assertFalse(self.backend._owns("price", "price"))
        self._audited("ownership.changed")
        self.env.cr.flush()
        versions = self.backend.config_version_ids
        self.assertIn("The PIM is at work now", versions.mapped("reason"))

    def test_erasure_is_approved_by_a_second_administrator_and_carried_out(self):
        person = self.env["res.partner"].create({"name": "Tour Person", "email": PERSON})
        self._tour("/odoo/retail-privacy", "request_erasure")
        erasure = self.env["retail.erasure"].search([("requested_by_id", "=", self.first.id)])
        self.assertEqual((erasure.state, erasure.email), ("requested", PERSON))
        self.assertEqual(person.email, PERSON)
        self._tour("/odoo/retail-privacy", "approve_erasure", self.second)
        self.assertEqual((erasure.state, erasure.approved_by_id), ("approved", self.second))
        erasure._carry_out()
        self.env.invalidate_all()
        self.assertEqual(erasure.state, "done")
        self.assertFalse(person.active or person.email)
        self.assertFalse(where_found(self.env, PERSON, "Tour Person"))

    def test_mapping_waits_until_another_administrator_approves(self):
        mapping = self.env["retail.mapping"].create(
            {"backend_id": self.backend.id, "kind": "uom", "external_key": "DZ-TOUR"}
        )
        dozen = self.env.ref("uom.product_uom_dozen")
        dozen.active = True
        self._tour(f"/odoo/retail-backends/{self.backend.id}", "second_person")
        self.assertEqual(self.backend.config_policy, "approve")
        self._tour("/odoo/retail-mappings", "change_mapping")
        change = self._of_backend("retail.config.change")
        self.assertEqual((change.state, change.requested_by_id), ("proposed", self.first))
        self.assertFalse(mapping.uom_id or change.with_user(self.first).may_approve)
        self._tour("/odoo/retail-config-changes", "approve_change", self.second)
        self.assertEqual((change.state, change.decided_by_id), ("applied", self.second))
        self.assertEqual(mapping.uom_id, dozen)
