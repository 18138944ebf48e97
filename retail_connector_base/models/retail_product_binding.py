from odoo import api, fields, models


class RetailProductBinding(models.Model):
    """A variant of a channel and the product it is in Odoo."""

    _name = "retail.product.binding"
    _description = "Retail Product Binding"
    _inherit = ["retail.binding"]

    _canonical_kind = "product"
    _person_writes = frozenset({"stock_buffer", "has_stock_buffer"})

    odoo_id = fields.Many2one(
        "product.product", string="Product", required=True, index=True, ondelete="restrict"
    )
    title = fields.Char(readonly=True, help="The variant's name in the channel.")
    sku = fields.Char(string="SKU", readonly=True, index="btree_not_null")
    barcode = fields.Char(readonly=True)
    product_external_id = fields.Char(
        string="Channel's Product", readonly=True, help="The product that the variant belongs to."
    )
    inventory_item_external_id = fields.Char(
        string="Channel's Stock Item", readonly=True, index="btree_not_null"
    )
    stock_buffer = fields.Integer(help="Units of this product that the channel is never offered.")
    has_stock_buffer = fields.Boolean(
        string="Own Buffer", help="This product's buffer replaces the backend's, 0 included."
    )
    stock_state_ids = fields.One2many("retail.stock.state", "binding_id", string="Stock")

    _buffer_positive = models.Constraint(
        "CHECK (stock_buffer >= 0)", "A buffer is kept back: it cannot be negative."
    )

    @api.depends("title", "sku", "external_id")
    def _compute_display_name(self):
        for binding in self:
            binding.display_name = binding.title or binding.sku or binding.external_id

    def _buffer(self):
        """Return the units that are kept back from the channel."""
        self.ensure_one()
        return self.stock_buffer if self.has_stock_buffer else self.backend_id.stock_buffer

    @api.model_create_multi
    def create(self, vals_list):
        """Override: a channel is told of what it begins to show."""
        bindings = super().create(vals_list)
        bindings._note_stock()
        return bindings

    def write(self, vals):
        """Override: another product, or another buffer, is another quantity."""
        result = super().write(vals)
        if not {"odoo_id", "stock_buffer", "has_stock_buffer"}.isdisjoint(vals):
            self._note_stock()
        return result

    def _note_stock(self):
        self.env["retail.change"]._note("stock_level", self.odoo_id.ids)
