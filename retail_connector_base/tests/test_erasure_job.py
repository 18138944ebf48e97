import base64
from unittest.mock import patch
from uuid import uuid4

from odoo.tests import tagged

from .common import CommittedCase
from .inbox import blocked_message
from .sample_provider import deletion

EMAIL = "zebulon.job@example.org"


@tagged("post_install", "-at_install")
class TestErasureJob(CommittedCase):
    """The job commits step by step: a worker that dies leaves nothing that cannot go on."""

    def setUp(self):
        super().setUp()
        with self.committed() as env:
            backend = env["retail.backend"].browse(self.backend_id)
            body = base64.b64encode(deletion(EMAIL))
            values = {"state": "done", "body": body, "headers": {"x": "y"}}
            self.message_ids = [blocked_message(backend, **values).id for _each in range(5)]
            self.erasure_id = (
                env["retail.erasure"]
                ._request(
                    {"company_id": backend.company_id.id, "backend_id": backend.id, "email": EMAIL}
                )
                .id
            )

    def _clean_up(self):
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM retail_erasure WHERE id = %s", [self.erasure_id])
            cr.execute("DELETE FROM retail_erasure_mark WHERE backend_id = %s", [self.backend_id])
        return super()._clean_up()

    def approve(self):
        with self.committed() as env:
            env["retail.erasure"].browse(self.erasure_id)._approve(how="test")

    def run_job(self):
        with self.committed() as env:
            env["retail.erasure"]._job_carry_out(self.erasure_id)

    def state(self):
        with self.committed() as env:
            return env["retail.erasure"].browse(self.erasure_id).state

    def kept(self):
        with self.committed() as env:
            messages = env["retail.inbox.message"].browse(self.message_ids)
            return len(messages.filtered(lambda message: not message.payload_dropped_at))

    def test_approval_enqueues_one_job(self):
        self.approve()
        with self.committed() as env:
            jobs = env["queue.job"].search(
                [("identity_key", "=", f"retail.erasure:{self.erasure_id}")]
            )
            self.assertEqual(len(jobs), 1)
            self.assertEqual(jobs.args, [self.erasure_id])
            self.assertNotIn(EMAIL, str(jobs.read()))

    def test_what_was_not_approved_is_not_carried_out(self):
        self.run_job()
        self.assertEqual((self.state(), self.kept()), ("requested", 5))

    def test_windows_are_committed_one_by_one(self):
        self.approve()
        with patch("odoo.addons.retail_connector_base.models.retail_erasure_queues.WINDOW", 2):
            self.run_job()
        self.assertEqual((self.state(), self.kept()), ("done", 0))

    def test_a_worker_that_dies_is_followed_by_another(self):
        self.approve()
        erasure = self.registry["retail.erasure"]
        with (
            patch.object(erasure, "_step_partners", side_effect=MemoryError(str(uuid4()))),
            self.assertRaises(MemoryError),
        ):
            self.run_job()
        self.assertEqual((self.state(), self.kept()), ("running", 0))
        self.run_job()
        self.assertEqual(self.state(), "done")
        self.run_job()
        self.assertEqual(self.state(), "done")
        with self.committed() as env:
            self.assertFalse(env["retail.erasure"].browse(self.erasure_id).found)
