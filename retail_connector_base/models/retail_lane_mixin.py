import logging
import time
from contextlib import contextmanager

from psycopg2 import OperationalError
from psycopg2.errors import UniqueViolation
from psycopg2.extensions import TRANSACTION_STATUS_IDLE

from odoo import api, models
from odoo.service.model import PG_CONCURRENCY_ERRORS_TO_RETRY

from odoo.addons.queue_job.exception import RetryableJobError

from ..decisions.lane import DEFAULT_PRIORITY
from ..fail_points import reach
from .read_committed import read_committed

_logger = logging.getLogger(__name__)

# A job's own transaction stays open while it works and holds back vacuum, and other lanes of the
# same backend may wait for its seat: keep it short.
LANE_SECONDS = 5
# After this, a lane gives way to others that wait for a worker.
SLICE_SECONDS = 0.25
CHUNK_TRIES = 5

# Jobs whose time to come back is not there yet wait for something else than a worker.
OTHERS = """
    SELECT FROM queue_job
     WHERE state = 'pending' AND model_name = ANY(%(models)s)
       AND (eta IS NULL OR eta <= now() AT TIME ZONE 'UTC')
       AND date_created <= now() AT TIME ZONE 'UTC' - %(patience)s * interval '1 second'
       AND identity_key || ':' NOT LIKE %(ours)s AND priority <= %(priority)s LIMIT 1
"""

# Locked rows are skipped, so that two who leave at the same moment never wait for one another.
CALL_BACK = """
    UPDATE queue_job SET eta = NULL
     WHERE uuid IN (SELECT uuid FROM queue_job
                     WHERE state = 'pending' AND identity_key = %s
                       AND eta > now() AT TIME ZONE 'UTC'
                       FOR UPDATE SKIP LOCKED)
"""

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
    def _wake(self, *key, kinds=None):
        """Make sure that a job will look at this lane after now; return whether one was enqueued.

        Call it in a new transaction after the work was committed. A job that is still seen pending
        or enqueued here starts later, and sees the work. ``kinds`` of the work, where they are
        known, tell how urgent it is: a job that waits already moves up.
        """
        identity = self._lane_identity(*key)
        priority = self._lane_priority(*key, kinds=kinds)
        waiting = self._waiting_priority(identity)
        if waiting is None:
            self._enqueue(
                self._lane_user(*key),
                self._lane_job,
                *key,
                identity_key=identity,
                description=self._lane_title(*key),
                priority=priority,
            )
        elif priority < waiting:
            self._move_up(identity, priority)
        return waiting is None

    def _lane_identity(self, *key):
        return ":".join(map(str, (self._name, *key)))

    def _waiting_priority(self, identity):
        """Return the priority of the job of this identity that has yet to start, else None."""
        with self._statement_of_its_own():
            self.env.cr.execute(
                "SELECT coalesce(priority, 10) FROM queue_job WHERE identity_key = %s "
                "AND state IN ('wait_dependencies', 'pending', 'enqueued') LIMIT 1",
                [identity],
            )
            return next((row[0] for row in self.env.cr.fetchall()), None)

    def _move_up(self, identity, priority):
        with read_committed(self.env.registry) as cr:
            cr.execute(
                "UPDATE queue_job SET priority = %s "
                "WHERE identity_key = %s AND state = 'pending' AND priority > %s",
                [priority, identity, priority],
            )

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

    @contextmanager
    def _lane_to_itself(self, lock, *key):
        """Hold a lane's lock (space and number), then call the job that came meanwhile.

        A job that finds it taken comes back and loses no work. Each time it occupies a worker that
        others may wait for: as long as the holder has more to do, it comes when it is called.
        """
        with read_committed(self.env.registry) as cr:
            if not self._try_lock(cr, *lock):
                seconds = LANE_SECONDS if self._more_waits(cr, *key) else 1
                raise RetryableJobError("Busy.", seconds=seconds, ignore_retry=True)
            yield
        self._call_back(*key)

    def _call_back(self, *key):
        """Let the job that waits for this lane come back now. Who was killed calls nobody."""
        with read_committed(self.env.registry) as cr:
            cr.execute(CALL_BACK, [self._lane_identity(*key)])

    def _run_chunks(self, *key):
        """Take chunks for some seconds; a successor goes on where this job stopped."""
        started = time.monotonic()
        while self._run_chunk(*key):
            lasted = time.monotonic() - started
            if lasted > LANE_SECONDS or (lasted > SLICE_SECONDS and self._others_wait(*key)):
                self._wake_after_commit(*key)
                return

    def _others_wait(self, *key):
        """Tell whether a lane that is none of ours waits for a worker and is as urgent."""
        with read_committed(self.env.registry) as cr:
            cr.execute(
                OTHERS,
                {
                    "models": list(self._lane_models()),
                    "ours": self._lane_identity(*self._lane_owner(*key)) + ":%",
                    "priority": self._lane_priority(*key),
                    "patience": self._lane_patience(*key),
                },
            )
            return bool(cr.rowcount)

    @api.model
    def _lane_models(self):
        """Return the names of the models whose jobs work on lanes."""
        return self.env.registry.descendants(["retail.lane.mixin"], "_inherit")

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
                    found = env[self._name]._try_chunk(*key, **options)
                reach(f"{self._name}.committed")
                return found
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

    def _lane_priority(self, *key, kinds=None):
        """Return the priority of the lane's jobs: lower goes first."""
        return DEFAULT_PRIORITY

    def _lane_patience(self, *key):
        """Return after how many seconds of waiting others are given way to."""
        return 0

    def _more_waits(self, cr, *key):
        """Tell whether work waits that the lane's holder has not taken yet."""
        raise NotImplementedError

    def _lane_owner(self, *key):
        """Return the part of the key whose lanes do not give way to one another."""
        return key

    def _try_chunk(self, *key):
        """Do one chunk in the transaction of this environment; return whether there was any."""
        raise NotImplementedError
