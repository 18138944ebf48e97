from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, tagged

from .access import ROLES, create_user
from .common import create_backend, offer_sample_provider
from .subscription import allow_loopback, create_subscriber, subscribe


@tagged("post_install", "-at_install")
class TestSubscriptionAccess(TransactionCase):
    """Who may do what with a subscription, and what nobody gets to see."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(offer_sample_provider(cls.registry))
        cls.backend = create_subscriber(cls.env)
        cls.subscription, cls.secret = subscribe(cls.backend)
        cls.users = {role: create_user(cls.env, role) for role in ROLES}

    def _as(self, role):
        return self.subscription.with_user(self.users[role])

    def test_an_operator_pauses_resumes_and_tests_but_configures_nothing(self):
        found = self._as("operator")
        found.action_pause()
        found.action_resume()
        found.action_test()
        self.assertEqual(found.waiting_count, 1)
        for act in (found.action_new_secret, lambda: found.write({"url": "https://x.example"})):
            with self.assertRaises(AccessError):
                act()

    def test_an_auditor_reads_only(self):
        found = self._as("auditor")
        self.assertEqual(found.name, "Loyalty")
        self.assertTrue(found.action_open_deliveries())
        for act in (
            found.action_pause,
            found.action_resume,
            found.action_test,
            found.action_new_secret,
            found.action_open_replay,
        ):
            with self.assertRaises(AccessError):
                act()

    def test_another_company_finds_nothing(self):
        company = self.env["res.company"].create({"name": "Company B"})
        self._as("operator").action_test()
        for role in ROLES:
            user = create_user(self.env, role, login=f"b-{role}", company=company)
            found = self.subscription.with_user(user)
            self.assertFalse(found.search([]))
            commands = self.env["retail.outbox.command"].with_user(user)
            self.assertFalse(commands.search([("kind", "=", "deliver_event")]))
            for act in (found.action_pause, found.action_test, found.action_new_secret):
                with self.subTest(role=role), self.assertRaises(AccessError):
                    act()

    def test_the_first_secret_starts_it_and_is_shown_once(self):
        draft, _secret = subscribe(self.backend, state="draft", name="Draft")
        draft.credential_id.unlink()
        found = draft.with_user(self.users["administrator"])
        with self.assertRaises(UserError):
            found.action_test()
        shown = found.action_new_secret()["context"]["default_secret_input"]
        self.assertTrue(shown.startswith("whsec_"))
        self.assertEqual(found.state, "active")
        self.assertEqual(found.secret_masked, f"•••• {shown[-4:]}")
        self.assertNotIn(shown, str(found.read()) + str(found.credential_id.read()))
        audit = self.env["retail.audit"].search([("action", "=", "subscription.secret")], limit=1)
        self.assertNotIn(shown, str(audit.read()))

    def test_the_form_of_the_secret_keeps_nothing(self):
        wizard = self.env["retail.subscription.secret"]
        self.assertFalse(wizard._fields["secret_input"].store)
        self.env.cr.execute(
            "SELECT FROM information_schema.columns "
            "WHERE table_name = %s AND column_name = 'secret_input'",
            [wizard._table],
        )
        self.assertFalse(self.env.cr.fetchall())

    def test_addresses_within_are_refused(self):
        for url in ("http://receiver.example.com", "https://10.0.0.1/", "https://[::1]/", "x"):
            with self.subTest(url=url), self.assertRaises(ValidationError):
                self.subscription.url = url
        allow_loopback(self.env)
        self.subscription.url = "http://127.0.0.1:8080/"

    def test_only_a_system_that_takes_events_can_subscribe(self):
        with self.assertRaises(ValidationError):
            subscribe(create_backend(self.env))

    def test_the_body_is_shown_masked(self):
        self.env["retail.outbox.command"]._put_events([])
        partner = self.env["res.partner"].create({"name": "Ada", "email": "ada@example.com"})
        self.env["retail.partner.binding"].create(
            {"backend_id": self.backend.id, "external_id": "C1", "odoo_id": partner.id}
        )
        partner.phone = "+44 20 7946 0000"
        self.env.cr.flush()
        command = self.env["retail.outbox.command"].search(
            [("event_type", "=", "retail.customer.updated.v1")]
        )
        self.assertEqual(len(command), 1)
        shown = command.with_user(self.users["auditor"]).payload_text
        self.assertIn("retail.customer.updated.v1", shown)
        self.assertNotIn("ada@example.com", shown)
        self.assertNotIn("7946", shown)

    def test_one_delivery_is_replayed_by_an_operator(self):
        self._as("operator").action_test()
        command = self.env["retail.outbox.command"].search(
            [("subscription_id", "=", self.subscription.id)]
        )
        command.with_user(self.users["operator"]).action_deliver_again()
        found = self.env["retail.outbox.command"].search(
            [("subscription_id", "=", self.subscription.id)]
        )
        self.assertEqual(len(found), 2)
        self.assertEqual(len(set(found.mapped("event_id"))), 1)
        self.assertEqual(len(set(found.mapped("idempotency_key"))), 2)
        with self.assertRaises(AccessError):
            command.with_user(self.users["auditor"]).action_deliver_again()

    def test_only_backends_that_take_events_are_offered(self):
        other = create_backend(self.env)
        backends = self.env["retail.backend"]
        offered = backends.search([("takes_events", "=", True)])
        self.assertIn(self.backend, offered)
        self.assertNotIn(other, offered)
        self.assertIn(other, backends.search([("takes_events", "=", False)]))
        self.assertEqual((self.backend.takes_events, other.takes_events), (True, False))

    def test_a_delivery_is_called_by_its_event_and_subject(self):
        self._as("operator").action_test()
        delivery = self.env["retail.outbox.command"].search(
            [("subscription_id", "=", self.subscription.id)]
        )
        self.assertEqual(delivery.display_name, "Test: Loyalty")
