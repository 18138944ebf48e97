from odoo import fields, models


class SaleOrder(models.Model):
    """What a sale order shows of its channel."""

    _inherit = "sale.order"

    retail_is_held = fields.Boolean(compute="_compute_retail_hold")
    retail_hold_reasons = fields.Char(compute="_compute_retail_hold", string="Held for")
    retail_backend_id = fields.Many2one(
        related="retail_binding_ids.backend_id", string="Sales Channel", related_sudo=True
    )

    def _compute_retail_hold(self):
        """Everyone who sees the order sees that it is held."""
        for order in self:
            held = order.sudo().retail_binding_ids.filtered("is_held")
            order.retail_is_held = bool(held)
            order.retail_hold_reasons = ", ".join(held.mapped("hold_reasons"))

    def action_open_retail_binding(self):
        """Open the channel's side of this order."""
        self.ensure_one()
        bindings = self.retail_binding_ids
        bindings.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_connector_base.retail_order_binding_action"
        )
        if len(bindings) == 1:
            return action | {"view_mode": "form", "views": [(False, "form")], "res_id": bindings.id}
        return action | {"domain": [("id", "in", bindings.ids)]}
