from odoo import api, models

LOCK_SPACE = 0x52435F4C
CHUNK_ENTRIES = 200

CLAIM = """
    SELECT id FROM retail_ledger_entry
     WHERE gateway_id = %s AND state = 'to_post'
       AND (next_attempt_at IS NULL OR next_attempt_at <= now() AT TIME ZONE 'UTC')
     ORDER BY id LIMIT %s FOR UPDATE
"""
MORE_WAITS = """
    SELECT FROM retail_ledger_entry
     WHERE gateway_id = %s AND state = 'to_post' AND next_attempt_at IS NULL
     LIMIT 1 FOR KEY SHARE SKIP LOCKED
"""
DUE = """
    SELECT DISTINCT entry.gateway_id
      FROM retail_ledger_entry entry JOIN retail_gateway gateway ON gateway.id = entry.gateway_id
     WHERE entry.state = 'to_post' AND gateway.booking = 'here'
       AND (next_attempt_at IS NULL OR next_attempt_at <= now() AT TIME ZONE 'UTC')
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
        self.env.cr.execute(DUE)
        for (gateway_id,) in self.env.cr.fetchall():
            self._wake_after_commit(gateway_id)

    def _job_post(self, gateway_id):
        """Post and settle what is owed to a gateway's journal."""
        with self._lane_to_itself((LOCK_SPACE, gateway_id), gateway_id):
            self._run_chunks(gateway_id)

    def _more_waits(self, cr, gateway_id):
        """Override."""
        cr.execute(MORE_WAITS, [gateway_id])
        return bool(cr.rowcount)

    def _try_chunk(self, gateway_id):
        """Override: post a chunk of entries; without any, settle a payout that is due."""
        gateway = self._working(gateway_id)
        if not gateway._is_booked():
            return False
        entries = self._claim(gateway)
        if entries:
            self.env["retail.ledger.poster"]._post(gateway, entries)
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

    def _claim(self, gateway):
        self.env.cr.execute(CLAIM, [gateway.id, CHUNK_ENTRIES])
        ids = [row[0] for row in self.env.cr.fetchall()]
        return gateway.env["retail.ledger.entry"].browse(ids)


class RetailInboxSweeper(models.AbstractModel):
    """Sweeps the postings too."""

    _inherit = "retail.inbox.sweeper"

    @api.model
    def _sweep(self):
        """Override: wake the lanes of gateways as well."""
        result = super()._sweep()
        self.env["retail.ledger"]._sweep()
        return result
