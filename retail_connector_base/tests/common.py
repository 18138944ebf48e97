"""Fixtures: a backend of the sample vendor, in a test's transaction or really committed."""

from contextlib import contextmanager
from unittest.mock import patch
from uuid import uuid4

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, TransactionCase
from odoo.tests.common import get_db_name

from .sample_provider import SECRET, SampleProvider


def offer_sample_provider(registry, provider=SampleProvider):
    """Return a patch under which the sample vendor is offered beside the installed ones."""
    cls = registry["retail.backend"]
    original = cls._provider_classes

    def _provider_classes(self):
        return {**original(self), provider.code: provider}

    return patch.object(cls, "_provider_classes", _provider_classes)


def create_backend(env, secret=SECRET, **values):
    """Create a running backend of the sample vendor with its secret set."""
    backend = env["retail.backend"].create(
        {"name": "Sample", "provider": "sample", "state": "running", **values}
    )
    backend.credential_ids.filtered(lambda c: c.name == "secret").secret_input = secret
    return backend


class BackendCase(TransactionCase):
    """Tests in one transaction that is rolled back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(offer_sample_provider(cls.registry))
        cls.backend = create_backend(cls.env)


class CommittedCase(BaseCase):
    """Tests with real cursors: what they see is what other processes would see."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        cls.startClassPatcher(offer_sample_provider(cls.registry))

    def setUp(self):
        super().setUp()
        with self.committed() as env:
            backend = create_backend(env, name=f"Sample {uuid4()}", lane_count=1)
            self.backend_id, self.key = backend.id, backend.key
        self.addCleanup(self._clean_up)

    @contextmanager
    def committed(self):
        """Yield an environment on a cursor of its own, committed at the end."""
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _clean_up(self):
        with self.registry.cursor() as cr:
            for table in ("inbox_message", "inbox_lane", "exception", "tombstone", "audit"):
                cr.execute(f"DELETE FROM retail_{table} WHERE backend_id = %s", [self.backend_id])
            cr.execute("DELETE FROM queue_job WHERE model_name LIKE 'retail.%%'")
            cr.execute("DELETE FROM retail_backend WHERE id = %s", [self.backend_id])
        self.registry.clear_cache()

    # What tests ask of the database

    def states(self):
        """Return the states of the backend's messages in order of arrival."""
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT state FROM retail_inbox_message WHERE backend_id = %s ORDER BY id",
                [self.backend_id],
            )
            return [row[0] for row in cr.fetchall()]

    def tombstones(self):
        """Return the external ids that were buried."""
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT external_id FROM retail_tombstone WHERE backend_id = %s",
                [self.backend_id],
            )
            return sorted(row[0] for row in cr.fetchall())

    def jobs(self):
        """Return the states of the drain jobs."""
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT state FROM queue_job WHERE identity_key LIKE %s ORDER BY id",
                [f"retail.inbox.drain:{self.backend_id}:%"],
            )
            return [row[0] for row in cr.fetchall()]
