from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..decisions.return_state import REFUSED

GROUPS = "retail_connector_base.group_"


class RetailReturn(models.Model):
    """What people decide about returns, each within his role."""

    _inherit = "retail.return"

    may_refund = fields.Boolean(compute="_compute_may_refund")
    credit_count = fields.Integer(compute="_compute_credit_count", compute_sudo=True)

    @api.depends("credit_move_ids")
    def _compute_credit_count(self):
        for record in self:
            record.credit_count = len(record.credit_move_ids)

    @api.depends("line_ids.received_quantity", "line_ids.asked_quantity", "refund_state")
    def _compute_may_refund(self):
        for record in self:
            open_money = record.refund_state in ("not_due", "eligible", "failed")
            here = record.refund_by == "here" or record.refund_state == "eligible"
            record.may_refund = open_money and here and bool(record.sudo()._units_by_hand())

    # Buttons

    def action_authorize(self):
        """Let goods come back."""
        self._check_operator()
        for record in self.sudo():
            record._check_state("requested")
            record._advance("authorized")
        return self._decided("return.authorized")

    def action_reject(self):
        """Refuse that goods come back."""
        return self._refuse("rejected")

    def action_cancel(self):
        """Call a return off before anything came."""
        return self._refuse("cancelled")

    def action_sent(self):
        """Note that the customer has sent the goods."""
        self._check_operator()
        self.sudo()._advance("in_transit")
        return self._decided("return.sent")

    def action_close(self):
        """Expect no more goods: what came is all."""
        self._check_operator()
        self.sudo().write({"closed": True})
        return self._decided("return.closed")

    def action_accept(self):
        """Authorise what came without being authorised, or beyond it."""
        self._check_operator()
        for line in self.sudo().line_ids:
            extra = line.received_quantity - line.quantity
            if extra > 0:
                line.manual_quantity = line.received_quantity
                line.quantity = line.received_quantity
        self.sudo().write({"unannounced": False})
        return self._decided("return.accepted")

    def action_refund(self):
        """Propose to give money back for what is here."""
        self._check_operator()
        for record in self.sudo():
            units = record._units_by_hand()
            if not units:
                raise UserError(self.env._("Nothing is here for which money could go back."))
            record._propose(units)
        return self._decided("return.refund_proposed")

    def action_no_refund(self):
        """Give no money back."""
        self._check_accountant()
        if any(self.sudo().mapped("asked_amount")):
            raise UserError(
                self.env._("It is asked for already. Reject the request, cancel the credit note.")
            )
        self.sudo().write({"refused_refund": True})
        return self._decided("return.refund_refused")

    def action_refunded(self):
        """Note that the money is back, whichever way it went."""
        self._check_accountant()
        self.sudo().write({"refunded_by_hand": True})
        return self._decided("return.refunded_by_hand")

    def action_open_order(self):
        """Open the order."""
        self.ensure_one()
        self.check_access("read")
        return self._open_record(self.order_id)

    def action_open_exchange(self):
        """Open the order of what the customer gets instead."""
        self.ensure_one()
        self.check_access("read")
        return self._open_record(self.exchange_order_id)

    def action_open_credit_notes(self):
        """Open the credit notes."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Credit Notes"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("id", "in", self.sudo().credit_move_ids.ids)],
        }

    def _open_record(self, record):
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
        }

    # How

    def _refuse(self, state):
        self._check_operator()
        for record in self.sudo():
            if any(record.line_ids.mapped("received_quantity")):
                raise UserError(
                    self.env._("Goods of %(name)s are here already.", name=record.display_name)
                )
            record._advance(state)
        return self._decided(f"return.{state}")

    def _decided(self, action):
        self.env["retail.audit"]._log(action, self)
        self.sudo()._changed()
        return True

    def _check_state(self, state):
        if self.state != state:
            raise UserError(self.env._("%(name)s is further on already.", name=self.display_name))

    def _check_operator(self):
        """Raise ``AccessError`` unless the user sees these returns and is an operator."""
        self._check_role("operator", self.env._("Only an operator decides about returns."))

    def _check_accountant(self):
        self._check_role("accountant", self.env._("An accountant decides about money."))

    def _check_role(self, role, text):
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group(GROUPS + role)):
            raise AccessError(text)

    # Words

    @api.depends("whose_turn", "state", "refund_state")
    @api.depends_context("lang")
    def _compute_next_step(self):
        for record in self:
            record.next_step = record._next_words()

    def _next_words(self):
        turn = self.whose_turn
        if turn == "operator":
            return self._operator_words()
        words = {
            "accountant": self.env._("Approve the refund, or give the money back."),
            "customer": self.env._("The customer sends the goods."),
            "carrier": self.env._("The goods are on their way."),
            "warehouse": self.env._("The warehouse takes the goods in."),
            "gateway": self.env._("The gateway gives the money back."),
            "channel": self.env._("The channel gives the money back."),
        }
        if turn == "customer" and self.sudo()._owes():
            return self.env._("The customer pays for the dearer exchange.")
        return words.get(turn) or self.env._("Nothing is left to do.")

    def _operator_words(self):
        if self.state == "requested":
            return self.env._("Authorise or reject it.")
        if self.sudo()._is_stuck():
            return self.env._("Goods cannot be booked: see its exceptions.")
        if any(one.disposition == "undecided" for one in self.goods_ids if one.counts):
            return self.env._("Decide what becomes of the goods.")
        if self.state in REFUSED:
            return self.env._("Goods came although it was refused.")
        return self.env._("Decide whether money goes back.")
