from odoo import fields, models

from ..canonical.event import OrderCancelled, OrderConfirmed


class SaleOrder(models.Model):
    """Orders that came from a channel keep what the channel said."""

    _inherit = "sale.order"

    retail_binding_ids = fields.One2many("retail.order.binding", "odoo_id", string="Channel Orders")

    def _prepare_confirmation_values(self):
        """Override: an imported order keeps the moment at which the customer placed it."""
        values = super()._prepare_confirmation_values()
        if self.env.context.get("retail_import"):
            values.pop("date_order", None)
        return values

    def _action_confirm(self):
        """Override: tell subscribers."""
        result = super()._action_confirm()
        self.env["retail.event"]._note(OrderConfirmed.type, self)
        return result

    def _action_cancel(self):
        """Override: tell subscribers of what they heard was confirmed."""
        confirmed = self.filtered(lambda order: order.state == "sale")
        result = super()._action_cancel()
        self.env["retail.event"]._note(OrderCancelled.type, confirmed)
        return result
