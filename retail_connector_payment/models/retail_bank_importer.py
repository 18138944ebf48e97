from collections import Counter
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError

# What a line of a file is to the journal.
NEW, KNOWN, SIMILAR = "new", "known", "similar"


class RetailBankImporter(models.AbstractModel):
    """Makes bank statement lines of what ``bank.read`` returns; a movement is made once."""

    _name = "retail.bank.importer"
    _description = "Retail Connector: bank statements"

    @api.model
    def _journal_of(self, account, company):
        """Return the bank journal of an account number, empty if there is none or several."""
        number = "".join(filter(str.isalnum, account or "")).upper()
        journals = self.env["account.journal"].search(
            [
                ("type", "in", ("bank", "credit")),
                ("bank_account_id", "!=", False),
                *self.env["account.journal"]._check_company_domain(company),
            ]
        )
        found = journals.filtered(
            lambda journal: (
                number
                and (journal.sudo().bank_account_id.sanitized_acc_number or "").upper() == number
            )
        )
        return found if len(found) == 1 else found.browse()

    @api.model
    def _compare(self, journal, lines):
        """Return for each line whether it is new, known, or like one that came another way."""
        table = self.env["account.bank.statement.line"]
        known = table.search(
            [
                ("journal_id", "=", journal.id),
                ("retail_import_uid", "in", [line.uid for line in lines]),
            ]
        )
        uids = set(known.mapped("retail_import_uid"))
        others = self._others(journal, lines)
        return [_compared(line, uids, others) for line in lines]

    def _others(self, journal, lines):
        """Count by day and amount the journal's lines that we did not import."""
        if not lines:
            return Counter()
        found = self.env["account.bank.statement.line"].search(
            [
                ("journal_id", "=", journal.id),
                ("retail_import_uid", "=", False),
                ("date", ">=", min(line.on for line in lines)),
                ("date", "<=", max(line.on for line in lines)),
            ]
        )
        return Counter((line.date, Decimal(str(line.amount))) for line in found)

    @api.model
    def _check_currency(self, journal, statement):
        """Raise ``UserError`` for amounts that the journal cannot hold."""
        currency = journal.currency_id or journal.company_id.currency_id
        for line in statement.lines:
            if line.currency != currency.name:
                raise UserError(
                    self.env._(
                        "%(day)s, “%(text)s”: it is in %(theirs)s, the journal %(journal)s in "
                        "%(ours)s.",
                        day=line.on,
                        text=line.text,
                        theirs=line.currency,
                        journal=journal.name,
                        ours=currency.name,
                    )
                )
            if line.amount != round(line.amount, currency.decimal_places):
                raise UserError(
                    self.env._(
                        "%(amount)s has more decimals than %(currency)s.",
                        amount=line.amount,
                        currency=currency.name,
                    )
                )

    @api.model
    def _import(self, journal, statement, lines, file_name):
        """Make these lines of a statement; return them. Duplicates violate a unique index.

        Where the bank told both balances and nothing of the statement was there before, it becomes
        a statement, so that Odoo shows whether its lines lead from one to the other.
        """
        self._check_currency(journal, statement)
        table = self.env["account.bank.statement.line"].with_company(journal.company_id)
        made = table.create([self._values(journal, line) for line in lines])
        if made and statement.ties is not None and len(lines) == len(statement.lines):
            self.env["account.bank.statement"].with_company(journal.company_id).create(
                {
                    "name": statement.identity,
                    "reference": file_name,
                    "balance_start": float(statement.opening),
                    "balance_end_real": float(statement.closing),
                    "line_ids": [(6, 0, made.ids)],
                }
            )
        self.env["retail.bank.matcher"]._wake_after_commit(journal.company_id.id)
        return made

    def _values(self, journal, line):
        references = " ".join(line.references)
        return {
            "journal_id": journal.id,
            "retail_import_uid": line.uid,
            "date": line.on,
            "amount": float(line.amount),
            "payment_ref": line.text or references or line.counterparty or line.uid,
            "ref": references,
            "partner_name": line.counterparty,
            "account_number": line.counterparty_account,
        }


def _compared(line, uids, others):
    if line.uid in uids:
        return KNOWN
    key = line.on, line.amount
    if others[key]:
        others[key] -= 1
        return SIMILAR
    return NEW
