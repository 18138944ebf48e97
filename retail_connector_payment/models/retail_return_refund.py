from decimal import Decimal

from odoo import fields, models

from odoo.addons.retail_connector_base.canonical import minor_unit
from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from ..decisions.refund_split import split
from ..decisions.return_progress import progress

NOTHING = Decimal(0)
SHORT = "return_refund_short"


class RetailReturn(models.Model):
    """Gives money back for what came back: through requests that somebody else approves."""

    _inherit = "retail.return"

    refund_ids = fields.One2many(
        "retail.refund", "return_id", string="Refund Requests", readonly=True
    )

    def _refund(self, units, value, back):
        """Override: ask the gateways that took the money, and draft the credit note.

        Where no gateway can give it back, a person does, as without this addon.
        """
        payments = self._refundable_payments()
        if not payments:
            super()._refund(units, value, back)
            return
        move = self._credit_draft(units)
        amount = self._amount_back(move, value, back)
        rooms = payments._refund_rooms(payments)
        part = min(amount, sum((room.amount for room in rooms), NOTHING))
        for each in split(part, rooms) if part > 0 else ():
            self._ask_for(payments.browse(each.payment), each.amount, move)
        self.asked_amount += float(part)
        if part < amount:
            self._report_short(move, amount - part)

    def _refundable_payments(self):
        """Return the payments of the order that money can go back to from here."""
        order = self.order_binding_id or self.order_id.retail_binding_ids[:1]
        if not order:
            return self.env["retail.payment"]
        wizard = self.env["retail.refund.wizard"].sudo()
        values = {"order_binding_id": order.id, "currency_id": self.currency_id.id}
        return wizard.new(values)._payments()

    def _amount_back(self, move, value, back):
        """Return what goes back: what the credit note comes to, if it shows all of it.

        Its taxes may be rounded otherwise than those of the order.
        """
        if back != value or not move or len(move.currency_id) != 1:
            return back
        unit = minor_unit(self.currency_id.name)
        credited = Decimal(str(sum(move.mapped("amount_total")))).quantize(unit)
        near = abs(credited - value) <= unit * len(move.invoice_line_ids)
        return credited if near and move.currency_id == self.currency_id else back

    def _ask_for(self, payment, amount, move):
        """Ask to give a part of a payment back, in the name of whoever works here."""
        order = self.order_binding_id or self.order_id.retail_binding_ids[:1]
        reason = self.env._("Return %(name)s", name=self.display_name)
        requests = self.env["retail.refund"].with_context(retail_return_asks=self.id)
        refund = requests._request(payment, amount, reason, order, move[:1])
        refund.sudo()._post_credit_note()
        return refund

    def _asked_progress(self):
        """Override: as the gateway, the accountant and the channel say."""
        requests = self.refund_ids
        replaced = requests.former_id
        states = (requests - replaced).mapped("state")
        told = self._channel_refunds().mapped("state")
        if not states and not told:
            return super()._asked_progress()
        found = progress(states, told)
        if found == "refunded" and not self._is_asked_for_all():
            return "not_due"
        return found

    def action_no_refund(self):
        """Override: not while a request holds money."""
        self._check_accountant()
        holding = self.sudo().refund_ids.filtered("holds")
        if not holding:
            self.sudo().write({"asked_amount": 0})
        return super().action_no_refund()

    def _compute_credit_count(self):
        """Override: requests are about the money, too."""
        result = super()._compute_credit_count()
        for record in self:
            record.credit_count += len(record.refund_ids)
        return result

    def action_open_credit_notes(self):
        """Override: open the requests to give money back; each names its credit note."""
        self.ensure_one()
        self.check_access("read")
        if not self.sudo().refund_ids:
            return super().action_open_credit_notes()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "retail_connector_payment.retail_refund_action"
        )
        return {**action, "domain": [("return_id", "=", self.id)], "context": {}}

    # What is missing

    def _report_short(self, move, missing):
        problem = Problem(
            error_class=ErrorClass.FINANCE,
            code=SHORT,
            subject=self.name,
            title=self.env._(
                "%(name)s: more is to be given back than was taken", name=self.display_name
            ),
            cause=self.env._(
                "%(missing)s %(currency)s cannot go back to the payments of the order: so much was "
                "not taken, or went back already. Find out why; if it is right, give it back "
                "another way.",
                missing=missing,
                currency=self.currency_id.name,
            ),
            fix="open_record",
            amount=missing,
            currency=self.currency_id.name,
        )
        self.env["retail.exception"]._report(self.backend_id, problem, record=self)

    def _refund_solved(self):
        """Override."""
        result = super()._refund_solved()
        self.env["retail.exception"]._solved(self.backend_id, [f"{SHORT}|{self.name}"])
        return result
