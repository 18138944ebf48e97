from datetime import date
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..decisions.bank_match import Deposit, Expected, match

LOCK_SPACE = 0x52435F42
CHUNK_MATCHES = 50
# How long before its arrival a payout may be named on a statement.
REACH_DAYS = 60

DUE = """
    SELECT DISTINCT payout.company_id FROM retail_payout payout
     WHERE (payout.state = 'settled' OR payout.bank_state IS NOT NULL)
       AND NOT coalesce(payout.test, false)
       AND (payout.bank_state IS DISTINCT FROM 'deposited' OR payout.gateway_state = 'failed')
       AND (payout.bank_checked_at IS NULL
            OR payout.bank_checked_at < date_trunc('day', now() AT TIME ZONE 'UTC')
            OR (payout.bank_state IS NOT NULL OR payout.gateway_state = 'failed')
           AND EXISTS (SELECT FROM account_bank_statement_line line
                        WHERE line.company_id = payout.company_id
                          AND line.retail_checked_at IS NULL
                          AND line.is_reconciled IS NOT TRUE))
"""
DEPOSITS = """
    SELECT line.id, line.amount::text AS amount, currency.name AS currency, move.date AS "on",
           concat_ws(' ', line.payment_ref, move.ref, move.narration, line.partner_name,
                     line.transaction_details::text) AS text,
           right(bank.sanitized_acc_number, 4) AS last_four, line.journal_id AS journal,
           line.amount_currency::text AS original, original.name AS original_currency
      FROM account_bank_statement_line line
      JOIN account_move move ON move.id = line.move_id AND move.state = 'posted'
      JOIN account_journal journal ON journal.id = line.journal_id AND journal.type = 'bank'
      JOIN res_currency currency ON currency.id = line.currency_id
      LEFT JOIN res_currency original ON original.id = line.foreign_currency_id
      LEFT JOIN res_partner_bank bank ON bank.id = journal.bank_account_id
     WHERE line.company_id = %s AND line.is_reconciled IS NOT TRUE AND move.date >= %s
     ORDER BY line.id
"""
# Not through the ORM: nothing depends on it, and a company may have thousands of open lines.
CHECKED_LINES = """
    UPDATE account_bank_statement_line SET retail_checked_at = now() AT TIME ZONE 'UTC'
     WHERE company_id = %s AND retail_checked_at IS NULL AND is_reconciled IS NOT TRUE
"""
CHECKED_PAYOUTS = """
    UPDATE retail_payout SET bank_checked_at = now() AT TIME ZONE 'UTC'
     WHERE company_id = %s AND (state = 'settled' OR bank_state IS NOT NULL)
       AND (bank_state IS DISTINCT FROM 'deposited' OR gateway_state = 'failed')
"""


