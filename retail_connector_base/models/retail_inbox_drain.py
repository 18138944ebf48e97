import logging
import time

from psycopg2 import OperationalError
from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.service.model import PG_CONCURRENCY_ERRORS_TO_RETRY

from odoo.addons.queue_job.exception import RetryableJobError

from .retail_inbox_processor import RERUN

_logger = logging.getLogger(__name__)

# A job's own transaction stays open while it drains and holds back vacuum: keep it short.
DRAIN_SECONDS = 20
CHUNK_TRIES = 5
LOCK_SPACE = 0x52435F49

CLAIM = """
    SELECT message.id FROM retail_inbox_message message
     WHERE message.backend_id = %(backend_id)s AND message.lane = %(lane)s
       AND message.state IN ('received', 'retry', 'waiting') AND message.crashes < 3
       AND (message.next_attempt_at IS NULL
            OR message.next_attempt_at <= now() AT TIME ZONE 'UTC')
       AND coalesce(message.kind, '') <> ALL(%(paused_kinds)s)
       AND (%(suspects)s::int[] IS NULL OR message.id = ANY(%(suspects)s))
       AND NOT EXISTS (
           SELECT FROM retail_inbox_message earlier
            WHERE earlier.backend_id = message.backend_id
              AND earlier.entity_key = message.entity_key AND earlier.id < message.id
              AND earlier.state IN ('received', 'retry', 'waiting', 'blocked'))
     ORDER BY message.priority, message.id
     LIMIT %(limit)s
       FOR UPDATE
"""


class RetailInboxDrain(models.AbstractModel):
    """Empties a lane: claims chunks in order and imports each in a transaction of its own."""

    _name = "retail.inbox.drain"
    _description = "Retail Inbox: draining"
    _inherit = ["retail.job.mixin"]

    @api.model
    def _wake(self, backend_id, lane):
        """Make sure that a job will look at this lane after now; return whether one was enqueued.

        Call it in a new transaction after the message was committed. A job that is still seen
        pending or enqueued here starts later, and sees the message.
        """
        key = f"retail.drain:{backend_id}:{lane}"
        self.env.cr.execute(
            "SELECT FROM queue_job WHERE identity_key = %s "
            "AND state IN ('wait_dependencies', 'pending', 'enqueued') LIMIT 1",
            [key],
        )
        if self.env.cr.rowcount:
            return False
        backend = self.env["retail.backend"].browse(backend_id)
        self._enqueue(
            backend.user_id,
            "_job_drain",
            backend_id,
            lane,
            identity_key=key,
            description=self.env._("Import messages of lane %(lane)s", lane=lane),
        )
        return True

    @api.model
    def _wake_after_commit(self, backend_id, lane):
        """Wake a lane once this transaction is committed; twice in one transaction is once."""
        woken = self.env.cr.postcommit.data.setdefault("retail.drain", set())
        if (backend_id, lane) not in woken:
            woken.add((backend_id, lane))
            self._after_commit("_wake", backend_id, lane)

    def _job_drain(self, backend_id, lane):
        """Drain a lane for some seconds; a successor goes on where this job stopped."""
        with self._exclusive(LOCK_SPACE, backend_id * 64 + lane):
            suspects = self.env["retail.inbox.lane"]._suspects(backend_id, lane)
            try:
                for suspect in suspects:
                    self._drain_chunk(backend_id, lane, [suspect])
                emptied = self._drain_until(time.monotonic() + DRAIN_SECONDS, backend_id, lane)
            finally:
                self.env["retail.inbox.lane"]._begin(backend_id, lane, [])
        if not emptied:
            self._wake_after_commit(backend_id, lane)

    def _drain_until(self, deadline, backend_id, lane):
        """Drain chunks; return True when nothing was left, False when time ran out."""
        while time.monotonic() < deadline:
            if not self._drain_chunk(backend_id, lane):
                return True
        return False

    def _drain_chunk(self, backend_id, lane, suspects=None):
        """Import one chunk; return whether there was any.

        Serialization failures are run again, and so is a violated unique index: another lane was
        faster, and a younger snapshot sees what it made.
        """
        for attempt in range(CHUNK_TRIES):
            rerun = attempt < CHUNK_TRIES - 1
            try:
                return self._try_chunk(backend_id, lane, suspects, rerun)
            except UniqueViolation:
                _logger.info("lane %s/%s: another lane was faster, again", backend_id, lane)
            except OperationalError as error:
                if error.pgcode not in PG_CONCURRENCY_ERRORS_TO_RETRY:
                    raise RetryableJobError(
                        "The database connection was lost.", seconds=2, ignore_retry=True
                    ) from error
                _logger.info("lane %s/%s: %s, again", backend_id, lane, type(error).__name__)
        raise RetryableJobError("The lane meets too much traffic.", seconds=1, ignore_retry=True)

    def _try_chunk(self, backend_id, lane, suspects, rerun):
        context = {**self.env.context, RERUN: rerun}
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, self.env.uid, context, su=True)
            drain = env[self._name]
            messages = drain._claim(backend_id, lane, suspects)
            if not messages:
                return False
            env["retail.inbox.lane"]._begin(backend_id, lane, messages.ids)
            env["retail.inbox.processor"]._process(messages)
        return True

    @api.model
    def _claim(self, backend_id, lane, suspects=None):
        """Return the messages of the next chunk, locked, in the order in which they came."""
        backend = self.env["retail.backend"].browse(backend_id)
        if not backend._is_processing():
            return self.env["retail.inbox.message"]
        paused = backend.flow_ids.filtered(lambda flow: flow.direction == "in" and flow.paused)
        self.env.cr.execute(
            CLAIM,
            {
                "backend_id": backend_id,
                "lane": lane,
                "paused_kinds": paused.mapped("kind"),
                "suspects": suspects,
                "limit": backend.batch_size,
            },
        )
        return self.env["retail.inbox.message"].browse(row[0] for row in self.env.cr.fetchall())
