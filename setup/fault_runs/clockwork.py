"""Time, as the experiments see it: sweeps come every few seconds, and rest is measured."""

import time
from threading import Event, Lock, Thread

import psutil
import psycopg2

from demo_day.reading import Database
from demo_day.watch import CLAIMABLE

from .processes import is_zombie

# The product sweeps every 60 s, and so does queue_job's runner. Here both do so more often, so that
# an experiment takes seconds.
NATURAL, PERIOD = 60.0, 1.5
PAUSE = 0.2
SWEEP = """
    INSERT INTO ir_cron_trigger (cron_id, call_at)
    SELECT cron.id, now() AT TIME ZONE 'UTC' - interval '1 second'
      FROM ir_model_data data JOIN ir_cron cron ON cron.id = data.res_id
     WHERE (data.module, data.name) IN (('retail_connector_base', 'cron_sweep'),
                                        ('retail_connector_3pl', 'cron_release'))
"""
# Waits that somebody decided (back-off, a missing parent) pass faster; the lock shows who works.
BRING_FORWARD = """
    UPDATE retail_inbox_message SET next_attempt_at = now() AT TIME ZONE 'UTC'
     WHERE id IN (SELECT id FROM retail_inbox_message
                   WHERE state IN ('retry', 'waiting')
                     AND next_attempt_at > now() AT TIME ZONE 'UTC' + interval '1 second'
                     FOR UPDATE SKIP LOCKED)
"""
# queue_job looks each minute for dead jobs that were enqueued ten seconds ago. Whoever lives holds
# a lock, and who is about to start has been enqueued just now (told in whole seconds).
AGE_DEAD_JOBS = """
    UPDATE queue_job SET date_enqueued = date_enqueued - interval '10 seconds'
     WHERE state IN ('enqueued', 'started')
       AND date_enqueued > now() AT TIME ZONE 'UTC' - interval '11 seconds'
       AND date_enqueued < now() AT TIME ZONE 'UTC'
           - CASE state WHEN 'started' THEN interval '1 second' ELSE interval '4 seconds' END
       AND (id IN (SELECT queue_job_id FROM queue_job_lock FOR NO KEY UPDATE SKIP LOCKED)
            OR NOT EXISTS (SELECT FROM queue_job_lock WHERE queue_job_id = queue_job.id))
"""
# The same for what is owed to channels. Leases end early only where their holder is dead.
FORWARD_OUT = """
    UPDATE retail_outbox_command SET next_attempt_at = now() AT TIME ZONE 'UTC'
     WHERE id IN (SELECT id FROM retail_outbox_command
                   WHERE state IN ('retry', 'unknown', 'pending')
                     AND next_attempt_at > now() AT TIME ZONE 'UTC' + interval '1 second'
                     FOR UPDATE SKIP LOCKED)
"""
FORWARD_FLOWS = """
    UPDATE retail_flow SET retry_at = now() AT TIME ZONE 'UTC'
     WHERE id IN (SELECT id FROM retail_flow WHERE direction = 'out'
                     AND retry_at > now() AT TIME ZONE 'UTC' + interval '1 second'
                     FOR UPDATE SKIP LOCKED)
"""
FORWARD_GATES = """
    UPDATE retail_gate SET open_until = now() AT TIME ZONE 'UTC', probe_until = NULL
     WHERE id IN (SELECT id FROM retail_gate
                   WHERE open_until > now() AT TIME ZONE 'UTC' FOR UPDATE SKIP LOCKED)
"""
# Jobs that look again when a lease ends, or when enough has been gathered; and those that read a
# list, which come back when the gate said that it would open.
FORWARD_JOBS = """
    UPDATE queue_job SET eta = now() AT TIME ZONE 'UTC'
     WHERE id IN (SELECT id FROM queue_job
                   WHERE state = 'pending' AND starts_with(model_name, 'retail.')
                     AND (model_name = 'retail.poll') = %s
                     AND eta > now() AT TIME ZONE 'UTC' + interval '1 second'
                     FOR UPDATE SKIP LOCKED)
"""
LEASED = "SELECT id, lease_owner FROM retail_outbox_command WHERE state = 'leased'"
END_LEASES = """
    UPDATE retail_outbox_command SET leased_until = now() AT TIME ZONE 'UTC' - interval '1 second'
     WHERE id = ANY(%s) AND state = 'leased' AND lease_owner = ANY(%s)
"""
WAKE_RUNNER = "SELECT pg_notify('queue_job', '')"


