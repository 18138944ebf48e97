from decimal import Decimal

from odoo import api, models

from odoo.addons.retail_connector_base.canonical import BalanceCategory

from ..decisions.ledger import AT_ONCE, Role
from ..decisions.settlement import tie_out
from ..decisions.settlement_match import RARE, match
from ..decisions.settlement_parts import DISPUTED, Books, Entry, Line
from .retail_gateway import ROLE_FIELDS

# Lines of a payout. Some gateways name the payment that is disputed, not the dispute.
LINES = """
    SELECT line.id, line.external_id, line.category, line.gross::text, line.net::text,
           currency.name, line.fee::text, line.fee_tax::text, line.vendor_type,
           CASE WHEN line.category = ANY(%(disputed)s)
                THEN coalesce(line.dispute_external_id, dispute.external_id)
                ELSE line.payment_external_id END,
           line.original_amount::text, line.original_currency
      FROM retail_payout_line line JOIN res_currency currency ON currency.id = line.currency_id
      LEFT JOIN LATERAL (
           SELECT external_id FROM retail_dispute
            WHERE line.category = ANY(%(disputed)s) AND line.dispute_external_id IS NULL
              AND gateway_id = line.gateway_id
              AND payment_external_id = line.payment_external_id
            ORDER BY id LIMIT 1) dispute ON true
     WHERE line.payout_id = %(payout)s AND line.is_settled IS NOT TRUE
"""
# The next ones, and those that settle the same entry with one of them.
PART = """
       AND (line.id IN (SELECT id FROM next)
            OR (line.category, line.payment_external_id) IN
               (SELECT category, payment_external_id FROM next WHERE category = ANY(%(at_once)s)))
"""
NEXT = """
    WITH next AS (SELECT id, category, payment_external_id FROM retail_payout_line
                   WHERE payout_id = %(payout)s AND is_settled IS NOT TRUE
                   ORDER BY id LIMIT %(limit)s)
"""
ENTRIES = """
    SELECT entry.id, entry.category, coalesce(dispute.external_id, entry.external_id),
           entry.amount::text, entry.currency_id, coalesce(item.balance, 0)::text, entry.state
      FROM retail_ledger_entry entry
      LEFT JOIN retail_dispute dispute
        ON dispute.id = entry.dispute_id AND entry.category = ANY(%(disputed)s)
      LEFT JOIN account_move_line item ON item.id = entry.clearing_line_id
     WHERE entry.id IN (
           SELECT id FROM retail_ledger_entry
            WHERE gateway_id = %(gateway)s AND category = ANY(%(categories)s)
              AND external_id = ANY(%(keys)s)
            UNION
           SELECT round.id FROM retail_dispute known
             JOIN retail_ledger_entry round ON round.dispute_id = known.id
            WHERE known.gateway_id = %(gateway)s AND known.external_id = ANY(%(disputes)s)
            UNION
           SELECT id FROM retail_ledger_entry
            WHERE gateway_id = %(gateway)s AND category = ANY(%(unnamed)s) AND state = 'posted')
     ORDER BY entry.id
"""
# The same transaction in another payout of this gateway, unless that one came back unposted.
ELSEWHERE = """
    SELECT line.external_id, max(other.external_id)
      FROM retail_payout_line line
      JOIN retail_payout_line twin
        ON twin.gateway_id = line.gateway_id AND twin.external_id = line.external_id
       AND twin.payout_id <> line.payout_id
      JOIN retail_payout other ON other.id = twin.payout_id AND other.state <> 'cancelled'
     WHERE line.payout_id = %s GROUP BY line.external_id
"""
AT_ONCE_NAMES = [category.value for category in AT_ONCE]
DISPUTED_NAMES = [category.value for category in DISPUTED]


