from odoo import api, models

from ..decisions.posting import OF_AN_ORDER

LOCK_SPACE = 0x52435F4C
CHUNK_ENTRIES = 200

# What is due. Payments wait a while for their order; ``entry`` and ``gateway`` are joined.
DUE_NOW = """
    (entry.next_attempt_at IS NULL OR entry.next_attempt_at <= now() AT TIME ZONE 'UTC')
    AND CASE WHEN entry.state <> 'to_post'
             THEN entry.order_binding_id IS DISTINCT FROM entry.booked_order_id
             ELSE entry.order_binding_id IS NOT NULL
               OR NOT entry.category = ANY(%(of_an_order)s)
               OR entry.create_date + coalesce(gateway.match_patience, 0) * interval '1 second'
                  <= now() AT TIME ZONE 'UTC' END
"""
CLAIM = f"""
    SELECT entry.id
      FROM retail_ledger_entry entry JOIN retail_gateway gateway ON gateway.id = entry.gateway_id
     WHERE entry.gateway_id = %(gateway)s AND entry.state = 'to_post' AND {DUE_NOW}
     ORDER BY entry.id LIMIT %(limit)s FOR UPDATE OF entry
"""
CLAIM_MOVED = f"""
    SELECT entry.id
      FROM retail_ledger_entry entry JOIN retail_gateway gateway ON gateway.id = entry.gateway_id
     WHERE entry.gateway_id = %(gateway)s AND entry.state <> 'to_post'
       AND entry.order_binding_id IS DISTINCT FROM entry.booked_order_id AND {DUE_NOW}
     ORDER BY entry.id LIMIT %(limit)s FOR UPDATE OF entry
"""
MORE_WAITS = f"""
    SELECT FROM retail_ledger_entry entry
      JOIN retail_gateway gateway ON gateway.id = entry.gateway_id
     WHERE entry.gateway_id = %(gateway)s AND entry.state = 'to_post'
       AND entry.next_attempt_at IS NULL AND {DUE_NOW}
     LIMIT 1 FOR KEY SHARE OF entry SKIP LOCKED
"""
DUE = f"""
    SELECT entry.gateway_id
      FROM retail_ledger_entry entry JOIN retail_gateway gateway ON gateway.id = entry.gateway_id
     WHERE entry.state = 'to_post' AND gateway.booking = 'here' AND {DUE_NOW}
     UNION
    SELECT entry.gateway_id
      FROM retail_ledger_entry entry JOIN retail_gateway gateway ON gateway.id = entry.gateway_id
     WHERE entry.state <> 'to_post' AND gateway.booking = 'here'
       AND entry.order_binding_id IS DISTINCT FROM entry.booked_order_id AND {DUE_NOW}
"""


class RetailLedger(models.AbstractModel):
    """Posts what happened at a gateway: one lane each, since one journal has one sequence.

    It works on what lies in the database (``retail.ledger.entry``, ``retail.payout``), so that a
    lost wake-up loses nothing and the largest batches are made when much waits.
    """

    _name = "retail.ledger"
    _description = "Retail Connector: posting"
    _inherit = ["retail.lane.mixin"]

    _lane_job = "_job_post"

    def _lane_user(self, gateway_id):
        return self.env["retail.gateway"].browse(gateway_id).sudo().backend_id.user_id

    def _lane_title(self, gateway_id):
        gateway = self.env["retail.gateway"].browse(gateway_id).sudo()
        return self.env._("Post what happened at %(gateway)s", gateway=gateway.name)

    @api.model
    def _sweep(self):
        """Wake every lane that owes an entry; every minute."""
        self.env.cr.execute(DUE, self._parameters())
        for (gateway_id,) in self.env.cr.fetchall():
            self._wake_after_commit(gateway_id)
        self.env["retail.ledger.poster"]._sweep_unset()

    def _job_post(self, gateway_id):
        """Post and settle what is owed to a gateway's journal."""
        with self._lane_to_itself((LOCK_SPACE, gateway_id), gateway_id):
            self._run_chunks(gateway_id)

    def _more_waits(self, cr, gateway_id):
        """Override."""
        cr.execute(MORE_WAITS, self._parameters(gateway_id))
        return bool(cr.rowcount)

    def _try_chunk(self, gateway_id):
        """Override: post a chunk of entries, else of transfers, else settle a payout's part."""
        gateway = self._working(gateway_id)
        if not gateway._is_booked():
            return False
        poster = self.env["retail.ledger.poster"]
        for claim, work in ((CLAIM, poster._post), (CLAIM_MOVED, poster._transfer)):
            entries = self._claim(gateway, claim)
            if entries:
                work(gateway, entries)
                return True
        return self.env["retail.payout"]._settle_next(gateway)

    def _working(self, gateway_id):
        """Return the gateway in its company, quiet: nobody is mailed of what a machine posts."""
        company = self.env["retail.gateway"].browse(gateway_id).company_id
        quiet = {
            "allowed_company_ids": company.ids,
            "tracking_disable": True,
            "mail_create_nolog": True,
            "mail_create_nosubscribe": True,
            "mail_notrack": True,
            "mail_activity_automation_skip": True,
        }
        gateways = self.env["retail.gateway"].with_company(company).with_context(**quiet)
        return gateways.browse(gateway_id)

    def _claim(self, gateway, query):
        """Return the entries of the next chunk, locked, in the order in which they came."""
        self.env["retail.ledger.entry"].flush_model()
        self.env.cr.execute(query, self._parameters(gateway.id))
        ids = [row[0] for row in self.env.cr.fetchall()]
        return gateway.env["retail.ledger.entry"].browse(ids)

    def _parameters(self, gateway_id=None):
        of_an_order = [category.value for category in OF_AN_ORDER]
        return {"gateway": gateway_id, "limit": CHUNK_ENTRIES, "of_an_order": of_an_order}


class RetailInboxSweeper(models.AbstractModel):
    """Sweeps the postings too."""

    _inherit = "retail.inbox.sweeper"

    @api.model
    def _sweep(self):
        """Override: wake the lanes of gateways as well."""
        result = super()._sweep()
        self.env["retail.ledger"]._sweep()
        return result
