from odoo import models
from odoo.exceptions import UserError

from ..decisions.ledger import Role
from ..decisions.posting import OF_AN_ORDER


class RetailLedgerEntry(models.Model):
    """Which order an entry belongs to, and that it may turn out late."""

    _inherit = "retail.ledger.entry"

    def _set_order(self, binding):
        """Tell the order of entries that have none; what has one keeps it.

        Before they are posted that is all; afterwards the lane transfers them from the account of
        unmatched payments to the customer's.
        """
        found = self.sudo().filtered(lambda entry: not entry.order_binding_id)
        found._belong_to(binding)

    def _correct_order(self, binding, reason):
        """Let entries belong to another order, or to none, because a person says so.

        What was posted is not edited: the lane reverses and transfers it anew.
        """
        for entry in self.sudo().filtered(lambda each: each.order_binding_id != binding):
            detail = {
                "entry": entry.external_id,
                "before": entry.order_binding_id.name or "",
                "after": binding.name or "",
                "reason": reason,
            }
            self.env["retail.audit"]._log("entry.order", entry, entry.backend_id, detail=detail)
            entry._belong_to(binding)

    def _belong_to(self, binding):
        self.write({"order_binding_id": binding.id, "next_attempt_at": False})
        # Disputes and payouts stand on accounts that are no customer's: there is nothing to move.
        posted = self.filtered(lambda entry: entry.state != "to_post")
        posted.filtered(lambda entry: entry._category() not in OF_AN_ORDER).write(
            {"booked_order_id": binding.id}
        )
        self._wake_lanes()


class RetailLedgerPoster(models.AbstractModel):
    """Moves posted payments between the account of unmatched ones and their customers'."""

    _inherit = "retail.ledger.poster"

    def _transfer(self, gateway, entries):
        """Let posted entries stand on the customer of the order that they belong to now."""
        poster = self.with_env(gateway.env)
        left = entries.booked_order_id
        moved = poster._halve(gateway, entries, poster._transfer_together)
        poster._report_troubles(gateway)
        poster.env["retail.invoicing"]._tie(left | moved.order_binding_id)
        return moved

    def _transfer_together(self, gateway, entries):
        if not gateway._role_account(Role.UNMATCHED).reconcile:
            raise UserError(self.env._("The account of unmatched payments must be reconcilable."))
        wrong = entries.filtered("booked_order_id")
        self._take_back(gateway, wrong)
        self._give(gateway, entries.filtered("order_binding_id"))
        for entry in entries:
            entry.write(
                {
                    "booked_order_id": entry.order_binding_id.id,
                    "next_attempt_at": False,
                    "error": False,
                    "problem_key": False,
                }
            )
        self.env["retail.ledger.entry"].flush_model()
        return entries

    def _take_back(self, gateway, entries):
        """Move entries from a customer back to the account of unmatched payments."""
        # What an invoice was paid with is not this payment any more.
        entries.contra_line_id.remove_move_reconcile()
        account, nobody = gateway._role_account(Role.UNMATCHED), self.env["res.partner"]
        self._move_all(gateway, entries, lambda entry: (account, nobody), reverses=True)

    def _give(self, gateway, entries):
        """Move entries from the account of unmatched payments to their customers."""
        self._move_all(
            gateway, entries, lambda entry: self._receivable_of(gateway, entry.order_binding_id)
        )

    def _move_all(self, gateway, entries, target_of, reverses=False):
        """Post a transfer of each entry's open line, and reconcile it with what it moves."""
        if not entries:
            return
        values = [self._transfer_values(gateway, entry, target_of(entry)) for entry in entries]
        moves = self.env["account.move"].create(values)
        moves._post(soft=False)
        by_entry = {move.retail_ledger_entry_id: move for move in moves}
        pairs = []
        for entry in entries:
            source, target = self._lines_of(by_entry[entry])
            former = entry.contra_line_id.move_id
            if reverses and former != entry.move_id:
                source.move_id.reversed_entry_id = former
            pairs.append(entry.contra_line_id | source)
            entry.contra_line_id = target
        self.env["account.move.line"]._reconcile_plan(pairs)

    def _transfer_values(self, gateway, entry, target):
        """Return the values of a move from where an entry stands to (account, partner)."""
        line = entry.contra_line_id
        amount, balance = line.amount_currency, line.balance
        return self._two_lines(
            gateway,
            entry,
            self._open_day(gateway, self._today(gateway)),
            (line.account_id, line.partner_id, -amount, -balance),
            (*target, amount, balance),
        )
