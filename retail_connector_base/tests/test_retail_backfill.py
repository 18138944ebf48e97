from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..models.retail_poll import LOCK_SPACE
from .common import BackendCase, create_backend
from .sample_provider import SampleProvider

SINCE = datetime(2026, 1, 1, 10)


@tagged("post_install", "-at_install")
class TestRetailBackfill(BackendCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(
            patch.object(SampleProvider, "can_fetch", classmethod(lambda *_args: True))
        )
        cls.flow = cls.backend.flow_ids
        cls.flow.write({"cursor": "7", "watermark": "2026-02-01 00:00:00", "overlap": 15})

    def wizard(self, flows=None, since=SINCE):
        flows = flows or self.flow
        context = {"active_model": "retail.flow", "active_ids": flows.ids}
        return self.env["retail.backfill"].with_context(**context).create({"since": since})

    def test_it_reads_exactly_from_the_given_moment(self):
        action = self.wizard().action_start()
        window = self.env["retail.poll"]._begin(self.flow.id)
        self.assertEqual(window["since"].replace(tzinfo=None), SINCE)
        self.assertEqual(window["cursor"], "")
        self.assertEqual(action["res_model"], "retail.flow")

    def test_it_opens_on_all_flows_of_a_backend_that_can_be_read(self):
        context = {"active_model": "retail.backend", "active_ids": self.backend.ids}
        with Form(self.env["retail.backfill"].with_context(**context)) as form:
            form.since = SINCE
            self.assertIn("2026-01-01 10:00 UTC", form.explanation)
            self.assertIn("15 minutes", form.explanation)
        self.assertEqual(form.record.flow_ids, self.flow)

    def test_flows_of_two_backends_are_refused(self):
        other = create_backend(self.env, name="Other")
        with self.assertRaises(UserError):
            self.wizard(self.flow | other.flow_ids)

    def test_the_future_is_refused(self):
        with self.assertRaises(UserError):
            self.wizard(since=fields.Datetime.now() + timedelta(days=1)).action_start()

    def test_a_paused_flow_is_refused(self):
        self.flow.paused = True
        with self.assertRaises(UserError):
            self.wizard().action_start()

    def test_a_flow_that_is_being_read_is_refused(self):
        """The end of that poll would move the watermark past what the backfill asks for."""
        with self.registry.cursor() as cr:
            cr.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, self.flow.id])
            with self.assertRaises(UserError):
                self.wizard().action_start()
        self.assertEqual(self.flow.cursor, "7")

    def test_an_operator_cannot_start_it(self):
        operator = new_test_user(
            self.env, "backfill-operator", "retail_connector_base.group_operator"
        )
        wizard = self.wizard()
        with self.assertRaises(AccessError):
            wizard.with_user(operator).action_start()
