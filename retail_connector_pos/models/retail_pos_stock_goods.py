from odoo import api, fields, models


class RetailPosStockGoods(models.Model):
    """Units that left a store with a ticket and that Odoo's stock still has.

    They cannot be sold again: availability is told without them. In units of the product, with kits
    as their parts.
    """

    _name = "retail.pos.stock.goods"
    _description = "Retail Connector: goods that left and have not moved"
    _order = "id"
    _log_access = False
    _rec_name = "product_id"

    request_id = fields.Many2one(
        "retail.pos.stock.request", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="request_id.company_id")
    location_id = fields.Many2one("stock.location", required=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", required=True, ondelete="cascade")
    quantity = fields.Float(digits=0, required=True)
    since = fields.Datetime(required=True)

    _product_index = models.Index("(product_id, location_id)")

    @api.model
    def _write_gone(self, rows):
        """Write (request id, location id, product id, units) in one statement."""
        if rows:
            self.env.cr.execute(
                """
                INSERT INTO retail_pos_stock_goods
                       (request_id, location_id, product_id, quantity, since)
                SELECT gone.*, now() AT TIME ZONE 'UTC'
                  FROM unnest(%s::int[], %s::int[], %s::int[], %s::float[]) AS gone
                """,
                list(map(list, zip(*rows, strict=True))),
            )
