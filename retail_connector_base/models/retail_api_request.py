import json
from collections import namedtuple

from odoo import api, fields, models

from .read_committed import read_committed

# A worker that died leaves its request to whoever asks next after this.
LEASE_SECONDS = 30
KEEP_DAYS = 7
# A plain insert where the key is new; the same statement takes over what a dead worker left.
CLAIM = """
    INSERT INTO retail_api_request AS request (
        client_id, company_id, key, digest, route, fence, lease_until, created_at)
    SELECT id, company_id, %(key)s, %(digest)s, %(route)s, 1,
           clock_timestamp() AT TIME ZONE 'UTC' + %(lease)s * interval '1 second',
           clock_timestamp() AT TIME ZONE 'UTC'
      FROM retail_api_client WHERE id = %(client_id)s
        ON CONFLICT (client_id, key) DO UPDATE
       SET fence = request.fence + 1, lease_until = excluded.lease_until
     WHERE request.status IS NULL AND request.digest = excluded.digest
       AND request.lease_until < clock_timestamp() AT TIME ZONE 'UTC'
 RETURNING id, fence
"""
LOOK = """
    SELECT digest, status, answer,
           ceil(extract(epoch FROM lease_until - clock_timestamp() AT TIME ZONE 'UTC'))::int
      FROM retail_api_request WHERE client_id = %(client_id)s AND key = %(key)s
"""
ANSWER = """
    UPDATE retail_api_request SET status = %s, answer = %s, lease_until = NULL
     WHERE id = %s AND fence = %s AND status IS NULL
"""
# Ours alone to give up, and only while it is ours.
RELEASE = "DELETE FROM retail_api_request WHERE id = %s AND fence = %s AND status IS NULL"

Claim = namedtuple("Claim", "id fence")
# ``status`` is ``None`` while another request works; ``wait`` is in seconds.
Found = namedtuple("Found", "is_same status answer wait")


class RetailApiRequest(models.Model):
    """A request with an Idempotency-Key: who works on it, then what was answered."""

    _name = "retail.api.request"
    _description = "Retail API Request"
    _order = "id desc"
    _rec_name = "key"
    _log_access = False

    client_id = fields.Many2one(
        "retail.api.client", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    key = fields.Char(required=True, readonly=True)
    digest = fields.Char(required=True, readonly=True)
    route = fields.Char(readonly=True)
    fence = fields.Integer(readonly=True, help="Grows when a dead worker's request is taken over.")
    lease_until = fields.Datetime(readonly=True)
    created_at = fields.Datetime(required=True, readonly=True, index=True)
    status = fields.Integer(readonly=True, string="HTTP Status")
    answer = fields.Text(readonly=True)

    _key_unique = models.UniqueIndex("(client_id, key)", "A key is used once per client.")

    @api.model
    def _claim(self, client_id, key, digest, route):
        """Return a ``Claim`` if the request is ours to work on, else what was ``Found``."""
        values = {
            "client_id": client_id,
            "key": key,
            "digest": digest,
            "route": route,
            "lease": LEASE_SECONDS,
        }
        while True:
            with read_committed(self.env.registry) as cr:
                cr.execute(CLAIM, values)
                if claimed := cr.fetchone():
                    return Claim(*claimed)
                cr.execute(LOOK, values)
                if found := cr.fetchone():
                    return self._found(digest, *found)

    def _found(self, digest, known_digest, status, answer, seconds):
        wait = min(max(seconds or 1, 1), LEASE_SECONDS)
        return Found(known_digest == digest, status, answer and json.loads(answer), wait)

    @api.model
    def _answer(self, claim, status, body):
        """Keep the answer in the transaction that stores the items; tell whether it was ours."""
        self.env.cr.execute(ANSWER, [status, json.dumps(body), *claim])
        return bool(self.env.cr.rowcount)

    @api.model
    def _release(self, claim):
        """Forget a request that could not be answered, so that it can be sent again at once."""
        with read_committed(self.env.registry) as cr:
            cr.execute(RELEASE, list(claim))

    @api.autovacuum
    def _gc_requests(self):
        """Forget keys after a week."""
        self.env.cr.execute(
            "DELETE FROM retail_api_request "
            "WHERE created_at < now() AT TIME ZONE 'UTC' - %s * interval '1 day'",
            [KEEP_DAYS],
        )
