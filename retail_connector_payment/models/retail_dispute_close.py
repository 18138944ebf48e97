import logging

from psycopg2 import OperationalError

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.retail_connector_base.decisions.fingerprint import fingerprint_of
from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from ..decisions.ledger import Role
from ..decisions.posting import first_open_day

_logger = logging.getLogger(__name__)

FAILED = "dispute_not_closed"
# Those whose entries are all posted: before, nothing can be compared.
NEXT = """
    SELECT dispute.id FROM retail_dispute dispute
     WHERE dispute.gateway_id = %s AND dispute.to_close AND NOT EXISTS (
           SELECT FROM retail_ledger_entry entry
            WHERE entry.dispute_id = dispute.id AND entry.state = 'to_post')
     ORDER BY dispute.id LIMIT 1 FOR UPDATE
"""


class RetailDispute(models.Model):
    """Closes disputes in the books: what came back meets what was taken, the rest is a loss."""

    _inherit = "retail.dispute"

    @api.model
    def _close_next(self, gateway):
        """Close or open again the next dispute that changed; return whether there was any."""
        self.flush_model(["to_close", "gateway_id"])
        self.env["retail.ledger.entry"].flush_model(["state", "dispute_id"])
        self.env.cr.execute(NEXT, [gateway.id])
        found = self.env.cr.fetchone()
        if not found:
            return False
        self.with_env(gateway.env).browse(found[0])._close_if_decided()
        return True

    def _close_if_decided(self):
        try:
            with self.env.cr.savepoint():
                self._bring_up_to_date()
        except OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 the job boundary of one dispute
            self.env.invalidate_all(flush=False)
            _logger.warning("closing dispute %s: %s", self.id, type(error).__name__)
            self._report_failure(error)
        else:
            name = fingerprint_of(self._failure(""))
            self.env["retail.exception"]._solved(self.backend_id, [name])
        self.to_close = False

    def _bring_up_to_date(self):
        """Make the books of the dispute what its state says, whatever they were before."""
        lost = self._money().lost if self._is_decided() else 0
        if self.loss_move_id and self._exact(self._loss_booked()) != lost:
            self._take_loss_back()
        lines = self._open_lines()
        if len(lines) > 1:
            lines.reconcile()
        if lost and not self.loss_move_id:
            self._book_loss()

    def _lines(self):
        """Return the lines on the disputes account."""
        account = self.gateway_id._role_account(Role.DISPUTE)
        return self.entry_ids.contra_line_id.filtered(lambda line: line.account_id == account)

    def _open_lines(self):
        return self._lines().filtered(lambda line: not line.reconciled)

    # The loss

    def _loss_booked(self):
        loss = self.gateway_id._role_account(Role.LOSS)
        lines = self.loss_move_id.line_ids.filtered(lambda line: line.account_id == loss)
        return sum(lines.mapped("amount_currency"))

    def _book_loss(self):
        """Move what nothing comes back of to the losses, and close the dispute's line with it."""
        loss = self.gateway_id._role_account(Role.LOSS)
        if not loss:
            raise UserError(self.env._("The gateway has no account for lost disputes."))
        lines = self._open_lines()
        amount = sum(lines.mapped("amount_residual_currency"))
        balance = sum(lines.mapped("amount_residual"))
        if self.currency_id.is_zero(amount):
            return
        move = self.env["account.move"].create(self._loss_values(loss, amount, balance))
        move._post(soft=False)
        counter = move.line_ids.filtered(lambda line: line.account_id != loss)
        (lines | counter).reconcile()
        self.loss_move_id = move

    def _loss_values(self, loss, amount, balance):
        title = self.env._("Lost dispute %(name)s", name=self.external_id)
        sides = (
            (self.gateway_id._role_account(Role.DISPUTE), -amount, -balance),
            (loss, amount, balance),
        )
        return {
            "move_type": "entry",
            "journal_id": self.gateway_id.journal_id.id,
            "date": self._loss_day(),
            "ref": title,
            "line_ids": [
                Command.create(
                    {
                        "name": title,
                        "account_id": account.id,
                        "partner_id": False,
                        "currency_id": self.currency_id.id,
                        "amount_currency": in_currency,
                        "balance": in_company,
                    }
                )
                for account, in_currency, in_company in sides
            ],
        }

    def _loss_day(self):
        gateway, poster = self.gateway_id, self.env["retail.ledger.poster"]
        day = poster._local_day(gateway, self.closed_at or fields.Datetime.now())
        locks = self.company_id._get_violated_lock_dates(day, False, gateway.journal_id)
        return first_open_day(day, [lock for lock, _field in locks])

    def _take_loss_back(self):
        """Reverse a loss: the gateway has reopened the dispute, or more came back."""
        move = self.loss_move_id
        day = self.env["retail.ledger.poster"]._today(self.gateway_id)
        move._reverse_moves([{"date": max(move.date, day)}], cancel=True)
        self.loss_move_id = False

    # Trouble

    def _report_failure(self, error):
        known = isinstance(error, UserError)
        text = str(error) if known else type(error).__name__
        self.env["retail.exception"]._report(self.backend_id, self._failure(text), record=self)

    def _failure(self, text):
        return Problem(
            error_class=ErrorClass.FINANCE,
            code=FAILED,
            subject=self.external_id,
            title=self.env._("Dispute %(name)s cannot be closed", name=self.external_id),
            cause=text,
            fix="retry",
            amount=self._exact(self.amount),
            currency=self.currency_id.name,
        )
