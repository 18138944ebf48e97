from decimal import Decimal

from odoo import models

from ..decisions.ledger import AT_ONCE
from ..decisions.reconciliation import Item
from ..decisions.reconciliation_lines import Transaction, sides_of

AT_ONCE_NAMES = frozenset(category.value for category in AT_ONCE)
DAY = "(%s AT TIME ZONE 'UTC' AT TIME ZONE %%(zone)s)::date"
PERIOD = "BETWEEN %(start)s AND %(end)s"
# Each query answers: key, amount, currency, day, label, model, record.
TOLD = f"""
    SELECT 'entry:' || category || ':' || external_id, amount::text, currency.name,
           {DAY % "occurred_at"}, external_id, 'retail.ledger.entry', entry.id
      FROM retail_ledger_entry entry JOIN res_currency currency ON currency.id = entry.currency_id
     WHERE gateway_id = %(gateway)s AND {DAY % "occurred_at"} {PERIOD}
"""
BOOKED = f"""
    SELECT 'entry:' || category || ':' || external_id, line.amount_currency::text, currency.name,
           line.date, external_id, 'retail.ledger.entry', entry.id
      FROM retail_ledger_entry entry
      JOIN account_move_line line ON line.id = entry.clearing_line_id
       AND line.parent_state = 'posted'
      JOIN res_currency currency ON currency.id = line.currency_id
     WHERE gateway_id = %(gateway)s AND {DAY % "occurred_at"} {PERIOD}
"""
# What somebody else wrote on the clearing account.
STRANGERS = f"""
    SELECT 'item:' || line.id, line.amount_currency::text, currency.name, line.date,
           coalesce(line.name, line.move_name), 'account.move', line.move_id
      FROM account_move_line line
      JOIN account_move move ON move.id = line.move_id
      JOIN res_currency currency ON currency.id = line.currency_id
     WHERE line.account_id = %(clearing)s AND line.parent_state = 'posted'
       AND line.date {PERIOD} AND move.retail_payout_id IS NULL
       AND NOT EXISTS (SELECT FROM retail_ledger_entry entry WHERE entry.clearing_line_id = line.id)
"""
PAYOUTS = f"""
    SELECT id FROM retail_payout payout
     WHERE gateway_id = %(gateway)s AND state <> 'cancelled' AND NOT coalesce(test, false)
       AND coalesce(arrival_date, {DAY % "issued_at"}, {DAY % "create_date"}) {PERIOD}
"""
LINES = f"""
    SELECT line.id, line.external_id, payout.external_id, line.category,
           coalesce(line.payment_external_id, line.dispute_external_id), line.gross::text,
           line.net::text, currency.name, move.id IS NOT NULL, line.original_amount::text,
           line.original_currency, entry.amount::text, entry_currency.name
      FROM retail_payout_line line
      JOIN retail_payout payout ON payout.id = line.payout_id
      JOIN res_currency currency ON currency.id = line.currency_id
      LEFT JOIN account_move move ON move.id = line.move_id AND move.state = 'posted'
      LEFT JOIN retail_ledger_entry entry ON entry.payout_line_id = line.id
      LEFT JOIN res_currency entry_currency ON entry_currency.id = entry.currency_id
     WHERE line.payout_id IN ({PAYOUTS})
     ORDER BY line.id
"""
PAYOUTS_TOLD = f"""
    SELECT 'payout:' || payout.external_id, payout.amount::text, currency.name, NULL::date,
           coalesce(payout.reference, payout.external_id), 'retail.payout', payout.id
      FROM retail_payout payout JOIN res_currency currency ON currency.id = payout.currency_id
     WHERE payout.id IN ({PAYOUTS})
"""
# What a payout moved to the transit account; its failure is an entry of its own.
PAYOUTS_BOOKED = f"""
    SELECT 'payout:' || payout.external_id, line.amount_currency::text, currency.name, NULL::date,
           coalesce(payout.reference, payout.external_id), 'retail.payout', payout.id
      FROM retail_payout payout
      JOIN account_move move ON move.retail_payout_id = payout.id AND move.state = 'posted'
      JOIN account_move_line line ON line.move_id = move.id AND line.account_id = %(transit)s
      JOIN res_currency currency ON currency.id = line.currency_id
     WHERE payout.id IN ({PAYOUTS})
    UNION ALL
    SELECT 'payout:' || payout.external_id, line.amount_currency::text, currency.name, NULL::date,
           coalesce(payout.reference, payout.external_id), 'retail.payout', payout.id
      FROM retail_payout payout
      JOIN retail_ledger_entry entry ON entry.payout_id = payout.id AND entry.category = 'payout'
      JOIN account_move_line line ON line.id = entry.contra_line_id
       AND line.parent_state = 'posted'
      JOIN res_currency currency ON currency.id = line.currency_id
     WHERE payout.id IN ({PAYOUTS})
"""
# At the end of the period: what was posted until then and not settled until then.
UNSETTLED = """
    SELECT currency.name, sum(line.amount_currency)::text
      FROM retail_ledger_entry entry
      JOIN account_move_line line ON line.id = entry.clearing_line_id AND line.date <= %(end)s
      JOIN res_currency currency ON currency.id = line.currency_id
      LEFT JOIN retail_payout_line settled ON settled.id = entry.payout_line_id
      LEFT JOIN account_move move ON move.id = settled.move_id
     WHERE entry.gateway_id = %(gateway)s
       AND (entry.state = 'posted' OR entry.state = 'settled' AND move.date > %(end)s)
     GROUP BY currency.name
"""
BALANCE = """
    SELECT currency.name, sum(line.amount_currency)::text
      FROM account_move_line line JOIN res_currency currency ON currency.id = line.currency_id
     WHERE line.account_id = %(clearing)s AND line.parent_state = 'posted' AND line.date <= %(end)s
     GROUP BY currency.name
"""


