import logging
import time
from contextlib import contextmanager

from psycopg2 import OperationalError
from psycopg2.errors import UniqueViolation
from psycopg2.extensions import TRANSACTION_STATUS_IDLE

from odoo import api, models
from odoo.service.model import PG_CONCURRENCY_ERRORS_TO_RETRY

from odoo.addons.queue_job.exception import RetryableJobError

_logger = logging.getLogger(__name__)

# A job's own transaction stays open while it works and holds back vacuum: keep it short.
LANE_SECONDS = 20
CHUNK_TRIES = 5

# Context key: a violated unique index ends the chunk, which is then run again as a whole.
RERUN = "retail_rerun"


class RetailLaneMixin(models.AbstractModel):
    """Work that lies in the database, done in order by one job at a time.

    A lane is named by a key (a tuple of ids). The job is only a wake-up: it takes chunks, each on a
    fresh cursor, until nothing is left. Concrete lanes declare ``_lane_job`` (the name of their job
    method) and implement ``_lane_user``, ``_lane_title`` and ``_try_chunk``.
    """

    _name = "retail.lane.mixin"
    _description = "Retail Connector: lanes"
    _inherit = ["retail.job.mixin"]

    _lane_job = None

    # Waking

    @api.model
    def _wake(self, *key):
        """Make sure that a job will look at this lane after now; return whether one was enqueued.

        Call it in a new transaction after the work was committed. A job that is still seen pending
        or enqueued here starts later, and sees the work.
        """
        identity = ":".join(map(str, (self._name, *key)))
        if self._is_woken(identity):
            return False
        self._enqueue(
            self._lane_user(*key),
            self._lane_job,
            *key,
            identity_key=identity,
            description=self._lane_title(*key),
        )
        return True

    def _is_woken(self, identity):
        """Tell whether a job of this identity has yet to start."""
        with self._statement_of_its_own():
            self.env.cr.execute(
                "SELECT FROM queue_job WHERE identity_key = %s "
                "AND state IN ('wait_dependencies', 'pending', 'enqueued') LIMIT 1",
                [identity],
            )
            return bool(self.env.cr.rowcount)

    @contextmanager
    def _statement_of_its_own(self):
        """Run one statement without BEGIN and COMMIT around it, where no transaction is open.

        Every webhook asks this: on a busy machine each round trip costs as much as the insert.
        """
        connection = self.env.cr._cnx
        if connection.info.transaction_status != TRANSACTION_STATUS_IDLE:
            yield
            return
        connection.autocommit = True
        try:
            yield
        finally:
            connection.autocommit = False

    @api.model
    def _wake_after_commit(self, *key):
        """Wake a lane once this transaction is committed; twice in one transaction is once."""
        woken = self.env.cr.postcommit.data.setdefault(self._name, set())
        if key not in woken:
            woken.add(key)
            self._after_commit("_wake", *key)

    # Working

    def _run_chunks(self, *key):
        """Take chunks for some seconds; a successor goes on where this job stopped."""
        deadline = time.monotonic() + LANE_SECONDS
        while time.monotonic() < deadline:
            if not self._run_chunk(*key):
                return
        self._wake_after_commit(*key)

    def _run_chunk(self, *key, **options):
        """Do one chunk; return whether there was any.

        Serialization failures are run again, and so is a violated unique index: another lane was
        faster, and a younger snapshot sees what it made.
        """
        for attempt in range(CHUNK_TRIES):
            context = {RERUN: attempt < CHUNK_TRIES - 1}
            try:
                with self.env.registry.cursor() as cr:
                    env = api.Environment(cr, self.env.uid, context, su=True)
                    return env[self._name]._try_chunk(*key, **options)
            except UniqueViolation:
                _logger.info("%s %s: another lane was faster, again", self._name, key)
            except OperationalError as error:
                if error.pgcode not in PG_CONCURRENCY_ERRORS_TO_RETRY:
                    raise RetryableJobError(
                        "The database connection was lost.", seconds=2, ignore_retry=True
                    ) from error
                _logger.info("%s %s: %s, again", self._name, key, type(error).__name__)
        raise RetryableJobError("The lane meets too much traffic.", seconds=1, ignore_retry=True)

    # What a concrete lane says

    def _lane_user(self, *key):
        """Return the user in whose name the work is done."""
        raise NotImplementedError

    def _lane_title(self, *key):
        """Return the job's title."""
        raise NotImplementedError

    def _try_chunk(self, *key):
        """Do one chunk in the transaction of this environment; return whether there was any."""
        raise NotImplementedError
