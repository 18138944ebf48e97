import logging
import os
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from cryptography.fernet import Fernet
from freezegun import freeze_time

from odoo import SUPERUSER_ID, fields
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import config

from ..providers.errors import ConfigurationError
from .access import create_user
from .common import BackendCase
from .sample_provider import SECRET

CANARY = "canary-4f1c-secret-0815"
SEALED = ("ciphertext", "previous_ciphertext")


class CredentialCase(BackendCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = create_user(cls.env, "administrator")
        cls.credential = cls.backend.credential_ids.filtered(lambda c: c.name == "secret")

    def values(self):
        return self.env["retail.credential"]._secrets_of(self.backend.id)["secret"]


@tagged("post_install", "-at_install")
class TestRotation(CredentialCase):
    def test_previous_value_stays_valid_while_the_rotation_overlaps(self):
        self.credential.secret_input = CANARY
        self.assertEqual(self.values(), (CANARY, SECRET))
        with freeze_time(fields.Datetime.now() + timedelta(hours=23, minutes=59)):
            self.assertEqual(self.values(), (CANARY, SECRET))
        with freeze_time(fields.Datetime.now() + timedelta(hours=24, minutes=1)):
            self.assertEqual(self.values(), (CANARY,))

    def test_expired_value_is_deleted(self):
        self.credential.secret_input = CANARY
        self.env["retail.credential"]._gc_previous()
        self.assertTrue(self.credential._sealed()[1])
        self.credential.previous_until = fields.Datetime.now() - timedelta(seconds=1)
        self.env["retail.credential"]._gc_previous()
        self.assertFalse(self.credential._sealed()[1])
        self.assertEqual(self.values(), (CANARY,))

    def test_overlap_can_be_ended_and_be_none(self):
        self.credential.secret_input = CANARY
        self.credential.action_forget_previous()
        self.assertEqual(self.values(), (CANARY,))
        self.credential.overlap_hours = 0
        self.credential.secret_input = "another-secret"
        self.assertEqual(self.values(), ("another-secret",))

    def test_blank_and_same_value_change_nothing(self):
        at = self.credential.rotated_at
        for text in (False, "", "  ", f" {SECRET}\n"):
            self.credential.secret_input = text
        self.assertEqual(self.values(), (SECRET,))
        self.assertEqual(self.credential.rotated_at, at)

    def test_rotation_is_audited_without_the_value(self):
        self.credential.with_user(self.administrator).write({"secret_input": CANARY})
        entry = self.env["retail.audit"].search([("action", "=", "credential.rotated")], limit=1)
        self.assertEqual(entry.user_id, self.administrator)
        self.assertEqual(entry.backend_id, self.backend)
        self.assertNotIn(CANARY, str(entry.detail))
        self.assertEqual(self.credential.last_four, CANARY[-4:])

    def test_key_of_the_server_can_be_replaced(self):
        old, new = os.environ["RETAIL_CONNECTOR_KEY"], Fernet.generate_key().decode()
        with patch.dict(os.environ, RETAIL_CONNECTOR_KEY=f"{new},{old}"):
            self.credential.action_reseal()
        with patch.dict(os.environ, RETAIL_CONNECTOR_KEY=new):
            self.assertEqual(self.values(), (SECRET,))


@tagged("post_install", "-at_install")
class TestWithoutKey(CredentialCase):
    def test_missing_key_says_what_to_do(self):
        with patch.dict(os.environ, RETAIL_CONNECTOR_KEY=""):
            with self.assertRaisesRegex(UserError, "RETAIL_CONNECTOR_KEY"):
                self.credential.secret_input = CANARY
            with self.assertRaisesRegex(ConfigurationError, "retail_connector_key"):
                self.values()

    def test_backend_without_secrets_needs_no_key(self):
        bare = self.backend.copy()
        with patch.dict(os.environ, RETAIL_CONNECTOR_KEY=""):
            self.assertEqual(self.env["retail.credential"]._secrets_of(bare.id), {})

    def test_configuration_file_holds_the_key_too(self):
        key = os.environ["RETAIL_CONNECTOR_KEY"]
        with (
            patch.dict(os.environ, RETAIL_CONNECTOR_KEY=""),
            patch.dict(config.options, {"retail_connector_key": key}),
        ):
            self.assertEqual(self.values(), (SECRET,))

    def test_secrets_are_read_without_a_query(self):
        self.values()
        with self.assertQueryCount(0):
            self.values()


@tagged("post_install", "-at_install")
class TestCredentialReader(CredentialCase):
    """Attack 19: an administrator, and even the superuser, tries to get a secret out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.credential.secret_input = CANARY
        cls.administrator.group_ids += cls.env.ref("base.group_allow_export")
        cls.env.flush_all()
        cls.env.cr.execute(
            "SELECT ciphertext, previous_ciphertext FROM retail_credential WHERE id = %s",
            cls.credential.ids,
        )
        cls.sealed = cls.env.cr.fetchone()
        cls.env.invalidate_all()
        cls.readers = [
            cls.credential.with_user(cls.administrator),
            cls.credential.with_user(SUPERUSER_ID),
            cls.credential.sudo(),
        ]

    def assert_nothing_leaks(self, result):
        for secret in (CANARY, SECRET, *self.sealed):
            self.assertNotIn(secret, str(result))

    @contextmanager
    def refused(self, **scene):
        with self.subTest(**scene), self.assertRaises(AccessError):
            yield

    def test_no_way_of_reading_yields_the_sealed_fields(self):
        for reader in self.readers:
            for name in SEALED:
                domain = [(name, "like", "g")]
                with self.refused(name=name, way="read"):
                    reader.read([name])
                with self.refused(name=name, way="web_read"):
                    reader.web_read({name: {}})
                with self.refused(name=name, way="web_save"):
                    reader.web_save({"secret_input": CANARY}, {name: {}})
                with self.refused(name=name, way="search_read"):
                    reader.search_read([], [name])
                with self.refused(name=name, way="search"):
                    reader.search(domain)
                with self.refused(name=name, way="search_count"):
                    reader.search_count(domain)
                with self.refused(name=name, way="order"):
                    reader.search([], order=name)
                with self.refused(name=name, way="group"):
                    reader.formatted_read_group([], [name], ["__count"])
                with self.refused(name=name, way="export"):
                    reader.export_data([name])
                with self.refused(name=name, way="filter"):
                    reader.filtered_domain(domain)

    def test_search_through_the_backend_is_refused(self):
        backends = self.env["retail.backend"].with_user(self.administrator)
        with self.assertRaises(AccessError):
            backends.search([("credential_ids.ciphertext", "like", "g")])
        with self.assertRaises(AccessError):
            self.backend.with_user(self.administrator).export_data(["credential_ids/ciphertext"])

    def test_reading_everything_leaks_nothing(self):
        for reader in self.readers:
            self.assert_nothing_leaks(reader.read())
            self.assert_nothing_leaks(reader.fields_get())
            self.assert_nothing_leaks(reader.copy_data())
            self.assert_nothing_leaks(reader.export_data(list(reader.fields_get()))["datas"])
            self.assertFalse(set(SEALED) & set(reader.fields_get()))

    def test_what_was_typed_is_forgotten_at_once(self):
        for reader in self.readers:
            result = reader.web_save({"secret_input": "typed-" + CANARY}, {"secret_input": {}})
            self.assertFalse(result[0]["secret_input"])
            self.assert_nothing_leaks(reader.read(["secret_input"]))

    def test_what_is_typed_is_not_logged_even_at_debug(self):
        model = self.env["retail.credential"].with_user(self.administrator)
        values = {"secret_input": "typed-" + CANARY}
        with self.assertLogs(level="DEBUG") as logs:
            logging.getLogger("odoo.service.model").setLevel(logging.DEBUG)
            self.addCleanup(logging.getLogger("odoo.service.model").setLevel, logging.NOTSET)
            call_kw(model, "read", [self.credential.ids, ["label"]], {})
            call_kw(model, "write", [self.credential.ids, values], {})
        self.assertIn("call retail.credential", str(logs.output))
        self.assert_nothing_leaks(logs.output)

    def test_copy_of_a_backend_has_no_secret(self):
        copy = self.backend.copy()
        self.assertEqual(len(copy.credential_ids), len(self.backend.credential_ids))
        self.assertFalse(any(copy.credential_ids.mapped("is_set")))
        self.assertEqual(self.env["retail.credential"]._secrets_of(copy.id), {})

    def test_administrator_cannot_write_a_ciphertext(self):
        for name in SEALED:
            with self.assertRaises(AccessError):
                self.readers[0].write({name: "forged"})

    def test_others_see_no_credentials(self):
        for role in ("operator", "accountant"):
            user = create_user(self.env, role)
            with self.assertRaises(AccessError):
                self.credential.with_user(user).read(["label"])
        auditor = create_user(self.env, "auditor")
        self.credential.with_user(auditor).read(["label", "is_set"])
        for values in ({"secret_input": "x"}, {"overlap_hours": 1}):
            with self.assertRaises(AccessError):
                self.credential.with_user(auditor).write(values)

    def test_plaintext_is_nowhere_in_the_database(self):
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT table_name, column_name FROM information_schema.columns
             WHERE table_schema = 'public' AND data_type IN ('text', 'character varying', 'jsonb')
               AND table_name IN (SELECT table_name FROM information_schema.tables
                                   WHERE table_type = 'BASE TABLE')
            """
        )
        for table, column in self.env.cr.fetchall():
            query = f'SELECT count(*) FROM "{table}" WHERE "{column}"::text LIKE %s'
            self.env.cr.execute(query, [f"%{CANARY}%"])
            self.assertEqual(self.env.cr.fetchone()[0], 0, f"{table}.{column}")

    def test_neutralised_copy_holds_no_secret(self):
        from odoo.modules.neutralize import get_neutralization_queries

        for query in get_neutralization_queries(["retail_connector_base"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        self.assertEqual(self.env["retail.credential"]._secrets_of(self.backend.id), {})
        self.assertFalse(self.credential.is_set)
        self.assertFalse(self.credential.last_four)
        self.assertTrue(self.backend.paused)
