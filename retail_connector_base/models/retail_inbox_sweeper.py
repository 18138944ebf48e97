import logging
from datetime import datetime, timedelta

from odoo import api, fields, models

_logger = logging.getLogger(__name__)

POISON_CRASHES = 3
# Odoo's cron workers look for triggers of the future once in a minute or so: what is due sooner
# than that is long is announced by a job, one for all that is due within a slot.
NEAR = timedelta(seconds=120)
SLOT_SECONDS = 2


class RetailInboxSweeper(models.AbstractModel):
    """Makes good what was lost with a process: runs every minute, and when a retry is due."""

    _name = "retail.inbox.sweeper"
    _description = "Retail Inbox: sweeping"
    _inherit = ["retail.job.mixin"]

    @api.model
    def _sweep_at(self, moment):
        """Sweep at a moment (UTC), for retries that should not wait for the next round."""
        cron = self.env.ref("retail_connector_base.cron_sweep", raise_if_not_found=False)
        if not cron:
            return
        cron.sudo()._trigger(at=moment)
        if timedelta() < moment - fields.Datetime.now() <= NEAR:
            self._announce(moment)

    def _announce(self, moment):
        """Let a job wake the sweeper at the end of the slot that a moment lies in."""
        slot = int((moment - datetime.min).total_seconds()) // SLOT_SECONDS + 1
        self._enqueue(
            self.env.user,
            "_job_sweep",
            identity_key=f"{self._name}:{slot}",
            description=self.env._("Look for what is due"),
            eta=datetime.min + timedelta(seconds=slot * SLOT_SECONDS),
            priority=0,
        )

    def _job_sweep(self):
        """Wake the cron that sweeps: of many jobs at one time it makes one round."""
        self._sweep_at(fields.Datetime.now())

    @api.model
    def _sweep(self):
        """Wake every lane with work that is due, and show what died without a word."""
        self._block_poison()
        self._expire_waiting()
        self._report_dead_jobs()
        self.env["retail.backend"]._measure_pressure()
        self.env["retail.flow"]._start_due_polls()
        self.env["retail.reservation"]._sweep()
        self.env["retail.stolen.reservation"]._sweep()
        self.env["retail.exception"]._sweep()
        for model in self.env["retail.projection"]._models().values():
            self.env[model]._sweep()
        self._wake_due_lanes()
        self.env["retail.outbox.sender"]._sweep()

    def _wake_due_lanes(self):
        self.env.cr.execute(
            """
            SELECT DISTINCT message.backend_id, message.lane
              FROM retail_inbox_message message
              JOIN retail_backend backend ON backend.id = message.backend_id
             WHERE message.state IN ('received', 'retry', 'waiting')
               AND (message.next_attempt_at IS NULL
                    OR message.next_attempt_at <= now() AT TIME ZONE 'UTC')
               AND backend.active AND backend.state = 'running'
               AND NOT coalesce(backend.paused, false)
            """
        )
        for backend_id, lane in self.env.cr.fetchall():
            self.env["retail.inbox.drain"]._wake_after_commit(backend_id, lane)

    def _block_poison(self):
        poison = self.env["retail.inbox.message"].search(
            [
                ("state", "in", ("received", "retry", "waiting")),
                ("crashes", ">=", POISON_CRASHES),
            ]
        )
        for message in poison:
            self.env["retail.inbox.failure"]._report_poison(message)

    def _expire_waiting(self):
        expired = self.env["retail.inbox.message"].search(
            [("state", "=", "waiting"), ("waiting_until", "<", fields.Datetime.now())], limit=500
        )
        self.env["retail.inbox.failure"]._expire(expired)

    def _report_dead_jobs(self):
        """Turn failed jobs of ours into exceptions: queue_job kills some without calling a hook."""
        self.env["retail.job.failure"]._report_all()