class RetailReconciliation(models.Model):
    """What the gateway told against what the books show."""

    _inherit = "retail.reconciliation"

    def _sides_of_clearing(self):
        """Return what is booked and what was told, to the day."""
        here, there = [BOOKED, STRANGERS], [TOLD]
        if not self.gateway_id._is_settled_by_payouts():
            return self._items(here), self._items(there), 0
        here += [PAYOUTS_BOOKED]
        there += [PAYOUTS_TOLD]
        ours, theirs = sides_of(self._transactions())
        booked, told = self._balances(BALANCE), self._balances(UNSETTLED)
        currencies = {name for sums in (booked, told) for name, amount in sums.items() if amount}
        return (
            [*self._items(here), *ours, *self._balance_items(booked, currencies)],
            [*self._items(there), *theirs, *self._balance_items(told, currencies)],
            0,
        )

    def _account_parameters(self):
        return {
            **self._parameters(),
            "clearing": self.gateway_id.clearing_account_id.id or 0,
            "transit": self.gateway_id.transit_account_id.id or 0,
        }

    def _transactions(self):
        self.env.cr.execute(LINES, self._parameters())
        return [_transaction(row) for row in self.env.cr.fetchall()]

    def _items(self, queries):
        parameters = self._account_parameters()
        return [item for query in queries for item in self._rows_of(query, parameters)]

    def _rows_of(self, query, parameters):
        self.env.cr.execute(query, parameters)
        for key, amount, currency, day, label, model, record in self.env.cr.fetchall():
            yield Item(key, Decimal(amount), currency, day, label or "", model, record)

    def _balances(self, query):
        self.env.cr.execute(query, self._account_parameters())
        return {currency: Decimal(amount) for currency, amount in self.env.cr.fetchall()}

    def _balance_items(self, sums, currencies):
        """Return the balance at the end of the period, in each currency that has any."""
        label = self.env._("Balance on %(day)s", day=self.date_to)
        model, record = "retail.gateway", self.gateway_id.id
        return [
            Item("balance", sums.get(each, Decimal(0)), each, self.date_to, label, model, record)
            for each in sorted(currencies)
        ]


def _transaction(row):
    number, name, payout, category, key, gross, net, currency, posted, *converted = row
    original, original_currency, entry, entry_currency = converted
    return Transaction(
        number=number,
        name=name,
        group=f"{payout}:{category}:{key or name}",
        at_once=category in AT_ONCE_NAMES,
        gross=Decimal(gross or 0),
        net=Decimal(net or 0),
        currency=currency,
        posted=posted,
        original=Decimal(original) if original_currency else None,
        original_currency=original_currency,
        entry=Decimal(entry) if entry is not None else None,
        entry_currency=entry_currency,
    )
