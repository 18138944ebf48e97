from odoo import api, fields, models


class RetailOrderLineBinding(models.Model):
    """A position of a channel's order and its sale order line, with what was written into it.

    What was written is compared with the line before the next change of the channel is applied, so
    that nobody's work is overwritten.
    """

    _name = "retail.order.line.binding"
    _description = "Retail Order Line Binding"
    _order = "order_binding_id, id"
    _rec_name = "external_id"
    _check_company_auto = True

    order_binding_id = fields.Many2one(
        "retail.order.binding", required=True, readonly=True, ondelete="cascade", index=True
    )
    backend_id = fields.Many2one(
        "retail.backend", required=True, readonly=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    part = fields.Selection(
        [("line", "Line"), ("shipping", "Shipping"), ("rounding", "Rounding")],
        required=True,
        readonly=True,
    )
    external_id = fields.Char(required=True, readonly=True, index=True)
    odoo_id = fields.Many2one(
        "sale.order.line", string="Order Line", index=True, ondelete="set null", readonly=True
    )
    currency_id = fields.Many2one(related="order_binding_id.currency_id")
    discount_amount = fields.Monetary(
        readonly=True, help="The part of the order's discounts that the channel gave this line."
    )
    tax_amount = fields.Monetary(readonly=True, help="The channel's taxes of this line.")
    imported_product_id = fields.Many2one("product.product", readonly=True, ondelete="restrict")
    imported_quantity = fields.Float(digits=0, readonly=True)
    imported_price = fields.Float(
        digits=0, readonly=True, help="Unit price after discount, as it was written."
    )
    imported_tax_ids = fields.Json(readonly=True, help="Ids of the taxes that were written.")

    _external_unique = models.UniqueIndex(
        "(order_binding_id, part, external_id)", "A line of an order is bound once."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Override: the channel's stock projection counts what was imported."""
        lines = super().create(vals_list)
        lines._note_sold({line: line.imported_quantity for line in lines})
        return lines

    def write(self, vals):
        """Override: an edit of the channel changes what was imported."""
        if "imported_quantity" not in vals:
            return super().write(vals)
        before = {line: line.imported_quantity for line in self}
        result = super().write(vals)
        self._note_sold({line: line.imported_quantity - before[line] for line in self})
        return result

    def _note_sold(self, differences):
        sold = self.env["retail.channel.sale"]._note(differences.items())
        if sold:
            products = [row["product_id"] for row in sold]
            self.env["retail.change"]._note_stock(products)
