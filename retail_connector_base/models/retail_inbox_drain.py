from odoo import api, models

from ..decisions.lane import DEFAULT_PRIORITY
from ..fail_points import reach

LOCK_SPACE = 0x52435F49
MOST_LANES = 64

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

# The first entry of the index that chunks are claimed by.
MOST_URGENT = """
    SELECT coalesce(priority, 10) FROM retail_inbox_message
     WHERE backend_id = %s AND lane = %s AND state IN ('received', 'retry', 'waiting')
     ORDER BY priority, id LIMIT 1
"""

# What whoever holds the lane has not taken yet.
MORE_WAITS = """
    SELECT FROM retail_inbox_message
     WHERE backend_id = %s AND lane = %s AND state = 'received' AND crashes < 3
     LIMIT 1 FOR KEY SHARE SKIP LOCKED
"""


class RetailInboxDrain(models.AbstractModel):
    """Empties a lane: claims chunks in order and imports each in a transaction of its own."""

    _name = "retail.inbox.drain"
    _description = "Retail Inbox: draining"
    _inherit = ["retail.lane.mixin"]

    _lane_job = "_job_drain"

    def _lane_user(self, backend_id, lane):
        return self.env["retail.backend"].browse(backend_id).user_id

    def _lane_title(self, backend_id, lane):
        return self.env._("Import messages of lane %(lane)s", lane=lane)

    def _lane_priority(self, backend_id, lane, kinds=None):
        """Override: what is known to have come decides, else the most urgent of what waits."""
        if kinds:
            return self.env["retail.flow"]._most_urgent(backend_id, kinds)
        with self._statement_of_its_own():
            self.env.cr.execute(MOST_URGENT, [backend_id, lane])
            return next((row[0] for row in self.env.cr.fetchall()), DEFAULT_PRIORITY)

    def _more_waits(self, cr, backend_id, lane):
        """Override."""
        cr.execute(MORE_WAITS, [backend_id, lane])
        return bool(cr.rowcount)

    def _lane_owner(self, backend_id, lane):
        """Override: a backend's lanes share its seats."""
        return (backend_id,)

    def _job_drain(self, backend_id, lane):
        """Drain a lane. What its last worker died over is taken first, one by one."""
        lock = (LOCK_SPACE, backend_id * MOST_LANES + lane)
        with self._lane_to_itself(lock, backend_id, lane), self._seat(backend_id):
            reach("drain.started")
            suspects = self.env["retail.inbox.lane"]._suspects(backend_id, lane)
            try:
                for suspect in suspects:
                    self._run_chunk(backend_id, lane, suspects=[suspect])
                self._run_chunks(backend_id, lane)
            finally:
                self.env["retail.inbox.lane"]._begin(backend_id, lane, [])

    def _try_chunk(self, backend_id, lane, suspects=None):
        """Override: import one chunk; note first which messages it is."""
        messages = self._claim(backend_id, lane, suspects)
        if messages:
            self.env["retail.inbox.lane"]._begin(backend_id, lane, messages.ids)
            reach("drain.claimed")
            self.env["retail.inbox.processor"]._process(messages)
            reach("drain.imported")
        return bool(messages)

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