class Clockwork:
    """Runs beside an experiment while its ``with`` block lasts; bears that PostgreSQL goes away.

    ``longest_rest`` are the seconds that a message rested at most though it could go on, as long
    as it would have been with the product's own period. A rest begins again when the fault ends.
    """

    def __init__(self, database: str, hurry: bool = True) -> None:
        self._name, self._hurry = database, hurry
        self._stop, self._lock, self._since = Event(), Lock(), 0.0
        self._claimable: dict[int, float] = {}
        self._rested = 0.0
        # Set where the backlog itself is the fault: what waits there is not forgotten.
        self.is_busy = False
        # Whether a gate that closed itself soon lets a request try again.
        self.opens_gates = False
        # Why it stands still: whoever waits must not blame the product for that.
        self.broken = ""
        self._thread = Thread(target=self._turn, daemon=True)

    def __enter__(self) -> "Clockwork":  # noqa: PYI034 - Self needs Python 3.11
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join(10)

    @property
    def longest_rest(self) -> float:
        """The longest rest in seconds; sweeps that came early are made good."""
        with self._lock:
            early = NATURAL - PERIOD if self._rested > PERIOD and not self.is_busy else 0
            return self._rested + early

    def fault_is_over(self) -> None:
        """Measure from now on: nobody can go on while what he needs is broken."""
        with self._lock:
            self._since, self._rested = time.monotonic(), 0.0
            self._claimable.clear()

    def _turn(self) -> None:
        sweep_at = time.monotonic() + PERIOD
        while not (self._stop.is_set() or self.broken):
            try:
                sweep_at = self._connected(sweep_at)
            except psycopg2.Error as error:
                if not is_lost(error):
                    self.broken = str(error)
            self._stop.wait(PAUSE)

    def _connected(self, sweep_at: float) -> float:
        database = Database(self._name)
        try:
            return self._work(database, sweep_at)
        finally:
            database.close()

    def _work(self, database: Database, sweep_at: float) -> float:
        pause = PAUSE
        while not self._stop.wait(pause):
            begin = time.monotonic()
            self._note_resting(database)
            # Looking at a long backlog must not take what working on it needs.
            pause = max(PAUSE, 10 * (time.monotonic() - begin))
            if time.monotonic() >= sweep_at:
                self._pass_time(database)
                sweep_at = time.monotonic() + PERIOD
        return sweep_at

    def _note_resting(self, database: Database) -> None:
        rows = database.rows(CLAIMABLE)
        with self._lock:
            now = time.monotonic()
            self._claimable = {number: self._claimable.get(number, now) for (number,) in rows}
            oldest = min(self._claimable.values(), default=now)
            self._rested = max(self._rested, now - oldest)

    def _hurry_out(self, database: Database) -> None:
        database.run(FORWARD_OUT)
        database.run(FORWARD_FLOWS)
        database.run(FORWARD_JOBS, False)
        if self.opens_gates:
            database.run(FORWARD_GATES)
            database.run(FORWARD_JOBS, True)
        dead = [(number, owner) for number, owner in database.rows(LEASED) if is_dead(owner)]
        if dead:
            database.run(END_LEASES, [number for number, _ in dead], [owner for _, owner in dead])

    def _pass_time(self, database: Database) -> None:
        if self._hurry:
            database.run(BRING_FORWARD)
            database.run(AGE_DEAD_JOBS)
            self._hurry_out(database)
            database.run(WAKE_RUNNER)
        database.run(SWEEP)
        notify(self._name)


def is_dead(owner: str) -> bool:
    """Tell whether the process that holds a lease (host:pid) is no more."""
    number = int(owner.rpartition(":")[2])
    return not psutil.pid_exists(number) or is_zombie(number)


def is_lost(error: psycopg2.Error) -> bool:
    """Tell whether the connection is gone or refused, rather than the question wrong.

    psycopg2 has no class of its own for a connection that the server closed.
    """
    return isinstance(error, psycopg2.OperationalError | psycopg2.InterfaceError) or (
        type(error) is psycopg2.DatabaseError
    )


def notify(database: str) -> None:
    """Wake the cron workers as Odoo does."""
    connection = psycopg2.connect(dbname="postgres")
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify('cron_trigger', %s)", [database])
    finally:
        connection.close()
