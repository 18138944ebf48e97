from odoo import api, fields, models


class AccountMove(models.Model):
    """Credit notes of channels' orders, from which money is given back."""

    _inherit = "account.move"

    retail_refund_ids = fields.One2many(
        "retail.refund", "credit_move_id", string="Refunds", readonly=True
    )
    can_give_back = fields.Boolean(compute="_compute_can_give_back")

    @api.depends("state", "move_type", "amount_residual")
    @api.depends_context("uid")
    def _compute_can_give_back(self):
        operator = self.env.user.has_group("retail_connector_base.group_operator")
        for move in self:
            owed = move.move_type == "out_refund" and move.state == "posted"
            owed = operator and owed and bool(move.amount_residual)
            orders = owed and move.sudo().invoice_line_ids.sale_line_ids.order_id
            move.can_give_back = bool(orders and orders.retail_binding_ids)

    def action_give_money_back(self):
        """Ask how much of which payment goes back."""
        self.ensure_one()
        wizard = self.env["retail.refund.wizard"]
        wizard._check_operator()
        self.check_access("read")
        return wizard._open_for(self)


class RetailOrderBinding(models.Model):
    """The refunds of an order."""

    _inherit = "retail.order.binding"

    refund_ids = fields.One2many(
        "retail.refund", "order_binding_id", string="Refunds", readonly=True
    )
    refund_count = fields.Integer(compute="_compute_refund_count")

    @api.depends("refund_ids", "refund_binding_ids")
    def _compute_refund_count(self):
        for order in self:
            order.refund_count = len(order.refund_ids) + len(order.refund_binding_ids)

    def action_give_money_back(self):
        """Ask how much of which payment goes back."""
        self.ensure_one()
        return self.env["retail.refund.wizard"]._open_for(self)

    def action_open_refunds(self):
        """Open what went back of this order, in the channel's words and in ours."""
        self.ensure_one()
        self.check_access("read")
        name = "retail_refund_binding_action" if self.refund_binding_ids else "retail_refund_action"
        action = self.env["ir.actions.actions"]._for_xml_id(f"retail_connector_payment.{name}")
        return {**action, "domain": [("order_binding_id", "=", self.id)], "context": {}}
