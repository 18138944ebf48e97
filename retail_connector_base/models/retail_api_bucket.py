from odoo import api, fields, models

from ..decisions.api_throttle import bucket, take
from .read_committed import read_committed

SETTLE = """
    INSERT INTO retail_api_bucket (client_id, company_id)
    SELECT id, company_id FROM retail_api_client WHERE id = %s
        ON CONFLICT (client_id) DO NOTHING
"""
READ = """
    SELECT available, coalesce(extract(epoch FROM seen_at)::float, 0),
           extract(epoch FROM clock_timestamp())::float
      FROM retail_api_bucket WHERE client_id = %s FOR NO KEY UPDATE
"""
WRITE = """
    UPDATE retail_api_bucket
       SET available = %s, seen_at = to_timestamp(%s) AT TIME ZONE 'UTC' WHERE client_id = %s
"""
# At most once a minute, and never where somebody else holds the row.
USED = """
    UPDATE retail_api_token SET last_used_at = now() AT TIME ZONE 'UTC'
     WHERE id = (SELECT id FROM retail_api_token
                  WHERE id = %s AND (last_used_at IS NULL
                        OR last_used_at < now() AT TIME ZONE 'UTC' - interval '1 minute')
                    FOR NO KEY UPDATE SKIP LOCKED)
"""


class RetailApiBucket(models.Model):
    """What is left of an API client's allowance, for all workers and hosts."""

    _name = "retail.api.bucket"
    _description = "Retail API Allowance"
    _rec_name = "client_id"
    _log_access = False

    client_id = fields.Many2one(
        "retail.api.client", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    available = fields.Float(readonly=True)
    seen_at = fields.Datetime(readonly=True)

    _client_unique = models.UniqueIndex("(client_id)", "A client has one allowance.")

    @api.model
    def _take(self, client_id, token_id, per_minute, burst):
        """Take one request from a client's allowance and note that its token was used.

        A transaction of its own that waits for no disk: tokens that a crash gives back do no harm.
        """
        with read_committed(self.env.registry) as cr:
            cr.execute("SET LOCAL synchronous_commit = off")
            available, seen_at, now = self._locked_row(cr, client_id)
            state, allowance = take(bucket(available, seen_at, per_minute, burst), now)
            cr.execute(WRITE, [state.available, state.seen_at, client_id])
            cr.execute(USED, [token_id])
        return allowance

    def _locked_row(self, cr, client_id):
        cr.execute(READ, [client_id])
        found = cr.fetchone()
        if found is None:
            cr.execute(SETTLE, [client_id])
            cr.execute(READ, [client_id])
            found = cr.fetchone() or (None, 0.0, 0.0)
        return found
