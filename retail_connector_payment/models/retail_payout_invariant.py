from decimal import Decimal

from odoo import models

# Invariant I4: the clearing account holds exactly what is posted and not settled.
CLEARING = """
    SELECT currency.name, coalesce(books.amount, 0)::text, coalesce(entries.amount, 0)::text
      FROM (SELECT currency_id, sum(amount_currency) AS amount FROM account_move_line
             WHERE account_id = %(account)s AND journal_id = %(journal)s
               AND parent_state = 'posted' GROUP BY currency_id) books
      FULL JOIN (SELECT currency_id, sum(amount) AS amount FROM retail_ledger_entry
                  WHERE gateway_id = %(gateway)s AND state = 'posted'
                  GROUP BY currency_id) entries USING (currency_id)
      JOIN res_currency currency ON currency.id = currency_id
"""


class RetailGateway(models.Model):
    """Whether the clearing account holds what it must hold."""

    _inherit = "retail.gateway"

    def _clearing_sums(self):
        """Return by currency the clearing account's balance and the sum of unsettled entries."""
        self.ensure_one()
        for name in ("account.move.line", "account.move", "retail.ledger.entry"):
            self.env[name].flush_model()
        self.env.cr.execute(
            CLEARING,
            {
                "account": self.clearing_account_id.id,
                "journal": self.journal_id.id,
                "gateway": self.id,
            },
        )
        return {
            currency: (Decimal(books), Decimal(entries))
            for currency, books, entries in self.env.cr.fetchall()
        }

    def _clearing_difference(self):
        """Return by currency what the clearing account holds too much; empty when I4 holds."""
        sums = self._clearing_sums()
        return {
            currency: books - entries
            for currency, (books, entries) in sums.items()
            if books != entries
        }
