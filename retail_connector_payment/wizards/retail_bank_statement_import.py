import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..bank import FileKind, StatementError, read
from ..models.retail_bank_importer import KNOWN, NEW, SIMILAR

VERDICTS = [(NEW, "New"), (KNOWN, "Imported Before"), (SIMILAR, "Like One That Is There")]


class RetailBankStatementImport(models.TransientModel):
    """Reads a file of a bank, shows what is new in it, and imports that."""

    _name = "retail.bank.statement.import"
    _description = "Import a Bank Statement"
    _inherit = ["retail.notice.mixin"]

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, readonly=True
    )
    file = fields.Binary(required=True, help="camt.053 (XML) or OFX, as the bank offers it.")
    file_name = fields.Char()
    journal_id = fields.Many2one(
        "account.journal",
        domain="[('type', 'in', ('bank', 'credit')), ('company_id', '=', company_id)]",
        help="Only where no journal has the file's account number.",
    )
    line_ids = fields.One2many("retail.bank.statement.import.line", "wizard_id")
    is_read = fields.Boolean(readonly=True)
    note = fields.Text(readonly=True)
    new_count = fields.Integer(compute="_compute_counts", string="New")
    known_count = fields.Integer(compute="_compute_counts", string="Imported Before")
    similar_count = fields.Integer(compute="_compute_counts", string="Perhaps There")

    @api.depends("line_ids.verdict")
    def _compute_counts(self):
        for wizard in self:
            verdicts = wizard.line_ids.mapped("verdict")
            wizard.new_count = verdicts.count(NEW)
            wizard.known_count = verdicts.count(KNOWN)
            wizard.similar_count = verdicts.count(SIMILAR)

    def _check_accountant(self):
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group("retail_connector_base.group_accountant")):
            raise AccessError(self.env._("Only an accountant imports bank statements."))
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("Choose a company of yours."))

    # Reading

    def action_read(self):
        """Read the file and show what is new in it."""
        self.ensure_one()
        self._check_accountant()
        statements = self._statements()
        self.line_ids.unlink()
        self.line_ids = [
            (0, 0, values) for statement in statements for values in self._previews(statement)
        ]
        self.note = "\n".join(note for each in statements for note in self._notes(each))
        self.is_read = True
        return self._reopen()

    def _statements(self):
        content = base64.b64decode(self.with_context(bin_size=False).file or b"")
        try:
            statements = read(content)
        except StatementError as error:
            raise UserError(str(error)) from error
        if any(each.kind is not FileKind.STATEMENT for each in statements):
            raise UserError(
                self.env._(
                    "The file is an intraday report or a notification (camt.052, camt.054). The "
                    "same movements come again with the statement (camt.053): import that."
                )
            )
        return statements

    def _journal(self, statement):
        """Return the journal of a statement: that of its account, else the chosen one."""
        found = (
            self.env["retail.bank.importer"].sudo()._journal_of(statement.account, self.company_id)
        )
        return found or self.journal_id.sudo()

    def _previews(self, statement):
        journal = self._journal(statement)
        importer = self.env["retail.bank.importer"].sudo()
        if journal:
            importer._check_currency(journal, statement)
            verdicts = importer._compare(journal, statement.lines)
        else:
            verdicts = [NEW] * len(statement.lines)
        names = {line.currency for line in statement.lines}
        currencies = self._currencies(names)
        return [
            self._preview(statement, line, verdict, journal, currencies)
            for line, verdict in zip(statement.lines, verdicts, strict=True)
        ]

    def _currencies(self, names):
        found = self.env["res.currency"].with_context(active_test=False)
        return {each.name: each.id for each in found.search([("name", "in", list(names))])}

    def _preview(self, statement, line, verdict, journal, currencies):
        return {
            "account": statement.account,
            "uid": line.uid,
            "journal_id": journal.id,
            "date": line.on,
            "text": line.text or " ".join(line.references),
            "counterparty": line.counterparty,
            "amount": float(line.amount),
            "currency_id": currencies.get(line.currency),
            "verdict": verdict,
            "chosen": verdict == NEW,
        }

    def _notes(self, statement):
        values = {"account": statement.account, "count": statement.pending}
        if not self._journal(statement) and statement.lines:
            yield self.env._(
                "No journal has the account %(account)s: choose one, or set the bank account of "
                "its journal.",
                **values,
            )
        if statement.pending:
            yield self.env._(
                "%(account)s: %(count)s movements are not booked yet and are left out.", **values
            )
        if statement.ties is False:
            yield self.env._(
                "%(account)s: the movements do not lead from the opening to the closing balance. "
                "Something is missing in the file.",
                **values,
            )

    # Importing

    def action_import(self):
        """Import the chosen movements."""
        self.ensure_one()
        self._check_accountant()
        chosen = {(line.account, line.uid) for line in self.line_ids if line.chosen}
        if not chosen:
            raise UserError(self.env._("Nothing is chosen: all of it was imported before."))
        count = sum(self._import(statement, chosen) for statement in self._statements())
        return self._notify(self.env._("%(count)s movements were imported.", count=count))

    def _import(self, statement, chosen):
        journal = self._journal(statement)
        importer = self.env["retail.bank.importer"].sudo()
        lines = [line for line in statement.lines if (statement.account, line.uid) in chosen]
        if not lines:
            return 0
        if not journal:
            raise UserError(
                self.env._(
                    "Choose the journal of the account %(account)s.", account=statement.account
                )
            )
        if journal.company_id not in self.env.companies:
            raise AccessError(self.env._("Choose a company of yours."))
        verdicts = importer._compare(journal, lines)
        new = [line for line, each in zip(lines, verdicts, strict=True) if each != KNOWN]
        importer._import(journal, statement, new, self.file_name)
        self._log(journal, statement, new)
        return len(new)

    def _log(self, journal, statement, lines):
        audit = self.env["retail.audit"].with_company(journal.company_id)
        audit._log(
            "bank.imported",
            detail={
                "journal": journal.name,
                "file": self.file_name or "",
                "statement": statement.identity,
                "count": len(lines),
                "sum": str(sum(line.amount for line in lines)),
            },
        )

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import a Bank Statement"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }


class RetailBankStatementImportLine(models.TransientModel):
    """One movement of the file."""

    _name = "retail.bank.statement.import.line"
    _description = "Import a Bank Statement: a movement"
    _order = "id"

    wizard_id = fields.Many2one(
        "retail.bank.statement.import", required=True, ondelete="cascade", index=True
    )
    chosen = fields.Boolean(string="Import")
    verdict = fields.Selection(VERDICTS, readonly=True, string="It Is")
    account = fields.Char(readonly=True)
    uid = fields.Char(readonly=True, string="Bank's Identity")
    journal_id = fields.Many2one("account.journal", readonly=True)
    date = fields.Date(readonly=True)
    text = fields.Char(readonly=True)
    counterparty = fields.Char(readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(readonly=True)
