from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.retail_connector_base.canonical import minor_unit

from ..decisions.refund_split import NotEnoughError, split

OPERATOR = "retail_connector_base.group_operator"


class RetailRefundWizard(models.TransientModel):
    """Asks how much goes back, and of which payments."""

    _name = "retail.refund.wizard"
    _description = "Give Money Back"

    order_binding_id = fields.Many2one(
        "retail.order.binding", string="Order", required=True, readonly=True
    )
    credit_move_id = fields.Many2one("account.move", string="Credit Note", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    available = fields.Monetary(
        compute="_compute_available", help="What was taken, less what went back or is asked for."
    )
    amount = fields.Monetary(required=True)
    reason = fields.Char(required=True, help="Kept with the refund and in the audit trail.")
    line_ids = fields.One2many("retail.refund.wizard.line", "wizard_id", string="Payments")

    @api.depends("order_binding_id", "currency_id")
    def _compute_available(self):
        for wizard in self:
            rooms = wizard._rooms()
            wizard.available = float(sum((room.amount for room in rooms), Decimal(0)))

    @api.onchange("amount")
    def _onchange_amount(self):
        """Propose the newest payments first."""
        self.line_ids = [(5, 0, 0), *((0, 0, values) for values in self._proposal())]

    # Opening it

    @api.model
    def _open_for(self, record):
        """Open the wizard for a credit note, an order or a refund; propose what is still open."""
        self._check_operator()
        order, move = self._order_of(record)
        if not order:
            raise UserError(self.env._("This belongs to no order of a channel."))
        order.check_access("read")
        wizard = self.create(self._defaults(order, move))
        wizard._onchange_amount()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Give Money Back"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def _order_of(self, record):
        """Return (order binding, credit note) of a document."""
        none, move = self.env["retail.order.binding"], self.env["account.move"]
        if record._name == "account.move":
            orders = record.sudo().invoice_line_ids.sale_line_ids.order_id
            return orders.retail_binding_ids[:1].sudo(False), record
        if record._name == "sale.order":
            return record.retail_binding_ids[:1], move
        if record._name in ("retail.refund", "retail.refund.binding"):
            note = record.credit_move_id if "credit_move_id" in record._fields else record.odoo_id
            return record.order_binding_id, note
        return (record if record._name == none._name else none), move

    def _defaults(self, order, move):
        values = {
            "order_binding_id": order.id,
            "credit_move_id": move.id,
            "currency_id": (move.sudo().currency_id or order.currency_id).id,
            "reason": move.sudo().ref or "",
        }
        left = self.new(values).available
        wanted = self._still_owed(move.sudo()) if move else left
        return {**values, "amount": min(wanted, left)}

    def _still_owed(self, move):
        """Return what of a credit note did not go back and is not asked for yet."""
        domain = [("credit_move_id", "=", move.id), ("holds", "=", True)]
        domain.append(("state", "!=", "confirmed"))
        asked = self.env["retail.refund"].sudo().search(domain)
        return max(move.amount_residual - sum(asked.mapped("amount")), 0.0)

    # What can go back

    def _payments(self):
        self.order_binding_id.check_access("read")
        payments = self.order_binding_id.sudo().payment_ids
        exporter = self.env["retail.exporter.refund_payment"]
        return payments.filtered(
            lambda one: (
                one._is_taken()
                and one.currency_id == self.currency_id
                and exporter._is_offered(one.backend_id)
            )
        )

    def _rooms(self):
        payments = self._payments()
        return payments._refund_rooms(payments)

    def _proposal(self):
        rooms = self._rooms()
        try:
            parts = {part.payment: part.amount for part in split(self._exact(self.amount), rooms)}
        except NotEnoughError:
            parts = {}
        return [
            {
                "payment_id": room.payment,
                "available": float(room.amount),
                "amount": float(parts.get(room.payment, 0)),
            }
            for room in rooms
        ]

    def _exact(self, amount):
        return Decimal(str(amount or 0)).quantize(minor_unit(self.currency_id.name))

    # Asking for it

    def action_request(self):
        """Ask to give the money back; open what was asked for."""
        self.ensure_one()
        self._check_operator()
        self._check_credit_note()
        parts = self._parts()
        refunds = self.env["retail.refund"]
        for payment, amount in parts:
            refunds |= refunds._request(
                payment, amount, self.reason.strip(), self.order_binding_id, self.credit_move_id
            )
        if len(refunds) == 1:
            return refunds._open_form()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "retail_connector_payment.retail_refund_action"
        )
        return {**action, "domain": [("id", "in", refunds.ids)]}

    def _parts(self):
        """Return (payment, amount) of what is asked for; it must come to the amount."""
        offered = self._payments()
        parts = [
            (line.payment_id, self._exact(line.amount))
            for line in self.line_ids
            if line.amount and line.payment_id.sudo() in offered
        ]
        total = sum((amount for _payment, amount in parts), Decimal(0))
        if not parts or total != self._exact(self.amount) or not (self.reason or "").strip():
            raise UserError(
                self.env._(
                    "The payments come to %(total)s, the amount is %(amount)s. Make both the same, "
                    "and say why.",
                    total=total,
                    amount=self._exact(self.amount),
                )
            )
        return parts

    def _check_credit_note(self):
        """Raise ``UserError`` unless the credit note is one of the order's: RPC sets any."""
        move, order = self.credit_move_id.sudo(), self.order_binding_id.sudo()
        sales = move.invoice_line_ids.sale_line_ids.order_id
        if move and (move.move_type != "out_refund" or order.odoo_id not in sales):
            raise UserError(self.env._("The credit note is none of this order."))

    def _check_operator(self):
        if not (self.env.su or self.env.user.has_group(OPERATOR)):
            raise AccessError(self.env._("Only an operator asks to give money back."))


class RetailRefundWizardLine(models.TransientModel):
    """How much goes back of one payment."""

    _name = "retail.refund.wizard.line"
    _description = "Give Money Back: payment"

    wizard_id = fields.Many2one("retail.refund.wizard", required=True, ondelete="cascade")
    payment_id = fields.Many2one("retail.payment", required=True, readonly=True)
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    available = fields.Monetary(readonly=True)
    amount = fields.Monetary()
