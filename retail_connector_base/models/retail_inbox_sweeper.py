import logging

from odoo import api, fields, models

_logger = logging.getLogger(__name__)

POISON_CRASHES = 3


class RetailInboxSweeper(models.AbstractModel):
    """Makes good what was lost with a process: runs every minute, and when a retry is due."""

    _name = "retail.inbox.sweeper"
    _description = "Retail Inbox: sweeping"

    @api.model
    def _sweep_at(self, moment):
        """Sweep at a moment (UTC), for retries that should not wait for the next round."""
        cron = self.env.ref("retail_connector_base.cron_sweep", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger(at=moment)

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
