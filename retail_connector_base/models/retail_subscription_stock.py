from odoo import api, fields, models

UPSERT = """
    INSERT INTO retail_subscription_stock
           (subscription_id, company_id, warehouse_id, product_id, quantity)
    SELECT told.* FROM unnest(%s::int[], %s::int[], %s::int[], %s::int[], %s::numeric[])
                       AS told (subscription_id, company_id, warehouse_id, product_id, quantity)
        ON CONFLICT (subscription_id, warehouse_id, product_id)
        DO UPDATE SET quantity = excluded.quantity
"""


class RetailSubscriptionStock(models.Model):
    """What a subscription was told last of a product in a warehouse; only changes are told."""

    _name = "retail.subscription.stock"
    _description = "Retail Subscription: Stock Told"
    _log_access = False
    _rec_name = "product_id"

    subscription_id = fields.Many2one(
        "retail.subscription", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse", required=True, readonly=True, ondelete="cascade", index=True
    )
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, ondelete="cascade", index=True
    )
    quantity = fields.Float(digits=0, readonly=True)

    _told_unique = models.UniqueIndex(
        "(subscription_id, warehouse_id, product_id)", "A quantity is told once."
    )

    @api.model
    def _told(self, subscription_ids, product_ids):
        """Return what was told by (subscription, warehouse, product), as ids."""
        self.env.cr.execute(
            "SELECT subscription_id, warehouse_id, product_id, quantity "
            "FROM retail_subscription_stock "
            "WHERE subscription_id = ANY(%s) AND product_id = ANY(%s)",
            [list(subscription_ids), list(product_ids)],
        )
        return {tuple(row[:3]): row[3] for row in self.env.cr.fetchall()}

    @api.model
    def _keep(self, rows):
        """Note what is told now; rows as the columns of the table."""
        if rows:
            self.env.cr.execute(UPSERT, [list(column) for column in zip(*rows, strict=True)])
