from odoo import api, models

MORE_WAITS = """
    SELECT FROM retail_payout
     WHERE gateway_id = %s AND state IN ('to_settle', 'settling') AND next_attempt_at IS NULL
     LIMIT 1 FOR KEY SHARE SKIP LOCKED
"""


class RetailLedger(models.AbstractModel):
    """The lane that posts entries settles payouts too."""

    _inherit = "retail.ledger"

    def _more_waits(self, cr, gateway_id):
        """Override: a payout may wait as well."""
        if super()._more_waits(cr, gateway_id):
            return True
        cr.execute(MORE_WAITS, [gateway_id])
        return bool(cr.rowcount)


class RetailInboxSweeper(models.AbstractModel):
    """Sweeps the payouts too."""

    _inherit = "retail.inbox.sweeper"

    @api.model
    def _sweep(self):
        """Override: wake what payouts are due, and ask for what is missing of them."""
        result = super()._sweep()
        self.env["retail.payout"]._sweep()
        return result
