from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

# What is looked at when a payout is searched for: another text or amount is looked at again.
LOOKED_AT = frozenset(
    {"payment_ref", "ref", "narration", "partner_name", "amount", "amount_currency", "date"}
)


class AccountBankStatementLine(models.Model):
    """Deposits of payouts, and lines that our import made."""

    _inherit = "account.bank.statement.line"

    retail_import_uid = fields.Char(
        string="Bank's Identity", readonly=True, copy=False, help="A movement is imported once."
    )
    retail_checked_at = fields.Datetime(
        readonly=True, copy=False, help="When payouts were searched for it last."
    )
    retail_match_ids = fields.One2many("retail.bank.match", "statement_line_id", readonly=True)

    _retail_import_unique = models.UniqueIndex(
        "(journal_id, retail_import_uid) WHERE retail_import_uid IS NOT NULL",
        "A movement on a bank account is imported once.",
    )
    _retail_unchecked_index = models.Index(
        "(company_id) WHERE retail_checked_at IS NULL AND is_reconciled IS NOT TRUE"
    )

    def write(self, vals):
        """Override: what another text or amount may be is searched for again."""
        if not LOOKED_AT.isdisjoint(vals) and "retail_checked_at" not in vals:
            vals = {**vals, "retail_checked_at": False}
        return super().write(vals)

    def action_undo_reconciliation(self):
        """Override: a match with payouts is undone with it, and not made by itself again."""
        result = super().action_undo_reconciliation()
        matches = self.env["retail.bank.match"].sudo()
        matches.search([("statement_line_id", "in", self.ids), ("state", "=", "matched")])._undone()
        return result

    def unlink(self):
        """Override: the payouts of a deposit that is deleted are in transit again."""
        matches = self.env["retail.bank.match"].sudo()
        matched = matches.search([("statement_line_id", "in", self.ids), ("state", "=", "matched")])
        payouts = matched.payout_ids
        result = super().unlink()
        payouts._refresh_bank_state()
        return result

    # Deposits

    def _deposit(self, payouts, difference_account=None):
        """Move this line from the suspense account to the payouts' transit account, and reconcile.

        Each payout's open amount is closed exactly, in its own currency and in the company's. What
        is left of the bank's amount is posted on ``difference_account``; where both sides agree in
        the payout's currency it can only be a difference of rates, and has its own accounts.
        Raises ``UserError`` where it cannot be, in words for a person.
        """
        self.ensure_one()
        opened = {
            payout: lines.filtered(lambda line: not line.reconciled)
            for payout, lines in payouts._transit_lines().items()
        }
        liquidity, suspense = self._lines_to_deposit(opened)
        commands = [self._transit_command(payout, lines) for payout, lines in opened.items()]
        rest = sum(sum(lines.mapped("amount_residual")) for lines in opened.values())
        rest = self.company_id.currency_id.round(rest - sum(liquidity.mapped("balance")))
        if not self.company_id.currency_id.is_zero(rest):
            account = difference_account or self._rate_account(opened, rest)
            commands.append(self._rest_command(account, rest))
        self.with_context(force_delete=True, skip_readonly_check=True).write(
            {"checked": True, "line_ids": [Command.delete(suspense.id), *commands]}
        )
        self._reconcile_transit(opened)

    def _lines_to_deposit(self, opened):
        liquidity, suspense, others = self._seek_for_lines()
        if others or len(suspense) != 1:
            raise UserError(
                self.env._("The bank line %(line)s is matched already.", line=self.display_name)
            )
        for payout, lines in opened.items():
            if not lines:
                raise UserError(
                    self.env._(
                        "Nothing of payout %(payout)s is in transit.", payout=payout.display_name
                    )
                )
        return liquidity, suspense

    def _transit_command(self, payout, lines):
        return Command.create(
            {
                "name": payout.reference or payout.external_id,
                "account_id": lines.account_id.id,
                "partner_id": lines.partner_id[:1].id,
                "currency_id": payout.currency_id.id,
                "amount_currency": -sum(lines.mapped("amount_residual_currency")),
                "balance": -sum(lines.mapped("amount_residual")),
            }
        )

    def _rest_command(self, account, rest):
        return Command.create(
            {
                "name": self.env._("Difference of the deposit"),
                "account_id": account.id,
                "currency_id": self.company_id.currency_id.id,
                "amount_currency": rest,
                "balance": rest,
            }
        )

    def _rate_account(self, opened, rest):
        """Return the account of a difference between two days' rates."""
        gateway = next(iter(opened)).gateway_id
        account = gateway.exchange_loss_account_id if rest > 0 else gateway.exchange_gain_account_id
        if self._retail_difference(opened) != 0:
            raise UserError(
                self.env._("The bank shows another amount: choose where the difference belongs.")
            )
        if not account:
            raise UserError(
                self.env._("Set the exchange accounts of %(gateway)s.", gateway=gateway.name)
            )
        return account

    def _retail_difference(self, opened):
        """Return the bank's amount less the payouts', None where the currencies differ."""
        currency = {payout.currency_id for payout in opened}
        shown = self._shown_in(currency.pop()) if len(currency) == 1 else None
        if shown is None:
            return None
        lines = self.env["account.move.line"].union(*opened.values())
        open_amount = sum(lines.mapped("amount_residual_currency"))
        return lines.currency_id[:1].round(shown - open_amount)

    def _shown_in(self, currency):
        """Return the bank's amount in a currency, None if it shows none."""
        if self.currency_id == currency:
            return self.amount
        return self.amount_currency if self.foreign_currency_id == currency else None

    def _reconcile_transit(self, opened):
        accounts = {lines.account_id for lines in opened.values()}
        made = self.line_ids.filtered(lambda line: line.account_id in accounts).sorted("id")
        pairs = zip(made, opened.values(), strict=True)
        self.env["account.move.line"]._reconcile_plan([line | lines for line, lines in pairs])
