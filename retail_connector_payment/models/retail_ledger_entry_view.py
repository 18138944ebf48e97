from odoo import api, fields, models
from odoo.exceptions import AccessError


class RetailLedgerEntry(models.Model):
    """What people see of an entry, and where its buttons lead."""

    _inherit = "retail.ledger.entry"

    may_correct = fields.Boolean(compute="_compute_may_correct")
    unsettled_days = fields.Integer(
        compute="_compute_unsettled_days", string="Days", help="For how long it is not settled."
    )

    @api.depends("state", "order_binding_id")
    @api.depends_context("uid")
    def _compute_may_correct(self):
        accountant = self.env.user.has_group("retail_connector_base.group_accountant")
        for entry in self:
            entry.may_correct = accountant and entry.category in entry._of_an_order()

    @api.depends("state", "occurred_at")
    def _compute_unsettled_days(self):
        now = fields.Datetime.now()
        for entry in self:
            is_open = entry.state != "settled" and entry.occurred_at
            entry.unsettled_days = max((now - entry.occurred_at).days, 0) if is_open else 0

    # Buttons

    def action_post_now(self):
        """Try at once what could not be posted."""
        self.check_access("read")
        if not self.env.user.has_group("retail_connector_base.group_operator"):
            raise AccessError(self.env._("Only an operator lets entries be tried again."))
        waiting = self.filtered(lambda entry: entry.state == "to_post" or entry.error)
        for entry in waiting:
            self.env["retail.audit"]._log("entry.retried", entry, entry.sudo().backend_id)
        waiting._try_now()
        return True

    def action_correct(self):
        """Ask for the order that it really belongs to."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correct the Order"),
            "res_model": "retail.ledger.correction",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_entry_id": self.id,
                "default_order_binding_id": self.order_binding_id.id,
            },
        }

    def action_open_moves(self):
        """Open the journal entries: its own, and transfers."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Journal Entries"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("retail_ledger_entry_id", "=", self.id)],
        }

    def action_open_payment(self):
        """Open the payment that it is about."""
        return self._open(self.payment_id)

    def action_open_order(self):
        """Open the channel's order."""
        return self._open(self.order_binding_id)

    def action_open_payout(self):
        """Open the payout that settled it."""
        return self._open(self.payout_line_id.payout_id or self.payout_id)

    def _open(self, record):
        record.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
        }
