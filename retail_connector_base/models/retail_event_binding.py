from odoo import api, models

from ..canonical.event import OrderDelivered, PaymentCaptured

PAID = "paid"


class RetailOrderBinding(models.Model):
    """What subscribers hear of an order that its channel tells: paid, delivered."""

    _inherit = "retail.order.binding"

    @api.model_create_multi
    def create(self, vals_list):
        """Override: most orders come paid."""
        bindings = super().create(vals_list)
        paid = bindings.filtered(lambda binding: binding.payment_state == PAID)
        self.env["retail.event"]._note(PaymentCaptured.type, paid)
        return bindings

    def write(self, vals):
        """Override: tell what an order becomes, once."""
        unpaid = self._not_yet("payment_state", PAID, vals)
        underway = self._not_yet("state", "delivered", vals)
        result = super().write(vals)
        self.env["retail.event"]._note(PaymentCaptured.type, unpaid)
        self.env["retail.event"]._note(OrderDelivered.type, underway)
        return result

    def _not_yet(self, field, value, vals):
        """Return those that a write brings to a value."""
        if vals.get(field) != value:
            return self.browse()
        return self.filtered(lambda binding: binding[field] != value)
