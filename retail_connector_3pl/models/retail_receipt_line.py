from odoo import api, fields, models

from odoo.addons.retail_connector_base.canonical import Condition


class RetailReceiptLine(models.Model):
    """Units of one item, condition and lot that a receipt tells of, and how many have moved.

    ``key`` names the line within its receipt, the same in every version.
    """

    _name = "retail.receipt.line"
    _description = "Line of a Receipt"
    _order = "receipt_id, id"
    _rec_name = "key"

    receipt_id = fields.Many2one(
        "retail.receipt", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="receipt_id.company_id", store=True)
    key = fields.Char(required=True, readonly=True)
    reference = fields.Char(readonly=True, help="Our reference of the announced line.")
    sku = fields.Char(string="SKU", readonly=True)
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, index=True, ondelete="restrict"
    )
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    condition = fields.Selection(
        [(one.value, one.value.replace("_", " ").title()) for one in Condition],
        required=True,
        readonly=True,
    )
    lot_name = fields.Char(string="Lot or Serial Number", readonly=True)
    expires_on = fields.Date(string="Expires", readonly=True)
    told = fields.Char(readonly=True, help="Quantity and unit as the warehouse wrote them.")
    quantity = fields.Float(digits="Product Unit", readonly=True, string="Came")
    binding_ids = fields.One2many("retail.move.binding", "receipt_line_id", readonly=True)
    moved_quantity = fields.Float(
        digits="Product Unit", compute="_compute_moved_quantity", store=True, string="Moved"
    )

    _once = models.UniqueIndex("(receipt_id, key)", "A receipt names each of its lines once.")

    @api.depends("binding_ids.quantity")
    def _compute_moved_quantity(self):
        for line in self:
            line.moved_quantity = sum(line.binding_ids.mapped("quantity"))

    def _difference(self):
        """Return the units that came and have not moved; below zero where too many moved."""
        unit = self.product_id.uom_id
        difference = self.quantity - self.moved_quantity
        return 0.0 if unit.is_zero(difference) else unit.round(difference)

    def _value(self, quantity=None):
        """Return what units are worth at cost, in the company's currency."""
        cost = self.product_id.with_company(self.company_id).standard_price
        return (self.quantity if quantity is None else quantity) * cost
