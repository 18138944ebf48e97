from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .retail_refund import OVER

OPERATOR = "retail_connector_base.group_operator"
ACCOUNTANT = "retail_connector_base.group_accountant"
TODO = "mail.mail_activity_data_todo"
MOST_CALLED = 10
# Commands that have surely not left, or that a person is asked about.
RECALLABLE = ("pending", "retry", "unknown", "blocked")


class RetailRefund(models.Model):
    """What people decide about refunds. Nobody approves his own above the backend's threshold."""

    _inherit = "retail.refund"

    may_approve = fields.Boolean(compute="_compute_may")
    may_cancel = fields.Boolean(compute="_compute_may")
    may_request_again = fields.Boolean(compute="_compute_may")

    @api.depends("state", "requested_by_id", "second_person")
    @api.depends_context("uid")
    def _compute_may(self):
        accountant, user = self._is_accountant(self.env.user), self.env.user
        for refund in self:
            own = refund.requested_by_id == user
            allowed = not own or not refund.second_person
            waits = refund.state == "requested"
            refund.may_approve = accountant and waits and allowed
            refund.may_cancel = refund._is_recallable() and (accountant or (own and waits))
            refund.may_request_again = refund.state in OVER and not refund._is_recallable()

    def _is_recallable(self):
        if self.state in ("draft", "requested"):
            return True
        open_command = self.command_id.state in RECALLABLE
        return self.state in ("approved", "failed") and open_command

    @api.model
    def _is_accountant(self, user):
        return user.has_group(ACCOUNTANT)

    # Buttons

    def action_approve(self):
        """Let refunds be sent."""
        for refund in self:
            refund._check_may_approve()
            refund.sudo()._approve(self.env.user)
        return True

    def action_reject(self):
        """Refuse requests: nothing is sent."""
        for refund in self:
            refund._check_accountant()
            refund._check_waits()
            refund.sudo()._end("rejected", self.env.user)
        return True

    def action_cancel(self):
        """Take requests back that have not left; one that may have left is an accountant's."""
        for refund in self:
            refund.check_access("read")
            if refund.requested_by_id != self.env.user or refund.state != "requested":
                refund._check_accountant()
            if not refund.sudo()._is_recallable():
                raise UserError(self.env._("It has left, or is over: it cannot be taken back."))
            refund.sudo()._take_back(self.env.user)
        return True

    def action_request_again(self):
        """Ask for the same once more, under a new name; return the form of the new request."""
        self.ensure_one()
        self._check_operator()
        refund = self.sudo()
        if refund.state not in OVER or refund._is_recallable():
            raise UserError(
                self.env._("The former request is not over. Cancel it first, or try it again.")
            )
        again = self._request(
            refund.payment_id,
            refund.payment_id._decimal(refund.amount),
            refund.reason,
            refund.order_binding_id,
            refund.credit_move_id,
            refund,
        )
        refund._solved()
        return again._open_form()

    def action_open_command(self):
        """Open what the gateway is told."""
        self.ensure_one()
        self.check_access("read")
        command = {"res_model": "retail.outbox.command", "res_id": self.command_id.id}
        return {**self._open_form(), **command}

    def _open_form(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    # Who may

    def _check_operator(self):
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group(OPERATOR)):
            raise AccessError(self.env._("Only an operator asks to give money back."))

    def _check_accountant(self):
        self.check_access("read")
        if not (self.env.su or self._is_accountant(self.env.user)):
            raise AccessError(self.env._("An accountant decides about money that goes back."))

    def _check_may_approve(self):
        self._check_accountant()
        self._check_waits()
        if self.second_person and self.requested_by_id == self.env.user:
            raise AccessError(self.env._("Somebody else has to approve what you asked for."))

    def _check_waits(self):
        self.sudo()._lock()
        if self.state != "requested":
            raise UserError(self.env._("It was decided already."))

    def _lock(self):
        """Lock these rows: two who decide at the same time do it one after the other."""
        self.flush_recordset()
        self.env.cr.execute(
            "SELECT id FROM retail_refund WHERE id = ANY(%s) ORDER BY id FOR UPDATE", [self.ids]
        )
        self.invalidate_recordset(["state"])

    # What is decided

    def _approve(self, user):
        self._check_can_refund(self.payment_id)
        self._check_still_left()
        self._decided("approved", user)
        self._put_command()

    def _check_still_left(self):
        """Raise ``UserError`` if the gateway gave money back otherwise meanwhile."""
        payment = self.payment_id
        asked = payment._decimal(payment.refund_reserved) + payment._refunded_elsewhere()
        if asked > payment._decimal(payment.amount):
            raise UserError(
                self.env._(
                    "Meanwhile money of %(payment)s went back otherwise: with this request it "
                    "would be more than was taken.",
                    payment=payment.display_name,
                )
            )

    def _end(self, state, user):
        """Give a request up: its amount can be asked for anew."""
        self._decided(state, user)
        self._let_go()
        self._solved()

    def _take_back(self, user):
        self._lock()
        command = self.command_id
        if command.state in RECALLABLE:
            # Cancelling it ends the request; see the exporter.
            command._cancel(self.env._("The refund was cancelled."))
        if self.state not in ("cancelled", "rejected"):
            self._end("cancelled", user)

    def _decided(self, state, user):
        self.write({"state": state, "decided_by_id": user.id, "decided_at": fields.Datetime.now()})
        self.activity_unlink([TODO])
        self._note_decision(f"refund.{state}", decided_by=user.login)

    # Who is called

    def _call_approvers(self):
        """Give those something to do who may approve it."""
        silent = self.with_context(mail_activity_quick_update=True)
        for user in self._approvers():
            silent.activity_schedule(
                TODO, summary=self.env._("Approve: %(name)s", name=self.name), user_id=user.id
            )

    def _approvers(self):
        group = self.env.ref(ACCOUNTANT)
        return self.env["res.users"].search(
            [
                ("all_group_ids", "in", group.ids),
                ("company_ids", "in", self.company_id.ids),
                ("id", "!=", self.requested_by_id.id),
                ("share", "=", False),
            ],
            limit=MOST_CALLED,
        )
