import logging
import time

from odoo import api, models

from odoo.addons.queue_job.exception import RetryableJobError

from ..decisions.outbox import leaves_in_doubt
from ..fail_points import reach
from ..providers import CommandResult, ConnectorError, RejectedError
from .read_committed import read_committed

_logger = logging.getLogger(__name__)

LOCK_SPACE = 0x52435F4F

OPEN_LEASES = """
    SELECT extract(epoch FROM max(leased_until) - now() AT TIME ZONE 'UTC')
      FROM retail_outbox_command WHERE backend_id = %s AND lane = %s AND state = 'leased'
"""
DUE = """
    SELECT DISTINCT command.backend_id, command.lane FROM retail_outbox_command command
      JOIN retail_backend backend ON backend.id = command.backend_id
      JOIN retail_flow flow ON flow.backend_id = command.backend_id
           AND flow.kind = command.flow_kind AND flow.direction = 'out'
           AND flow.active AND NOT coalesce(flow.paused, false)
     WHERE command.state IN ('pending', 'retry', 'unknown') AND command.held IS NOT TRUE
       AND (command.next_attempt_at IS NULL
            OR command.next_attempt_at <= now() AT TIME ZONE 'UTC')
       AND backend.active AND backend.state = 'running' AND NOT coalesce(backend.paused, false)
"""


class RetailOutboxSender(models.AbstractModel):
    """Sends the commands of a lane: leases them, calls, stores what became of each.

    The lease is committed before the call, the call happens outside any transaction, and its result
    is stored under the lease's token: whoever lost his lease stores nothing.
    """

    _name = "retail.outbox.sender"
    _description = "Retail Outbox: sending"
    _inherit = ["retail.lane.mixin"]

    _lane_job = "_job_send"

    def _lane_user(self, backend_id, lane):
        return self.env["retail.backend"].browse(backend_id).user_id

    def _lane_title(self, backend_id, lane):
        return self.env._("Send commands of lane %(lane)s", lane=lane)

    @api.model
    def _sweep(self):
        """Let lost commands be asked about, block poison, wake lanes that owe something."""
        commands = self.env["retail.outbox.command"]
        self.env["retail.subscription"]._sweep()
        self.env["retail.event.stock"]._sweep()
        commands._expire_leases()
        for command in commands._poison():
            self.env["retail.outbox.failure"]._report_poison(command)
        commands.flush_model()
        self.env.cr.execute(DUE)
        for backend_id, lane in self.env.cr.fetchall():
            self._wake_after_commit(backend_id, lane)

    def _job_send(self, backend_id, lane):
        """Send what a lane owes; come back for what a lost worker may still be sending."""
        with self._exclusive(LOCK_SPACE, backend_id * 64 + lane):
            self._run_chunks(backend_id, lane)
        seconds = self._seconds_of_open_leases(backend_id, lane)
        if seconds is not None:
            self._come_back(backend_id, lane, max(1, int(seconds) + 1))

    def _come_back(self, backend_id, lane, seconds):
        """Enqueue a job for later. Its identity is its own: no new command may wait for it."""
        self._enqueue(
            self._lane_user(backend_id, lane),
            self._lane_job,
            backend_id,
            lane,
            identity_key=self._lane_identity(backend_id, lane, "later"),
            description=self._lane_title(backend_id, lane),
            eta=seconds,
        )

    def _seconds_of_open_leases(self, backend_id, lane):
        with read_committed(self.env.registry) as cr:
            cr.execute(OPEN_LEASES, [backend_id, lane])
            return cr.fetchone()[0]

    # One chunk

    def _run_chunk(self, *key, step=None, **options):
        """Override: a chunk is a batch of commands, whose steps are transactions of their own."""
        if step:
            return super()._run_chunk(*key, step=step, **options)
        return self._run_batch(*key)

    def _run_batch(self, backend_id, lane):
        """Lease some commands, carry them out, put back what was not begun."""
        batch = self._apart(backend_id, lane, "_lease")
        reach("outbox.leased", (lease.command.entity_key for lease in batch.leases))
        waiting = list(batch.leases)
        try:
            while waiting and time.monotonic() < batch.until:
                together = self._next_of(batch.provider, waiting)
                del waiting[: len(together)]
                self._carry_out_all(backend_id, lane, batch.provider, together)
        finally:
            if waiting:
                self._apart(backend_id, lane, "_put_back", waiting)
        return batch.found

    def _apart(self, backend_id, lane, step, *args):
        """Do a step on a fresh cursor, committed, again as a whole when it meets others."""
        return self._run_chunk(backend_id, lane, step=step, args=args)

    def _try_chunk(self, backend_id, lane, step, args):
        """Override: one step of a chunk in the transaction of this environment."""
        return getattr(self, step)(backend_id, lane, *args)

    # Calls, outside any transaction

    def _carry_out(self, backend_id, lane, provider, lease):
        """Send a command, or ask what became of it; store what comes out."""
        try:
            call = self._ask if lease.in_doubt else self._send
            result = call(backend_id, lane, provider, lease)
        except RetryableJobError:
            raise
        except Exception as error:  # noqa: BLE001 the job boundary of one command
            in_doubt = lease.in_doubt or leaves_in_doubt(error)
            arguments = (lease, error, in_doubt, int(lease.in_doubt))
            self._apart(backend_id, lane, "_store_failure", *arguments)
            return
        reach("outbox.called", (lease.command.entity_key,))
        if result is None:
            self._apart(backend_id, lane, "_store_absence", lease)
        else:
            self._apart(backend_id, lane, "_store", lease, result, int(lease.in_doubt))

    def _ask(self, backend_id, lane, provider, lease) -> CommandResult | None:
        known = self._apart(backend_id, lane, "_known_ids", lease)
        return provider.look_up(lease.command, lease.key, known)

    def _send(self, backend_id, lane, provider, lease) -> CommandResult:
        # A part of it may have been done: what others made must be told apart from it.
        known = self._apart(backend_id, lane, "_known_ids", lease) if lease.was_asked else None
        try:
            return provider.send(lease.command, lease.key, known)
        except RejectedError as rejected:
            # What was done already is refused as well: then it is found.
            found = self._found_after(rejected, backend_id, lane, provider, lease)
            if found is None:
                raise
            return found

    def _found_after(self, rejected, backend_id, lane, provider, lease):
        try:
            return self._ask(backend_id, lane, provider, lease)
        except ConnectorError as error:
            _logger.info("command %s: not told whether it was done: %s", lease.key, type(error))
            return None
