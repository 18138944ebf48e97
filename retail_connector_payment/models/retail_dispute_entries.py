from odoo import fields, models

from odoo.addons.retail_connector_base.canonical import BalanceCategory, DisputeState

from ..decisions.dispute_state import ENDED, Step, money

AGAIN = "#"


class RetailDispute(models.Model):
    """What a dispute's state means for the gateway's balance."""

    _inherit = "retail.dispute"

    def _change(self, values, taken):
        """Write what is told now. Where the gateway goes back on a decision, the record says so."""
        self.ensure_one()
        before = DisputeState(self.state)
        if taken is Step.REOPENED and before is DisputeState.WON and self.entry_ids:
            # What had come back is taken once more.
            values = {**values, "round": self.round + 1}
        self.write(values)
        if taken is Step.REOPENED:
            self.env["retail.audit"]._log(
                "dispute.reopened", self, detail={"from": before.value, "to": self.state}
            )

    def _follow(self):
        """Note the entries, and let the lane and the people look at it."""
        self._note_entries()
        self.to_close = True
        if self.gateway_id._is_booked():
            self.env["retail.ledger"]._wake_after_commit(self.gateway_id.id)
        self._watch_deadline()

    def _money(self):
        """Return what it has moved, of the present round."""
        self.ensure_one()
        won = self._exact(self.won_amount) if self.won_told else None
        noted = any(entry.category == "dispute" for entry in self.entry_ids)
        taken = bool(noted or self.was_taken)
        return money(DisputeState(self.state), self._exact(self.amount), won, taken)

    def _note_entries(self):
        """Note what moved the gateway's balance and is not noted yet."""
        for dispute in self.filtered(lambda dispute: not dispute.test):
            moved = dispute._money()
            rows = []
            if moved.taken:
                rows.append(dispute._entry_row(BalanceCategory.DISPUTE, -moved.taken))
            if moved.back:
                rows.append(dispute._entry_row(BalanceCategory.DISPUTE_REVERSAL, moved.back))
            if rows:
                dispute.env["retail.ledger.entry"]._note(rows)
                dispute.invalidate_recordset(["entry_ids"])

    def _note_shown(self, was_taken):
        """Note what a payout shows of it; ``was_taken``: also that the bank took the money."""
        self.ensure_one()
        if was_taken and not self.was_taken:
            self.write({"was_taken": True, "to_close": True})
        self._note_entries()

    def _entry_row(self, category, amount):
        now = fields.Datetime.now()
        is_back = category is BalanceCategory.DISPUTE_REVERSAL
        first = self.round <= 1
        taken_at = self.opened_at if first else None
        return {
            "gateway_id": self.gateway_id.id,
            "backend_id": self.backend_id.id,
            "company_id": self.company_id.id,
            "category": category.value,
            "external_id": self.external_id if first else f"{self.external_id}{AGAIN}{self.round}",
            "currency_id": self.currency_id.id,
            "amount": float(amount),
            "occurred_at": (self.closed_at if is_back else taken_at) or now,
            "dispute_id": self.id,
            "payment_id": self.payment_id.id or None,
            "order_binding_id": self.order_binding_id.id or None,
            "correlation_id": self.correlation_id or None,
        }

    def _is_decided(self):
        return DisputeState(self.state) in ENDED


class RetailGateway(models.Model):
    """Gateways that are booked later than their disputes were reported."""

    _inherit = "retail.gateway"

    def _note_missed(self):
        """Override: note the disputes that made no entry while the gateway was not booked here."""
        result = super()._note_missed()
        disputes = self.env["retail.dispute"].sudo().search([("gateway_id", "in", self.ids)])
        disputes._note_entries()
        disputes.to_close = True
        return result
