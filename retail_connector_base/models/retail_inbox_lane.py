from odoo import api, fields, models

from .read_committed import read_committed

# Lanes note when they begin and end: a backend that worked a minute ago is one to keep a slot for.
OTHERS_WORK = """
    SELECT FROM retail_inbox_lane
     WHERE backend_id <> %s AND started_at > now() AT TIME ZONE 'UTC' - interval '1 minute' LIMIT 1
"""


class RetailInboxLane(models.Model):
    """What a lane is working on, committed before the work begins.

    A worker that is killed in the middle leaves its messages here: they are the suspects, and are
    taken one by one until the poison among them is known.
    """

    _name = "retail.inbox.lane"
    _description = "Retail Inbox Lane"
    _rec_name = "lane"

    backend_id = fields.Many2one("retail.backend", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="backend_id.company_id", store=True)
    lane = fields.Integer(required=True)
    in_flight = fields.Json(help="Ids of the messages being imported.")
    started_at = fields.Datetime()

    _lane_unique = models.UniqueIndex("(backend_id, lane)", "A lane exists once.")

    @api.model
    def _begin(self, backend_id, lane, message_ids):
        """Note in a transaction of its own which messages are taken."""
        with self.env.registry.cursor() as cr:
            cr.execute(
                """
                INSERT INTO retail_inbox_lane (backend_id, company_id, lane, in_flight, started_at)
                SELECT id, company_id, %s, to_jsonb(%s::int[]), now() AT TIME ZONE 'UTC'
                  FROM retail_backend WHERE id = %s
                    ON CONFLICT (backend_id, lane) DO UPDATE
                   SET in_flight = excluded.in_flight, started_at = excluded.started_at
                """,
                [lane, message_ids, backend_id],
            )

    @api.model
    def _suspects(self, backend_id, lane):
        """Return the unfinished messages that the last worker took and did not put down.

        Each time, their count of crashes grows by one, committed at once.
        """
        with self.env.registry.cursor() as cr:
            cr.execute(
                """
                UPDATE retail_inbox_message SET crashes = crashes + 1
                 WHERE id IN (SELECT jsonb_array_elements(in_flight)::int FROM retail_inbox_lane
                               WHERE backend_id = %s AND lane = %s)
                   AND state IN ('received', 'retry', 'waiting')
             RETURNING id
                """,
                [backend_id, lane],
            )
            return [row[0] for row in cr.fetchall()]

    @api.model
    def _others_work(self, backend_id):
        """Tell whether another backend had work lately."""
        with read_committed(self.env.registry) as cr:
            cr.execute(OTHERS_WORK, [backend_id])
            return bool(cr.rowcount)
