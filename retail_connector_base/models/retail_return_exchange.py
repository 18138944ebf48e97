from odoo import fields, models


class RetailReturnExchange(models.Model):
    """What a customer gets instead of what he returns."""

    _name = "retail.return.exchange"
    _description = "Exchange of a Return"
    _order = "return_id, id"
    _rec_name = "product_id"
    _check_company_auto = True

    return_id = fields.Many2one(
        "retail.return", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="return_id.company_id", store=True)
    external_id = fields.Char(required=True, readonly=True)
    sku = fields.Char(string="SKU", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True, ondelete="restrict")
    quantity = fields.Float(digits="Product Unit", readonly=True, required=True)
    sale_line_id = fields.Many2one(
        "sale.order.line", string="Order Line", readonly=True, index="btree_not_null",
        ondelete="set null",
    )  # fmt: skip

    _external_unique = models.UniqueIndex(
        "(return_id, external_id)", "An exchange line of a return is known once."
    )
