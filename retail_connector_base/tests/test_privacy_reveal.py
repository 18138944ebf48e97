import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .access import ROLES, create_user
from .common import BackendCase
from .inbox import blocked_message
from .outbox import fulfill

CANARY = "zebulon.canary@example.org"


@tagged("post_install", "-at_install")
class TestReveal(BackendCase):
    """Attack 19, for personal data: people try to get at payloads past the audit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {role: create_user(cls.env, role) for role in ROLES}
        for user in cls.users.values():
            user.group_ids += cls.env.ref("base.group_allow_export")
        body = base64.b64encode(b'{"email": "%s", "id": 1}' % CANARY.encode())
        cls.message = blocked_message(cls.backend, body=body, body_size=len(body))
        cls.command = cls.env["retail.outbox.command"]._put(cls.backend, fulfill(), "k1")
        cls.command.payload = {**cls.command.payload, "email": CANARY}
        partner = cls.env["res.partner"].create({"name": "Somebody"})
        cls.binding = cls.env["retail.partner.binding"].create(
            {
                "backend_id": cls.backend.id,
                "external_id": "C1",
                "odoo_id": partner.id,
                "email": CANARY,
                "phone": "+4930901820444",
                "snapshot": {"email": CANARY},
            }
        )
        cls.env.flush_all()
        cls.env.invalidate_all()

    def secret_fields(self, role):
        yield from ((self.message, "body"), (self.command, "payload"), (self.binding, "snapshot"))
        if role != "administrator":
            yield from ((self.binding, "email"), (self.binding, "phone"))

    def test_no_way_of_reading_yields_a_raw_payload(self):
        for role, user in self.users.items():
            for record, name in self.secret_fields(role):
                reader = record.with_user(user)
                domain = [("id", "=", record.id), (name, "=", "x")]
                ways = {
                    "read": lambda reader=reader, name=name: reader.read([name]),
                    "web_read": lambda reader=reader, name=name: reader.web_read({name: {}}),
                    "search": lambda reader=reader, domain=domain: reader.search(domain),
                    "export": lambda reader=reader, name=name: reader.export_data([name]),
                    "order": lambda reader=reader, name=name: reader.search([], order=name),
                    "group": lambda reader=reader, name=name: reader.formatted_read_group(
                        [], [name], ["__count"]
                    ),
                }
                for way, call in ways.items():
                    with (
                        self.subTest(role=role, field=name, way=way),
                        self.assertRaises(AccessError),
                    ):
                        call()

    def test_reading_everything_shows_it_masked(self):
        for role, user in self.users.items():
            for record in (self.message, self.command, self.binding):
                if role == "administrator" and record == self.binding:
                    continue
                with self.subTest(role=role, model=record._name):
                    self.assertNotIn(CANARY, str(record.with_user(user).read()))
                    names = list(record.with_user(user).fields_get())
                    exported = record.with_user(user).export_data(names)
                    self.assertNotIn(CANARY, str(exported))

    def test_an_administrator_says_why_and_it_is_kept(self):
        for record in (self.message, self.command):
            user = self.users["administrator"]
            action = record.with_user(user).action_reveal()
            wizard = (
                self.env["retail.reveal"]
                .with_user(user)
                .with_context(**action["context"])
                .create({})
            )
            self.assertFalse(wizard.payload)
            with self.assertRaises(UserError):
                wizard.action_reveal()
            wizard.reason = "Ticket 4711"
            wizard.action_reveal()
            self.assertIn(CANARY, wizard.payload)
            entry = self.env["retail.audit"].search([("action", "=", "payload.revealed")], limit=1)
            self.assertEqual((entry.user_id, entry.detail["ids"]), (user, record.ids))
            self.assertEqual(entry.detail["reason"], "Ticket 4711")
            self.assertNotIn(CANARY, str(entry.detail))

    def test_others_do_not_reveal(self):
        for role in ("operator", "accountant", "auditor"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.message.with_user(self.users[role]).action_reveal()
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.env["retail.reveal"].with_user(self.users[role]).create(
                    {"source_model": self.message._name, "source_id": self.message.id}
                )

    def test_the_reason_cannot_be_skipped(self):
        user = self.users["administrator"]
        wizards = self.env["retail.reveal"].with_user(user)
        wizard = wizards.create(
            {
                "source_model": self.message._name,
                "source_id": self.message.id,
                "revealed_at": "2026-01-01 00:00:00",
            }
        )
        self.assertFalse(wizard.payload)
        wizard.write({"revealed_at": "2026-01-01 00:00:00"})
        self.assertFalse(wizard.payload)

    def test_another_administrator_does_not_see_it_through_the_wizard(self):
        user = self.users["administrator"]
        wizard = (
            self.env["retail.reveal"]
            .with_user(user)
            .create(
                {"source_model": self.message._name, "source_id": self.message.id, "reason": "x"}
            )
        )
        wizard.action_reveal()
        other = create_user(self.env, "administrator", login="second-administrator")
        self.env.invalidate_all()
        try:
            shown = str(wizard.with_user(other).read(["payload"]))
        except AccessError:
            shown = ""
        self.assertNotIn(CANARY, shown)

    def test_another_companys_payload_is_refused(self):
        """Attack 10: company A's administrator reaches for company B's payload."""
        company = self.env["res.company"].create({"name": "B"})
        stranger = create_user(self.env, "administrator", company=company)
        with self.assertRaises(AccessError):
            self.message.with_user(stranger).action_reveal()
        wizard = (
            self.env["retail.reveal"]
            .with_user(stranger)
            .create(
                {"source_model": self.message._name, "source_id": self.message.id, "reason": "x"}
            )
        )
        with self.assertRaises(AccessError):
            wizard.action_reveal()

    def test_what_was_dropped_cannot_be_shown(self):
        self.message._drop_payload("retention")
        user = self.users["administrator"]
        wizard = (
            self.env["retail.reveal"]
            .with_user(user)
            .create(
                {"source_model": self.message._name, "source_id": self.message.id, "reason": "x"}
            )
        )
        with self.assertRaises(UserError):
            wizard.action_reveal()