class RetailPayout(models.Model):
    """Compares a payout with what was posted before."""

    _inherit = "retail.payout"

    def _tie_out(self):
        """Compare all that is not posted yet; return the result and the lines that it is about."""
        self.ensure_one()
        lines = self._unposted_lines()
        entries = self._entries_of(lines)
        currency = self.currency_id
        tie = tie_out(
            self._exact(self.amount, currency),
            currency.name,
            lines,
            entries,
            self._books(lines),
            currency.decimal_places,
            self._in_others(),
        )
        return tie, lines

    def _in_others(self):
        """Return, by transaction, the other payout that holds it too."""
        self.env.cr.execute(ELSEWHERE, [self.id])
        return dict(self.env.cr.fetchall())

    def _tie_part(self, lines):
        """Find the entries of some lines, of a payout that was tied out as a whole before."""
        return match(lines, self._entries_of(lines))

    # What there is

    def _unposted_lines(self, limit=None):
        self._flush_tied()
        query = NEXT + LINES + PART if limit else LINES
        self.env.cr.execute(
            query + " ORDER BY line.id",
            {
                "payout": self.id,
                "limit": limit,
                "disputed": DISPUTED_NAMES,
                "at_once": AT_ONCE_NAMES,
            },
        )
        return [_line(row) for row in self.env.cr.fetchall()]

    def _entries_of(self, lines):
        wanted = [line for line in lines if line.settles]
        unnamed = {line.category for line in wanted if not line.key and line.category in RARE}
        named = [line for line in wanted if line.key]
        self.env.cr.execute(
            ENTRIES,
            {
                "gateway": self.gateway_id.id,
                "disputed": DISPUTED_NAMES,
                "categories": list({line.category.value for line in wanted}),
                "keys": list({line.key for line in named}),
                "disputes": list({line.key for line in named if line.category in DISPUTED}),
                "unnamed": [category.value for category in unnamed],
            },
        )
        rates = {}
        return [self._entry(row, rates) for row in self.env.cr.fetchall()]

    def _entry(self, row, rates):
        number, category, key, amount, currency_id, balance, state = row
        if currency_id not in rates:
            rates[currency_id] = self._rate_of(currency_id)
        currency, rate = rates[currency_id]
        exact = round(Decimal(amount), currency.decimal_places)
        return Entry(
            number=number,
            category=BalanceCategory(category),
            key=key,
            amount=exact,
            currency=currency.name,
            balance=round(Decimal(balance), self.company_id.currency_id.decimal_places),
            state=state,
            worth=exact * rate if currency != self.currency_id else None,
        )

    def _rate_of(self, currency_id):
        """Return a currency and what one unit of it is worth in the payout's, by our own rates."""
        currency = self.env["res.currency"].browse(currency_id)
        rate = currency._get_conversion_rate(
            currency, self.currency_id, self.company_id, self._posting_day()[0]
        )
        return currency, Decimal(str(rate))

    def _books(self, lines):
        words = {line.word or line.category.value for line in lines}
        mapped = self.env["retail.mapping"]._resolve(self.backend_id, "balance_type", words)
        return Books(
            roles=frozenset(role for role in ROLE_FIELDS if self._account_of(role)),
            mapped={word: account.id for word, account in mapped.items() if account},
        )

    @api.model
    def _exact(self, amount, currency):
        return Decimal(str(round(amount, currency.decimal_places)))

    def _account_of(self, target):
        """Return the account of a role, or the one that a word is mapped to."""
        if not isinstance(target, Role):
            return self.env["account.account"].browse(target)
        account = self.gateway_id._role_account(target)
        if not account and target is Role.EXCHANGE_GAIN:
            account = self.company_id.income_currency_exchange_account_id
        if not account and target is Role.EXCHANGE_LOSS:
            account = self.company_id.expense_currency_exchange_account_id
        return account

    def _flush_tied(self):
        self.env["retail.payout.line"].flush_model()
        self.env["retail.ledger.entry"].flush_model()
        self.env["retail.dispute"].flush_model(["external_id", "payment_external_id"])
        self.env["account.move.line"].flush_model(["balance"])
        self.flush_model(["state"])


def _line(row):
    number, external_id, category, gross, net, currency, fee, tax, word, key, was, was_in = row
    return Line(
        number=number,
        external_id=external_id,
        category=BalanceCategory(category),
        gross=Decimal(gross or 0),
        net=Decimal(net or 0),
        currency=currency,
        fee=Decimal(fee or 0),
        fee_tax=Decimal(tax or 0),
        word=word,
        key=key,
        original=Decimal(was) if was is not None else None,
        original_currency=was_in,
    )
