from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models

from odoo.addons.retail_connector_base.canonical import BalanceCategory, PayoutState
from odoo.addons.retail_connector_base.decisions.moment import naive_utc
from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from ..decisions.payout_state import BACK, SENT

ASK_AGAIN = timedelta(hours=1)
STARTED = ("settling", "settled")
# Gateways whose payouts are booked, now or once they are set up.
NOTED = ("here", "unset")
WAITING = ("announced", "parked", "cancelled")
MANUAL_DONE = """
    UPDATE retail_payout payout SET state = 'settled'
     WHERE payout.gateway_id = %s AND payout.state = 'announced' AND EXISTS (
           SELECT FROM retail_ledger_entry entry
            WHERE entry.payout_id = payout.id AND entry.category = 'payout'
              AND entry.state <> 'to_post')
    RETURNING payout.id
"""


class RetailPayout(models.Model):
    """What a gateway's word about a payout means for the books."""

    _inherit = "retail.payout"

    was_sent = fields.Boolean(readonly=True, help="The gateway has said that the money left it.")
    returned_at = fields.Datetime(readonly=True, help="When the gateway told that it came back.")
    asked_at = fields.Datetime(readonly=True, help="When its transactions were asked for.")

    def _is_started(self):
        """Tell whether something of it is posted, or was."""
        self.ensure_one()
        return self.state in STARTED or self.taken_back

    def _advance(self, item=None):
        """Go on from what is known by now. Entries are noted here, postings made in the lane."""
        self.ensure_one()
        told = PayoutState(item.canonical.state if item else self.gateway_state)
        if told in SENT and not self.was_sent:
            self.was_sent = True
        if self.taken_back or self.gateway_id.booking not in NOTED:
            return
        if self.was_sent:
            self._book()
        if PayoutState(self.gateway_state) in BACK:
            self._came_back(item)

    def _book(self):
        """Book what has left the gateway, even if it is known by now that it came back."""
        if not self._is_listed():
            self._note_own(BalanceCategory.PAYOUT, self.issued_at)
            if self.state == "cancelled":
                self.state = "announced"
        elif self.is_complete and self.state in WAITING:
            self._settle_soon()
        elif not self.is_complete and self.state in WAITING:
            self._ask_for_list()

    def _settle_soon(self):
        self.write({"state": "to_settle", "attempts": 0, "next_attempt_at": False})
        self._wake_lanes()

    def _wake_lanes(self):
        for gateway in self.gateway_id.filtered(lambda gateway: gateway._is_booked()):
            self.env["retail.ledger"]._wake_after_commit(gateway.id)

    def _ask_for_list(self):
        """Ask the gateway for the whole list, where it can be asked, once an hour."""
        now = fields.Datetime.now()
        if self.asked_at and self.asked_at > now - ASK_AGAIN:
            return
        self.asked_at = now
        self.env["retail.poll"]._refetch_after_commit(self.backend_id, "payout", self.external_id)

    # Money that comes back

    def _came_back(self, item=None):
        """Put back what was paid out, once that is posted. What never left needs nothing."""
        told_at = item and item.canonical.state in BACK and item.canonical.updated_at
        if told_at and not self.returned_at:
            self.returned_at = naive_utc(told_at)
        if self.state == "settled" or (self.was_sent and not self._is_listed()):
            self._note_own(BalanceCategory.PAYOUT_FAILURE, self.returned_at)
        elif not self.was_sent and self.state not in ("settling", "cancelled"):
            self.write({"state": "cancelled", "problem": False})
            self._unpark()
            self._wake_parked_beside()

    def _note_own(self, category, moment):
        """Note an entry of the payout as such; its lane posts it."""
        sign = -1 if category is BalanceCategory.PAYOUT else 1
        if not self.amount:
            self.state = "settled" if category is BalanceCategory.PAYOUT else self.state
            return
        self.env["retail.ledger.entry"]._note(
            [
                {
                    "gateway_id": self.gateway_id.id,
                    "backend_id": self.backend_id.id,
                    "company_id": self.company_id.id,
                    "category": category.value,
                    "external_id": self.external_id,
                    "currency_id": self.currency_id.id,
                    "amount": sign * self.amount,
                    "occurred_at": moment or self.issued_at or fields.Datetime.now(),
                    "payout_id": self.id,
                    "correlation_id": self.correlation_id or None,
                }
            ]
        )
        self.invalidate_recordset(["entry_ids"])

    @api.model
    def _finish_manual(self, gateway):
        """Call the payouts settled whose own entry is posted by now."""
        self.env["retail.ledger.entry"].flush_model(["state", "payout_id"])
        self.flush_model(["state"])
        self.env.cr.execute(MANUAL_DONE, [gateway.id])
        done = self.browse(row[0] for row in self.env.cr.fetchall())
        done.invalidate_recordset(["state"])

    # What must not change any more

    def _compare_with(self, told, currencies):
        """Show what a gateway tells otherwise after it was posted. Nothing is edited."""
        rows = []
        amount = Decimal(str(round(self.amount, self.currency_id.decimal_places)))
        if told.amount.amount != amount or told.amount.currency != self.currency_id.name:
            rows.append(
                (
                    self.env._("Amount"),
                    f"{told.amount.amount} {told.amount.currency}",
                    f"{amount} {self.currency_id.name}",
                )
            )
        listed = told.transactions_complete and self._is_listed() and self.is_complete
        lines = self.env["retail.payout.line"]
        if listed and lines._differs(self, told.transactions, currencies):
            rows.append(
                (
                    self.env._("Transactions"),
                    self._sum_up(len(told.transactions), sum(one.net for one in told.transactions)),
                    self._sum_up(self.line_count, amount),
                )
            )
        if rows:
            self.env["retail.exception"]._report(self.backend_id, self._change(rows), record=self)

    def _sum_up(self, count, amount):
        return self.env._("%(count)s, together %(amount)s", count=count, amount=amount)

    def _change(self, rows):
        return Problem(
            error_class=ErrorClass.FINANCE,
            code="payout_changed",
            subject=self.external_id,
            title=self.env._("Payout %(name)s has changed", name=self.external_id),
            cause=self.env._(
                "The gateway tells this payout otherwise than it did when it was posted. What is "
                "posted stays as it is. Compare both; correct the difference by an entry of your "
                "own, then dismiss this."
            ),
            fix="open_record",
            comparison=tuple(rows),
            amount=Decimal(str(abs(self.amount))),
            currency=self.currency_id.name,
        )
