from datetime import datetime
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.queue_job.exception import RetryableJobError

from ..providers import AuthenticationError, Capability, Page, TransientError
from ..providers.capability import POLLED_KINDS
from .common import CommittedCase, offer_sample_provider
from .sample_provider import SampleProvider, received


class PolledProvider(SampleProvider):
    """A sample vendor that offers a list, and may fail in the middle of it."""

    capabilities = frozenset({Capability.WEBHOOKS, Capability.ORDER_POLL})
    fails_at = None
    failure = TransientError("the line is dead")
    asked = []

    def fetch_one(self, kind, external_id):
        """Return what the vendor holds under a version that a poll has read before."""
        if self.fails_at is not None:
            raise self.failure
        return received(external_id, second=9)

    def fetch(self, kind, cursor, since=None):
        """Yield one message a page."""
        self.asked.append((cursor, since))
        for number in range(int(cursor or 0), 3):
            if number == self.fails_at:
                raise self.failure
            yield Page((received(str(number)),), cursor=str(number + 1), total=3)


@tagged("post_install", "-at_install")
class TestPoll(CommittedCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(offer_sample_provider(cls.registry, PolledProvider))

    def setUp(self):
        super().setUp()
        PolledProvider.fails_at, PolledProvider.asked = None, []
        PolledProvider.failure = TransientError("the line is dead")
        with self.committed() as env:
            flow = env["retail.backend"].browse(self.backend_id).flow_ids
            flow.kind = POLLED_KINDS[Capability.ORDER_POLL]
            self.flow_id = flow.id

    def _poll(self):
        with self.committed() as env:
            env["retail.poll"]._job_poll(self.flow_id)

    def _flow(self, env):
        return env["retail.flow"].browse(self.flow_id)

    def test_every_page_reaches_the_inbox(self):
        self._poll()
        self.assertEqual(len(self.states()), 3)
        with self.committed() as env:
            flow = self._flow(env)
            self.assertTrue(flow.watermark)
            self.assertFalse(flow.cursor)
            self.assertEqual((flow.polled_count, flow.polled_total), (3, 3))

    def test_reading_twice_stores_once(self):
        self._poll()
        self._poll()
        self.assertEqual(len(self.states()), 3)

    def test_an_interrupted_poll_goes_on_behind_its_last_page(self):
        PolledProvider.fails_at = 2
        self._poll()
        self.assertEqual(len(self.states()), 2)
        with self.committed() as env:
            self.assertEqual(self._flow(env).last_error, "the line is dead")
            self.assertFalse(self._flow(env).watermark)
        PolledProvider.fails_at = None
        self._poll()
        self.assertEqual(PolledProvider.asked[-1][0], "2")
        self.assertEqual(len(self.states()), 3)

    def test_refused_credentials_are_shown_until_a_poll_comes_through(self):
        PolledProvider.fails_at, PolledProvider.failure = 1, AuthenticationError("wrong token")
        self._poll()
        self.assertEqual(self._exceptions(), [("open", "set_credential")])
        PolledProvider.fails_at = None
        self._poll()
        self.assertEqual(self._exceptions(), [("resolved", "set_credential")])

    def _exceptions(self):
        with self.committed() as env:
            found = env["retail.exception"].search([("backend_id", "=", self.backend_id)])
            return [(exception.state, exception.fix) for exception in found]

    def _refetch(self):
        with self.committed() as env:
            env["retail.poll"]._job_refetch(self.backend_id, "order", "1")

    def test_what_was_fetched_again_is_kept_beside_a_poll_of_the_same_version(self):
        self._poll()
        self._refetch()
        self._refetch()
        with self.committed() as env:
            kept = env["retail.inbox.message"].search(
                [("backend_id", "=", self.backend_id), ("source", "=", "refetch")]
            )
            self.assertEqual((len(kept), kept.authoritative), (1, True))

    def test_fetching_again_is_tried_until_the_vendor_answers(self):
        PolledProvider.fails_at = 0
        with self.assertRaises(RetryableJobError):
            self._refetch()
        PolledProvider.failure = AuthenticationError("wrong token")
        with self.assertRaises(AuthenticationError):
            self._refetch()

    def test_the_next_window_overlaps_the_last(self):
        self._poll()
        with self.committed() as env:
            self._flow(env).watermark = datetime(2026, 1, 1, 12)
        self._poll()
        since = PolledProvider.asked[-1][1]
        self.assertEqual(since.replace(tzinfo=None), datetime(2026, 1, 1, 11, 50))

    def test_a_backfill_reaches_back_and_the_watermark_stays_ahead(self):
        self._poll()
        with self.committed() as env:
            self._flow(env)._backfill(datetime(2025, 6, 1))
        self._poll()
        self.assertEqual(PolledProvider.asked[-1][1].replace(tzinfo=None), datetime(2025, 6, 1))
        with self.committed() as env:
            self.assertGreater(self._flow(env).watermark, datetime(2026, 1, 1))
            self.assertFalse(self._flow(env).backfill_since)

    def test_a_backfill_asked_for_during_a_run_follows_it(self):
        provider = PolledProvider.fetch

        def fetch(polled, kind, cursor, since=None):
            with self.committed() as env:
                self._flow(env)._backfill(datetime(2025, 6, 1))
            yield from provider(polled, kind, cursor, since)

        with patch.object(PolledProvider, "fetch", fetch):
            self._poll()
        with self.committed() as env:
            jobs = env["queue.job"].search([("identity_key", "=", f"retail.poll:{self.flow_id}")])
            self.assertTrue(jobs)
        self._poll()
        self.assertEqual(PolledProvider.asked[-1][1].replace(tzinfo=None), datetime(2025, 6, 1))

    def test_a_paused_flow_is_not_read(self):
        with self.committed() as env:
            self._flow(env).action_pause()
        self._poll()
        self.assertEqual(PolledProvider.asked, [])

    def test_reading_rests_while_much_waits_and_goes_on_from_there(self):
        with self.committed() as env:
            env["retail.backend"].browse(self.backend_id).backlog_limit = 3
        with self.assertRaises(RetryableJobError):
            self._poll()
        self.assertEqual(len(self.states()), 2)
        with self.committed() as env:
            env["retail.inbox.drain"]._job_drain(self.backend_id, 0)
        self._poll()
        self.assertEqual([cursor for cursor, _since in PolledProvider.asked], ["", "2"])
        self.assertEqual(len(self.states()), 3)

    def test_a_due_flow_is_polled_by_the_sweeper(self):
        with self.committed() as env:
            self._flow(env).interval = 5
        with self.committed() as env:
            env["retail.inbox.sweeper"]._sweep()
        with self.committed() as env:
            jobs = env["queue.job"].search([("identity_key", "=", f"retail.poll:{self.flow_id}")])
            self.assertEqual(len(jobs), 1)

    def test_what_has_no_list_says_so(self):
        with self.committed() as env:
            self._flow(env).kind = "deletion"
            with self.assertRaisesRegex(UserError, "cannot be polled"):
                self._flow(env).action_poll_now()
