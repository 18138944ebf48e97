from decimal import Decimal

from odoo import models

from odoo.addons.retail_connector_base.canonical.pos_closing import CashMovementKind

from .account_move_date import POSTING_DATE

# Sessions that may have been closed out of order.
LOOK_BACK = 30


class RetailPosDay(models.Model):
    """A day's drawer: its float, what was put in and taken out, and what is over or short."""

    _inherit = "retail.pos.day"

    def _opening_cash(self, session, told):
        """Return what the books say was in the drawer in the morning.

        That is what was told, less the cash of late tickets that this session posts: it is in the
        drawer since a day that was closed without it. Where nothing was told it is what the drawer
        held when its last day was closed, as Odoo does it.
        """
        if told is None:
            return self._last_session(session).cash_register_balance_end_real
        return float(told - self._decimal(self._late_cash(session)))

    def _last_session(self, session):
        """Return the session of this drawer that was closed before this day."""
        sessions = self.env["pos.session"].search(
            [("config_id", "=", session.config_id.id), ("state", "=", "closed")],
            order="id desc",
            limit=LOOK_BACK,
        )
        before = sessions.filtered(lambda each: _day_of(each) < self.business_date)
        return before.sorted(lambda each: (_day_of(each), each.id))[-1:]

    def _late_cash(self, session):
        """Return the cash of tickets of other days that are posted in a session."""
        late = self.posted_ticket_ids.filtered(lambda ticket: ticket.day_id != self)
        orders = (late.odoo_id | late.reversal_id) & session.order_ids
        cash = orders.payment_ids.filtered(lambda paid: paid.payment_method_id.is_cash_count)
        return sum(cash.mapped("amount"))

    def _keep_movements(self, session, tie, date):
        """Enter what went in and out without a sale, as Odoo's own point of sale does."""
        session = session.with_context(**{POSTING_DATE: date})
        for movement in tie.drawer.movements:
            self._move_cash(session, movement.amount, self._movement_words(movement))
        if tie.drawer.deposit:
            words = self.env._("Deposit"), self.env._("Left the drawer at closing")
            self._move_cash(session, -tie.drawer.deposit, words)

    def _move_cash(self, session, amount: Decimal, words):
        if not amount:
            return
        what, reason = words
        way = "in" if amount > 0 else "out"
        session.try_cash_in_out(way, float(abs(amount)), reason, False, {"translatedType": what})

    def _movement_words(self, movement):
        """Return what a movement is and its reason: the bank finds a deposit by it."""
        kinds = {
            CashMovementKind.PAID_IN: self.env._("Paid in"),
            CashMovementKind.PAID_OUT: self.env._("Paid out"),
            CashMovementKind.BANK_DROP: self.env._("Deposit"),
            CashMovementKind.FLOAT: self.env._("Float"),
        }
        return kinds[movement.kind], movement.reason or movement.external_id

    def _bank_differences(self, tie):
        """Return by payment method what was counted less expected, of those that have a journal.

        Odoo posts it to the journal's profit or loss account.
        """
        methods = self.env["pos.payment.method"]
        found = {}
        for row in tie.tenders:
            method = methods.browse(int(row.key)) if row.key.isdigit() else methods
            if row.over_short and method.journal_id and not method.is_cash_count:
                found[method.id] = float(row.over_short)
        return found


def _day_of(session):
    return session.retail_day_id.business_date or session.start_at.date()
