from odoo import api, fields, models


class RetailPayment(models.Model):
    """What the form shows of a payment, and where its buttons lead."""

    _inherit = "retail.payment"

    parent_id = fields.Many2one(
        "retail.payment", compute="_compute_relatives", string="Captures, Voids or Refunds"
    )
    child_ids = fields.Many2many(
        "retail.payment", compute="_compute_relatives", string="Done with It"
    )
    exception_count = fields.Integer(compute="_compute_exception_count", string="Exceptions")

    @api.depends("external_id", "parent_external_id", "backend_id")
    def _compute_relatives(self):
        for payment in self:
            own = [("backend_id", "=", payment.backend_id.id)]
            parent = payment.parent_external_id
            payment.parent_id = parent and self.search([*own, ("external_id", "=", parent)])
            children = [*own, ("parent_external_id", "=", payment.external_id)]
            payment.child_ids = self.search(children, order="processed_at, id")

    def _exceptions_domain(self):
        return [("res_model", "=", self._name), ("res_id", "in", self.ids), ("state", "=", "open")]

    def _compute_exception_count(self):
        exceptions = self.env["retail.exception"]
        for payment in self:
            payment.exception_count = exceptions.search_count(payment._exceptions_domain())

    def action_open_exceptions(self):
        """Open what is wrong with this payment."""
        self.ensure_one()
        self.check_access("read")
        action = self.backend_id.action_open_exceptions()
        return action | {"domain": self._exceptions_domain()}

    def action_open_order(self):
        """Open the order that it belongs to."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "retail.order.binding",
            "res_id": self.order_binding_id.id,
            "view_mode": "form",
        }

    def action_choose_order(self):
        """Ask for the order that it belongs to."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Belongs to an Order"),
            "res_model": "retail.payment.match",
            "view_mode": "form",
            "target": "new",
            "context": {"default_payment_id": self.id},
        }


class RetailOrderBinding(models.Model):
    """The payments of an order, from its form."""

    _inherit = "retail.order.binding"

    payment_count = fields.Integer(compute="_compute_payment_count", string="Payments")

    @api.depends("payment_ids")
    def _compute_payment_count(self):
        for order in self:
            order.payment_count = len(order.payment_ids)

    def action_open_payments(self):
        """Open the payments of this order."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_connector_payment.retail_payment_action"
        )
        return action | {"domain": [("order_binding_id", "=", self.id)], "context": {}}
