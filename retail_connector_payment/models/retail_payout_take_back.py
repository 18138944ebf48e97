from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..decisions.ledger import Role

OPEN_AGAIN = """
    UPDATE retail_ledger_entry SET state = 'posted', payout_line_id = NULL,
           write_date = now() AT TIME ZONE 'UTC'
     WHERE payout_line_id IN (SELECT id FROM retail_payout_line WHERE payout_id = %s)
"""
POSTED_FAILURE = [("category", "=", "payout_failure"), ("state", "!=", "to_post")]


class RetailPayout(models.Model):
    """What becomes of postings when a payout came back from the bank."""

    _inherit = "retail.payout"

    taken_back = fields.Boolean(
        readonly=True, help="All its postings are reversed: its transactions are unsettled again."
    )
    failure_tied = fields.Boolean(readonly=True)
    can_take_back = fields.Boolean(compute="_compute_can_take_back")

    @api.depends("gateway_state", "state")
    def _compute_can_take_back(self):
        for payout in self:
            payout.can_take_back = (
                payout.gateway_state in ("failed", "cancelled")
                and payout.state in ("settling", "settled")
                and payout._is_listed()
            )

    def action_take_back(self):
        """Reverse a payout that failed, completely: what it had settled is unsettled again.

        For gateways that list the same transactions in a later payout. Others tell of the failure
        by a transaction of its own: nothing needs to be done there.
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group("retail_connector_base.group_accountant"):
            raise AccessError(self.env._("Only accountants take a payout back."))
        payout = self.sudo().with_company(self.sudo().company_id)
        payout._check_can_take_back()
        payout._take_back()
        self.env["retail.audit"]._log("payout.taken_back", self)
        return True

    def _check_can_take_back(self):
        if not self.can_take_back:
            raise UserError(
                self.env._("Only a payout that is settled and came back can be taken back.")
            )
        if self._own_failure().state == "settled":
            raise UserError(
                self.env._(
                    "A later payout has settled the failure of this one: the gateway does not "
                    "list its transactions again, and nothing is left to do."
                )
            )

    def _own_failure(self):
        return self.entry_ids.filtered(lambda entry: entry.category == "payout_failure")

    def _take_back(self):
        failure = self._own_failure()
        moves = self.move_ids.filtered(
            lambda move: move.state == "posted" and not move.reversed_entry_id
        )
        day = self._posting_day()[0]
        today = self.env["retail.ledger.poster"]._today(self.gateway_id)
        values = {"date": max(day, today), "retail_payout_id": self.id}
        own = failure.move_id
        (moves | own)._reverse_moves([dict(values) for _move in moves | own], cancel=True)
        self.env["retail.ledger.entry"].flush_model()
        self.env.cr.execute(OPEN_AGAIN, [self.id])
        self.env["retail.ledger.entry"].invalidate_model()
        # Nothing settles it any more, and it is not noted again.
        failure.write({"state": "settled", "next_attempt_at": False})
        self.line_ids.write({"move_id": False, "is_settled": False})
        self.write({"state": "cancelled", "taken_back": True, "settled_count": 0, "problem": False})
        self._unpark()
        self._wake_parked_beside()

    # A failure that the gateway tells as a transaction

    @api.model
    def _close_failed(self, gateway):
        """Reconcile what came back with what had gone to the bank; return whether there was any."""
        failed = self.search(
            [
                ("gateway_id", "=", gateway.id),
                ("gateway_state", "in", ("failed", "cancelled")),
                ("state", "=", "settled"),
                ("failure_tied", "=", False),
                ("entry_ids", "any", POSTED_FAILURE),
            ],
            limit=1,
        )
        if not failed:
            return False
        failed.failure_tied = True
        failed._close_transit()
        return True

    def _close_transit(self):
        """Close the payout's lines on the way to the bank, unless the bank has shown them."""
        account = self.gateway_id._role_account(Role.TRANSIT)
        own = self.entry_ids.filtered(lambda entry: entry.category == "payout").move_id
        lines = (self.move_ids | own).line_ids.filtered(lambda line: line.account_id == account)
        back = self._own_failure().contra_line_id
        known = lines | back
        if not account.reconcile or known.matched_debit_ids or known.matched_credit_ids:
            return
        try:
            with self.env.cr.savepoint():
                known.reconcile()
        except UserError:
            # Without accounts for exchange differences it is left to a person.
            self.env.invalidate_all(flush=False)
