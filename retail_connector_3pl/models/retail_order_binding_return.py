from odoo import api, models


class RetailOrderBinding(models.Model):
    """Returns that were told of before their order."""

    _inherit = "retail.order.binding"

    @api.model_create_multi
    def create(self, vals_list):
        """Override: tie the returns that waited for these orders."""
        orders = super().create(vals_list)
        orders._attach_returns()
        return orders

    def _attach_returns(self):
        names = set(self.mapped("external_id")) | set(self.mapped("name"))
        domain = [
            ("order_external_id", "in", list(names - {False})),
            ("company_id", "in", self.company_id.ids),
            "|", ("order_id", "=", False), ("line_ids.sale_line_id", "=", False),
        ]  # fmt: skip
        for record in self.env["retail.return"].sudo().search(domain):
            record._look_again()


class RetailOrderLineBinding(models.Model):
    """Lines of orders that came back before they were known."""

    _inherit = "retail.order.line.binding"

    @api.model_create_multi
    def create(self, vals_list):
        """Override: the returns of these orders find their lines."""
        lines = super().create(vals_list)
        lines.order_binding_id._attach_returns()
        return lines


class RetailReturn(models.Model):
    """Reads again what was told of a return."""

    _inherit = "retail.return"

    def _look_again(self):
        """Take over what every system told last: something is known now that was not."""
        for record in self:
            for binding in record.binding_ids.filtered("snapshot").sorted("id"):
                record._take(binding, binding._told())
            record._changed()
