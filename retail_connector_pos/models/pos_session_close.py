from odoo import models
from odoo.exceptions import UserError

from .account_move_date import POSTING_DATE

# Context key: what a business day's drawer holds at its end.
CLOSING = "retail_closing"


class Drawer:
    """What a day's drawer holds at its end: more or less than it should by ``over_short``."""

    def __init__(self, over_short=0.0):
        self.over_short = over_short


class NotBalancedError(UserError):
    """A session's entry would not balance: taxes or accounts changed since its tickets came."""


class PosSession(models.Model):
    """How a business day's session is closed: by its report, at its date."""

    _inherit = "pos.session"

    def _retail_close(self, date, drawer, diffs):
        """Close and post as Odoo does, at ``date``; ``diffs`` are amounts by payment method id.

        Raises ``UserError`` where Odoo refuses. The caller has a cursor of its own: Odoo rolls back
        where the entry does not balance.
        """
        self.ensure_one()
        session = self.with_context(**{POSTING_DATE: date, CLOSING: drawer})
        refused = session._cannot_close_session(diffs)
        if refused:
            raise UserError(refused["message"])
        result = session.action_pos_session_closing_control(bank_payment_method_diffs=diffs)
        if isinstance(result, dict):
            raise self._not_balanced(result)
        session.rescue = False

    def _not_balanced(self, action):
        """Return the error of a session that Odoo wants to close by force."""
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        return NotBalancedError(
            self.env._(
                "The entry would not balance: %(amount)s is left. Taxes or accounts were changed "
                "since the tickets came. Put them right, then post again.",
                amount=f"{wizard.amount_to_balance:.2f}",
            )
        )

    def action_pos_session_closing_control(
        self, balancing_account=False, amount_to_balance=0, bank_payment_method_diffs=None
    ):
        """Override: a business day is closed by its register's report, or by who signs it, not by
        somebody who presses Odoo's own button."""
        ours = self.filtered("retail_day_id")
        if ours and not self.env.su:
            raise UserError(
                self.env._(
                    "%(session)s belongs to an external register: it is closed when the register's "
                    "report ties. See Stores / Business Days.",
                    session=ours[0].name,
                )
            )
        return super().action_pos_session_closing_control(
            balancing_account, amount_to_balance, bank_payment_method_diffs
        )

    def action_pos_session_validate(
        self, balancing_account=False, amount_to_balance=0, bank_payment_method_diffs=None
    ):
        """Override: enter what was counted. Just before, Odoo has replaced that of sessions that
        are marked as rescue, and left out their cash movements."""
        drawer = self.env.context.get(CLOSING)
        if isinstance(drawer, Drawer) and self.cash_control:
            self._retail_count(drawer)
        return super().action_pos_session_validate(
            balancing_account, amount_to_balance, bank_payment_method_diffs
        )

    def _retail_count(self, drawer):
        self._retail_forget_balance()
        holds = self.cash_register_balance_end + drawer.over_short
        self.cash_register_balance_end_real = self.currency_id.round(holds)
        self._retail_forget_balance()

    def _retail_forget_balance(self):
        """Let what is in the drawer be computed anew: Odoo does not see movements and counts."""
        self.invalidate_recordset(
            ["cash_register_balance_end", "cash_register_difference", "statement_line_ids"]
        )