class RetailBankMatcher(models.AbstractModel):
    """Finds the payouts on the bank statements: one lane per company.

    It works on whatever lies open in the database, so that lines of any importer are matched, and
    a payout that is settled after its deposit was imported as well.
    """

    _name = "retail.bank.matcher"
    _description = "Retail Connector: bank deposits"
    _inherit = ["retail.lane.mixin"]

    _lane_job = "_job_match"

    def _lane_user(self, company_id):
        return self.env.ref("retail_connector_base.user_integration")

    def _lane_title(self, company_id):
        company = self.env["res.company"].sudo().browse(company_id)
        return self.env._("Find payouts on the bank statements of %(name)s", name=company.name)

    @api.model
    def _sweep(self):
        """Wake the lanes of companies with something to compare; every minute."""
        self.env.cr.execute(DUE)
        for (company_id,) in self.env.cr.fetchall():
            self._wake_after_commit(company_id)

    def _job_match(self, company_id):
        """Match what is certain in a company, and suggest the rest."""
        with self._lane_to_itself((LOCK_SPACE, company_id), company_id):
            self._run_chunks(company_id)

    def _more_waits(self, cr, company_id):
        """Override."""
        cr.execute(f"SELECT FROM ({DUE}) due WHERE company_id = %s", [company_id])
        return bool(cr.rowcount)

    def _try_chunk(self, company_id):
        """Override: match a chunk; once nothing is certain any more, write suggestions down."""
        company = self.env["res.company"].browse(company_id)
        quiet = {"allowed_company_ids": company.ids, "tracking_disable": True}
        return self.with_company(company).with_context(**quiet)._compare(company)

    def _compare(self, company):
        self.env["retail.payout"]._refresh_bank_states(company)
        payouts = self._open_payouts(company)
        deposits = self._open_deposits(company, payouts)
        expected = [self._expected(payout, amount) for payout, amount in payouts.items()]
        found = match(deposits, expected, self._refused(deposits))
        certain = [each for each in found if each.certain]
        if certain:
            self._match_all(certain[:CHUNK_MATCHES])
            return True
        self._suggest(found, payouts)
        self._note_checked(company)
        return False

    # What is open

    def _open_payouts(self, company):
        payouts = self.env["retail.payout"].search(
            [
                ("company_id", "=", company.id),
                ("bank_state", "in", ("in_transit", "overdue")),
                ("test", "=", False),
            ]
        )
        amounts = payouts._transit_open()
        return {payout: amounts[payout] for payout in payouts if amounts[payout]}

    def _expected(self, payout, amount):
        gateway = payout.gateway_id
        names = (payout.reference, payout.external_id)
        return Expected(
            key=payout.id,
            amount=amount,
            currency=payout.currency_id.name,
            arrives=_arrival(payout),
            names=tuple(name for name in names if name),
            last_four=payout.bank_last_four,
            journal=gateway.bank_journal_id.id or None,
            window=gateway.bank_patience,
            group=gateway.id,
        )

    def _open_deposits(self, company, payouts):
        if not payouts:
            return []
        since = fields.Date.subtract(min(map(_arrival, payouts)), days=REACH_DAYS)
        self.env["account.bank.statement.line"].flush_model()
        self.env["account.move"].flush_model()
        self.env.cr.execute(DEPOSITS, [company.id, since])
        return [_deposit(row) for row in self.env.cr.dictfetchall()]

    def _refused(self, deposits):
        """Return the pairs that are not matched by themselves: refused, or failed before."""
        kept = self.env["retail.bank.match"].search(
            [
                ("statement_line_id", "in", [each.key for each in deposits]),
                "|",
                ("state", "=", "refused"),
                ("problem", "!=", False),
            ]
        )
        return {_pair(each) for each in kept}

    # Writing down

    def _match_all(self, found):
        for each in found:
            record = self._record(each)
            try:
                with self.env.cr.savepoint():
                    record._match()
            except UserError as error:
                record._fail(error)

    def _record(self, found):
        matches = self.env["retail.bank.match"]
        known = matches.search([("statement_line_id", "=", found.deposit)])
        values = self._values(found)
        same = known.filtered(lambda each: _pair(each) == found.key)
        if same:
            same.write({"how": values["how"]})
            return same
        return matches.create(values)

    def _values(self, found):
        return {
            "statement_line_id": found.deposit,
            "payout_ids": [(6, 0, list(found.payouts))],
            "how": found.how.value,
        }

    def _suggest(self, found, payouts):
        """Keep suggestions that still hold, add new ones and forget the others of these payouts."""
        matches = self.env["retail.bank.match"]
        wanted = {each.key: each for each in found}
        open_ids = [payout.id for payout in payouts]
        current = matches.search(
            [("state", "=", "suggested"), ("payout_ids", "in", open_ids), ("problem", "=", False)]
        )
        stale = current.filtered(lambda each: each.how != "person" and _pair(each) not in wanted)
        stale.unlink()
        known = {_pair(each) for each in current.exists()}
        new = [each for key, each in wanted.items() if key not in known]
        matches.create([self._values(each) for each in new])

    def _note_checked(self, company):
        """Note what was compared: again only when something of it changes, or tomorrow."""
        self.env.flush_all()
        self.env.cr.execute(CHECKED_LINES, [company.id])
        self.env.cr.execute(CHECKED_PAYOUTS, [company.id])
        self.env.invalidate_all(flush=False)


class RetailInboxSweeper(models.AbstractModel):
    """Looks for deposits too."""

    _inherit = "retail.inbox.sweeper"

    @api.model
    def _sweep(self):
        """Override: wake the companies' lanes as well."""
        result = super()._sweep()
        self.env["retail.bank.matcher"]._sweep()
        return result


def _arrival(payout):
    return payout.arrival_date or (payout.issued_at or payout.create_date).date()


def _pair(record):
    return record.statement_line_id.id, tuple(sorted(record.payout_ids.ids))


def _deposit(row):
    original = None
    if row["original_currency"]:
        original = (Decimal(row["original"]), row["original_currency"])
    return Deposit(
        key=row["id"],
        amount=Decimal(row["amount"]),
        currency=row["currency"],
        on=row["on"] or date.min,
        text=row["text"] or "",
        last_four=row["last_four"],
        journal=row["journal"],
        original=original,
    )
