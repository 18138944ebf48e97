from odoo import api, models

# What of a product its registers are told.
FEED_FIELDS = {
    "name",
    "default_code",
    "barcode",
    "product_uom_ids",
    "uom_id",
    "list_price",
    "lst_price",
    "standard_price",
    "taxes_id",
    "categ_id",
    "product_tag_ids",
    "active",
    "sale_ok",
    "available_in_pos",
    "is_storable",
}
STORE_FIELDS = {"odoo_id", "pricelist_id", "active", "tz"}


class RetailChange(models.Model):
    """Which changes bear upon what registers are told."""

    _inherit = "retail.change"

    @api.model
    def _bearing(self):
        """Override: add what registers are told."""
        return {**super()._bearing(), "pos_item": FEED_FIELDS}

    @api.model
    def _priced_kinds(self):
        """Override: registers are told prices."""
        return (*super()._priced_kinds(), "pos_item")

    @api.model
    def _stock_kinds(self):
        """Override: registers are told what their store can sell."""
        return (*super()._stock_kinds(), "pos_item")


class RetailProjection(models.AbstractModel):
    """The feed is published as other states are."""

    _inherit = "retail.projection"

    @api.model
    def _models(self):
        """Override: add the feed."""
        return {**super()._models(), "pos_item": "retail.projection.pos.item"}


class RetailPosStore(models.Model):
    """A store that is set up otherwise is told everything anew."""

    _inherit = "retail.pos.store"

    def write(self, vals):
        """Override: compare the feed where it differs."""
        result = super().write(vals)
        if STORE_FIELDS & vals.keys():
            self.backend_id._compare_all("pos_item")
        return result
