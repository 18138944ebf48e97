from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError

# A list that the gateway has not completed after so long is shown to a person.
PATIENCE = timedelta(hours=24)
ASKED_AT_ONCE = 50
# What a line waits for was posted since: by its own name, its dispute's or (unnamed) its amount.
# What was posted before it was parked was not enough. Each way is answered by an index.
POSTED = """
    UPDATE retail_payout payout
       SET state = 'to_settle', attempts = 0, next_attempt_at = NULL
     WHERE payout.gateway_id = %s AND payout.state = 'parked' AND ({ways})
    RETURNING payout.id
""".format(
    ways=" OR ".join(
        f"""EXISTS (
           SELECT FROM retail_payout_line line {join}
            WHERE line.payout_id = payout.id AND line.awaited AND entry.state = 'posted'
              AND entry.gateway_id = line.gateway_id AND entry.category = line.category
              AND entry.write_date >= payout.parked_at)"""
        for join in (
            "JOIN retail_ledger_entry entry ON entry.external_id = line.payment_external_id",
            """JOIN retail_dispute dispute
                 ON dispute.gateway_id = line.gateway_id
                AND (dispute.external_id = line.dispute_external_id
                     OR dispute.payment_external_id = line.payment_external_id)
               JOIN retail_ledger_entry entry ON entry.dispute_id = dispute.id""",
            """JOIN retail_ledger_entry entry
                 ON line.payment_external_id IS NULL AND line.dispute_external_id IS NULL
                AND entry.amount = line.gross AND entry.currency_id = line.currency_id""",
        )
    )
)
DUE = """
    SELECT DISTINCT payout.gateway_id
      FROM retail_payout payout JOIN retail_gateway gateway ON gateway.id = payout.gateway_id
     WHERE payout.state IN ('to_settle', 'settling') AND gateway.booking = 'here'
       AND (payout.next_attempt_at IS NULL
            OR payout.next_attempt_at <= now() AT TIME ZONE 'UTC')
"""


class RetailPayout(models.Model):
    """What lets a payout go on that had to wait."""

    _inherit = "retail.payout"

    @api.model
    def _wake_posted(self, gateway):
        """Let parked payouts be tied out again whose missing entries are posted by now."""
        self._flush_tied()
        self.env.cr.execute(POSTED, [gateway.id])
        woken = self.browse(row[0] for row in self.env.cr.fetchall())
        woken.invalidate_recordset(["state", "attempts", "next_attempt_at"])

    @api.model
    def _wake_mapped(self, backend, words):
        """Let parked payouts be tied out again that hold transactions of these words."""
        normal = self.env["retail.mapping"]._normalised
        waiting = self.search([("backend_id", "=", backend.id), ("state", "=", "parked")])
        groups = self.env["retail.payout.line"]._read_group(
            [("payout_id", "in", waiting.ids)], ["payout_id", "vendor_type", "category"]
        )
        found = self.union(
            *(
                payout
                for payout, word, category in groups
                if normal("balance_type", word or category) in words
            )
        )
        found._settle_again()

    def _wake_parked_beside(self):
        """Let the other parked payouts of the gateway be tied out again."""
        domain = [("gateway_id", "in", self.gateway_id.ids), ("state", "=", "parked")]
        (self.search(domain) - self)._settle_again()

    def _settle_again(self):
        """Try at once, whatever it waited for. A list that is not complete is asked for."""
        for payout in self.filtered(lambda payout: payout.state not in ("settled", "cancelled")):
            if payout.state == "parked" and not payout.is_complete:
                payout.asked_at = False
                payout._ask_for_list()
            elif payout.state == "parked":
                payout._settle_soon()
            else:
                payout.write({"attempts": 0, "next_attempt_at": False})
                payout._wake_lanes()

    # Buttons

    def action_settle_now(self):
        """Tie it out again now, and settle it if it ties."""
        self.check_access("read")
        if not self.env.user.has_group("retail_connector_base.group_operator"):
            raise AccessError(self.env._("Only operators and accountants settle payouts."))
        self.env["retail.audit"]._log("payout.settle_again", self)
        self.sudo()._settle_again()
        return True

    # Every minute

    @api.model
    def _sweep(self):
        """Wake lanes with payouts that are due; ask for lists that are not complete."""
        self.env.cr.execute(DUE)
        for (gateway_id,) in self.env.cr.fetchall():
            self.env["retail.ledger"]._wake_after_commit(gateway_id)
        self._chase_lists()

    @api.model
    def _chase_lists(self):
        hour_ago = fields.Datetime.now() - timedelta(hours=1)
        late = self.search(
            [
                ("state", "=", "announced"),
                ("was_sent", "=", True),
                ("is_complete", "=", False),
                ("gateway_id.booking", "=", "here"),
                "|",
                ("asked_at", "=", False),
                ("asked_at", "<", hour_ago),
            ],
            limit=ASKED_AT_ONCE,
        )
        for payout in late.filtered(lambda payout: payout._is_listed()):
            if payout.create_date < fields.Datetime.now() - PATIENCE:
                payout._park_for(payout._list_missing())
            else:
                payout._ask_for_list()

    def _list_missing(self):
        return self.env._(
            "The gateway has not told yet what this payout is made of. Fetch it again, or send "
            "its transactions; it goes on by itself then."
        )
