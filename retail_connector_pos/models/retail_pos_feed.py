from odoo import fields, models


class RetailPosFeed(models.Model):
    """What a store's registers should know of one product, and what they were told last.

    ``revision`` grows with every change within a backend, in order of commit: one projection at a
    time writes these rows. Rows stay when a product is sold no more, so that it can be told.
    """

    _name = "retail.pos.feed"
    _description = "Retail Register Feed"
    _inherit = ["retail.projection.state"]
    _order = "backend_id, revision, id"
    _rec_name = "title"

    store_id = fields.Many2one(
        "retail.pos.store", required=True, readonly=True, ondelete="cascade", index=True
    )
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, ondelete="cascade", index=True
    )
    revision = fields.Integer(readonly=True)
    content = fields.Json(readonly=True, help="Texts, price, taxes and promotions.")
    content_hash = fields.Char(readonly=True)
    counted = fields.Boolean(readonly=True, help="Whether units of it are counted.")
    available = fields.Integer(readonly=True)
    sold = fields.Boolean(string="Sold Here", readonly=True)
    title = fields.Char(compute="_compute_shown")
    sku = fields.Char(string="SKU", compute="_compute_shown")
    price = fields.Char(compute="_compute_shown")

    acknowledged_revision = fields.Integer(readonly=True, help="What the registers were told.")
    attempted_revision = fields.Integer(readonly=True)
    attempted = fields.Json(readonly=True, help="What is being sent, the same each time.")

    _product_unique = models.UniqueIndex(
        "(store_id, product_id)", "A store has one row per product."
    )
    _revision_index = models.Index("(backend_id, revision)")

    def _compute_shown(self):
        for row in self:
            content = row.content or {}
            row.title, row.sku = content.get("title"), content.get("sku")
            taxes = self.env._("with tax") if content.get("taxes_included") else ""
            row.price = " ".join(
                filter(None, (content.get("price"), content.get("currency"), taxes))
            )

    def _value(self):
        """Return all that is told of a row, as it is sent."""
        self.ensure_one()
        return {
            **(self.content or {}),
            "store": self.store_id.external_id,
            "reference": str(self.product_id.id),
            "available": str(self.available) if self.counted else None,
            "active": self.sold,
        }
