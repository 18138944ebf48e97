from odoo import api, fields, models


class RetailChannelSale(models.Model):
    """Units that a channel sold and Odoo imported since the stock projection looked last.

    A ledger of differences, consumed in the snapshot in which availability is computed: the two
    agree exactly about which sales are in Odoo. Negative for what an edit or a cancellation took
    back.
    """

    _name = "retail.channel.sale"
    _description = "Retail Channel Sale"
    _order = "id"
    _log_access = False
    _rec_name = "product_id"

    backend_id = fields.Many2one("retail.backend", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="backend_id.company_id")
    product_id = fields.Many2one("product.product", required=True, ondelete="cascade")
    warehouse_id = fields.Many2one("stock.warehouse", ondelete="cascade")
    quantity = fields.Float(digits=0, required=True)

    _product_index = models.Index("(backend_id, product_id)")

    @api.model
    def _note(self, entries):
        """Note (line binding, difference in units) that were imported just now."""
        publishing = set(self.env["retail.change"]._backends_of("stock_level"))
        rows = [
            {
                "backend_id": line.backend_id.id,
                "product_id": line.imported_product_id.id,
                "warehouse_id": line.order_binding_id.odoo_id.warehouse_id.id,
                "quantity": quantity,
            }
            for line, quantity in entries
            if quantity
            and line.part == "line"
            and line.imported_product_id.is_storable
            and line.backend_id.id in publishing
        ]
        self.sudo().create(rows)
        return rows

    @api.model
    def _give_back(self, order_bindings):
        """Note that orders were cancelled: the channel takes their units back."""
        lines = order_bindings.line_ids
        self._note([(line, -line.imported_quantity) for line in lines])

    @api.model
    def _take(self, backend_id, product_ids):
        """Delete and return sums by (product, warehouse); of all products for ``None``."""
        self.env.cr.execute(
            """
            WITH taken AS (
                DELETE FROM retail_channel_sale
                 WHERE backend_id = %s AND (%s::int[] IS NULL OR product_id = ANY(%s::int[]))
             RETURNING product_id, warehouse_id, quantity)
            SELECT product_id, warehouse_id, sum(quantity) FROM taken GROUP BY 1, 2
            """,
            [backend_id, product_ids, product_ids],
        )
        return self.env.cr.fetchall()
