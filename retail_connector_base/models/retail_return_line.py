from odoo import fields, models


class RetailReturnLine(models.Model):
    """Units of an order line that may come back, and how many did. In the product's unit.

    A line without ``quantity`` came without being authorised.
    """

    _name = "retail.return.line"
    _description = "Line of a Return"
    _order = "return_id, id"
    _check_company_auto = True

    return_id = fields.Many2one(
        "retail.return", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="return_id.company_id", store=True)
    sale_line_id = fields.Many2one(
        "sale.order.line", string="Order Line", readonly=True, index="btree_not_null",
        ondelete="set null",
    )  # fmt: skip
    product_id = fields.Many2one("product.product", readonly=True, ondelete="restrict")
    sku = fields.Char(string="SKU", readonly=True, help="As it was told.")
    description = fields.Char(compute="_compute_description")
    reason = fields.Char(readonly=True)
    quantity = fields.Float(
        string="Authorised", digits="Product Unit", readonly=True, help="What may come back."
    )
    manual_quantity = fields.Float(
        digits="Product Unit", readonly=True, help="What a person of ours authorised."
    )
    received_quantity = fields.Float(string="Received", digits="Product Unit", readonly=True)
    moved_quantity = fields.Float(string="In Stock Moves", digits="Product Unit", readonly=True)
    disposed_quantity = fields.Float(string="Decided", digits="Product Unit", readonly=True)
    wrong_quantity = fields.Float(string="Not What Was Sold", digits="Product Unit", readonly=True)
    asked_quantity = fields.Float(
        string="Refunded", digits="Product Unit", readonly=True,
        help="For which money went back, or was asked for.",
    )  # fmt: skip
    goods_ids = fields.One2many("retail.return.goods", "line_id", string="What Came")

    def _compute_description(self):
        for line in self:
            line.description = line.product_id.display_name or line.sku or "?"

    def _compute_display_name(self):
        for line in self:
            line.display_name = line.description
