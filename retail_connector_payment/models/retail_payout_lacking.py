from odoo import models

from odoo.addons.retail_connector_base.canonical import BalanceCategory

from ..decisions.payout_state import BACK
from ..decisions.settlement_parts import DISPUTED, Cause

# The more that is unknown, the less a single question helps: a backfill does.
ASKED_AT_ONCE = 200
OWN = (BalanceCategory.PAYOUT, BalanceCategory.PAYOUT_FAILURE)
LACKING = """
    SELECT DISTINCT line.payment_external_id
      FROM retail_payout_line line
      LEFT JOIN retail_ledger_entry entry
        ON entry.gateway_id = line.gateway_id AND entry.category = line.category
       AND entry.external_id = line.payment_external_id
     WHERE line.payout_id = %s AND line.is_settled IS NOT TRUE AND line.category = ANY(%s)
       AND line.payment_external_id IS NOT NULL AND entry.id IS NULL
"""
OF_PAYMENTS = ["charge", "refund", "refund_failure"]
RETURNED = """
    SELECT failed.id FROM retail_payout_line line
      JOIN retail_payout failed
        ON failed.gateway_id = line.gateway_id AND failed.id <> line.payout_id
       AND failed.currency_id = line.currency_id
       AND failed.amount = CASE line.category WHEN 'payout' THEN -line.gross ELSE line.gross END
       AND (line.payment_external_id IS NULL OR line.payment_external_id = failed.external_id)
     WHERE line.payout_id = %s AND line.is_settled IS NOT TRUE AND line.category = ANY(%s)
       AND failed.gateway_state = ANY(%s) AND NOT coalesce(failed.taken_back, false)
       AND NOT EXISTS (SELECT FROM retail_ledger_entry entry
                        WHERE entry.payout_id = failed.id AND entry.category = line.category)
"""


class RetailPayout(models.Model):
    """What a payout settles and nobody has noted: noted where it is known, asked for where not."""

    _inherit = "retail.payout"

    def _note_lacking(self):
        """Note the entries of what is known but was not noted, before the payout is tied out."""
        self._note_lacking_payments()
        self._note_lacking_disputes()
        self._note_returned()

    def _note_lacking_payments(self):
        self._flush_tied()
        self.env.cr.execute(LACKING, [self.id, OF_PAYMENTS])
        keys = [row[0] for row in self.env.cr.fetchall()]
        if keys:
            payments = self.env["retail.payment"]._by_external_id(self.backend_id, keys)
            self.env["retail.payment"].union(*payments.values())._note_moved()

    def _note_lacking_disputes(self):
        names = [category.value for category in DISPUTED]
        lines = self.env["retail.payout.line"].search(
            [("payout_id", "=", self.id), ("category", "in", names), ("is_settled", "=", False)]
        )
        taken = lines.filtered(lambda line: line.category == BalanceCategory.DISPUTE.value)
        keys = set(lines.mapped("dispute_external_id")) - {False}
        shown = set(taken.mapped("dispute_external_id"))
        if keys:
            disputes = self.env["retail.dispute"]._by_external_id(self.backend_id, keys)
            for key, dispute in disputes.items():
                dispute._note_shown(key in shown)

    def _note_returned(self):
        """Book payouts after all that came back before they were posted.

        The gateway tells of their return as a transaction of its own, not by listing theirs again.
        """
        states = [state.value for state in BACK]
        self.env.cr.execute(RETURNED, [self.id, [one.value for one in OWN], states])
        for failed in self.browse(row[0] for row in self.env.cr.fetchall()):
            failed._book_after_all()

    def _book_after_all(self):
        """Settle a payout that was left alone because it came back, and note its return."""
        self.was_sent = True
        self._advance()

    def _ask_for_payments(self, misfits):
        """Ask the gateway for the payments and disputes that nothing is known of."""
        wanted = {}
        for misfit in misfits:
            line = misfit.line
            if misfit.cause is Cause.MISSING and line.key and line.category not in OWN:
                kind = "dispute" if line.category in DISPUTED else "payment"
                wanted.setdefault((kind, line.key))
        for kind, key in list(wanted)[:ASKED_AT_ONCE]:
            self.env["retail.poll"]._refetch_after_commit(self.backend_id, kind, key)
