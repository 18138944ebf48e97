from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from odoo import api, models

from odoo.addons.retail_connector_base.canonical import TransactionState

FAILED = frozenset({TransactionState.FAILURE.value, TransactionState.ERROR.value})
SUCCESS = TransactionState.SUCCESS.value


@dataclass(frozen=True)
class Transactions:
    """What went back with a refund, by currency; ``pending`` while that is not known yet."""

    pending: bool = False
    paid: dict[str, Decimal] = field(default_factory=dict)


class RetailRefundTransactions(models.AbstractModel):
    """What became of the transactions that a refund names."""

    _name = "retail.refund.transactions"
    _description = "Retail Connector: transactions of refunds"

    @api.model
    def _of(self, binding):
        """Return what went back: as the refund told it, or as the gateway has said since."""
        told = binding._refund().transactions
        names = [each.external_id for each in told]
        facts = self.env["retail.payment"].sudo()._by_external_id(binding.backend_id, names)
        paid, pending = defaultdict(Decimal), False
        for each in told:
            fact = facts.get(each.external_id)
            state = self._state(each.state, fact.state if fact else None)
            pending = pending or state is None
            if state == SUCCESS:
                paid[each.amount.currency] += each.amount.amount
        for ours in self._given_back_by_us(binding, names):
            paid[ours.currency_id.name] += ours.payment_id._decimal(ours.amount)
        return Transactions(pending, dict(paid))

    @api.model
    def _given_back_by_us(self, binding, names):
        """Return our own requests from its credit note: what the channel did not give back."""
        if not binding.odoo_id:
            return self.env["retail.refund"]
        domain = [("credit_move_id", "=", binding.odoo_id.id), ("state", "=", "confirmed")]
        found = self.env["retail.refund"].sudo().search(domain)
        return found.filtered(lambda refund: refund.external_id not in names)

    @api.model
    def _state(self, told, fact):
        """Return success or failure, ``None`` while neither is sure. A failure comes last."""
        if fact in FAILED:
            return fact
        if SUCCESS in (fact, told):
            return SUCCESS
        return told if told in FAILED else None
