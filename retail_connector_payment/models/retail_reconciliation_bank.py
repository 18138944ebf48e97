from decimal import Decimal

from odoo import models

from ..decisions.reconciliation import Item

ARRIVED = """
    SELECT id FROM retail_payout
     WHERE gateway_id = %(gateway)s AND NOT coalesce(test, false) AND amount <> 0
       AND state IN ('settled', 'settling') AND gateway_state NOT IN ('failed', 'cancelled')
       AND coalesce(arrival_date, (issued_at AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date)
           BETWEEN %(start)s AND %(end)s
"""


class RetailReconciliation(models.Model):
    """Payouts against the bank statements."""

    _inherit = "retail.reconciliation"

    def _sides_of_bank(self):
        """Return payouts, the bank lines they are matched with, and the days that are usual.

        One deposit of several payouts is one line, the payouts of a neighbouring period included.
        """
        self.env.cr.execute(ARRIVED, self._parameters())
        payouts = self.env["retail.payout"].browse(row[0] for row in self.env.cr.fetchall())
        matches = payouts.bank_match_ids.filtered(lambda match: match.state == "matched")
        matches = matches.sorted("id")
        payouts = payouts | matches.payout_ids
        keys = _keys(payouts, matches)
        here = [_payout_item(keys, payout) for payout in payouts]
        there = [_bank_item(keys, match) for match in matches]
        return here, there, self.gateway_id.bank_patience


def _keys(payouts, matches):
    """Return a key by payout, the same for those that came together."""
    keys = {payout: f"payout:{payout.external_id}" for payout in payouts}
    for match in matches:
        key = min(keys[payout] for payout in match.payout_ids)
        keys.update(dict.fromkeys(match.payout_ids, key))
    return keys


def _exact(amount, currency):
    return Decimal(f"{amount:.{currency.decimal_places}f}")


def _payout_item(keys, payout):
    return Item(
        key=keys[payout],
        amount=_exact(payout.amount, payout.currency_id),
        currency=payout.currency_id.name,
        on=payout.arrival_date or None,
        label=payout.reference or payout.external_id,
        model="retail.payout",
        record=payout.id,
    )


def _bank_item(keys, match):
    """Return the bank's amount in the payouts' currency; else what was accepted as it."""
    line = match.statement_line_id
    shown = line._shown_in(match.currency_id)
    return Item(
        key=keys[match.payout_ids[:1]],
        amount=_exact(match.expected_amount if shown is None else shown, match.currency_id),
        currency=match.currency_id.name,
        on=line.date,
        label=line.payment_ref or "",
        model="account.move",
        record=line.move_id.id,
    )
